// The URLs that monitoring systems post to: /integrations/v1/<type>/<token>, with and without trailing slash
// (spec: ingest.md 1). A 200 leaves after the alerts are committed.
#pragma once

#include <string_view>

#include "api/api.hpp"

namespace tocsin::api {

class Ingest {
 public:
  Ingest(engine::Engine& engine, const ApiOptions& options);

  /// Is it one of ours? `path` is without the public prefix.
  static bool wants(std::string_view path);
  /// Never blocks.
  void handle(wire::Request request, std::string_view path, wire::Responder responder);

 private:
  engine::Engine& engine_;
  const ApiOptions& options_;
};

}  // namespace tocsin::api
