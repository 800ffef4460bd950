// Everything the server answers over HTTP: the public API (/api/v1/), the URLs that monitoring systems post to
// (/integrations/v1/), health and metrics. Request in, Response out.
#pragma once

#include <memory>
#include <string>

#include "engine/engine.hpp"
#include "watch/rate_limit.hpp"
#include "wire/http.hpp"

namespace tocsin::api {

struct ApiOptions {
  std::string public_url;   ///< `https://tocsin.example.org/oncall`, without a slash at the end
  std::string path_prefix;  ///< the path part of `public_url` (`/oncall`); requests come with or without it
  std::string version;
  watch::Rate ingest_rate;       ///< alerts, per integration
  watch::Rate api_rate{5, 300};  ///< requests to /api/v1/, per user (spec: api.md 1.4)
  bool bench_endpoint = false;   ///< POST /bench/empty reads the body and answers "Ok."
};

class Api {
 public:
  Api(engine::Engine& engine, const ApiOptions& options);
  ~Api();

  /// A wire::Handler: never blocks; work goes to the engine's workers.
  void handle(wire::Request request, wire::Responder responder);

  /// After this, /ready answers 503, so that load balancers look elsewhere.
  void begin_shutdown();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tocsin::api
