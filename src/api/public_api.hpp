// The public API, /api/v1/: negotiation, authentication, permission, rate limit, body, endpoint, in the order that
// clients know (spec: api.md 1.1). Runs on workers; any number at a time.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/api.hpp"
#include "api/router.hpp"
#include "interpret/interpret.hpp"
#include "watch/request_window.hpp"

namespace tocsin::api {

/// The path without the public prefix, when it has it.
std::string_view without_prefix(std::string_view path, std::string_view prefix);

class PublicApi {
 public:
  PublicApi(engine::Engine& engine, const ApiOptions& options);

  /// Is it one of ours? `path` is without the public prefix.
  static bool wants(std::string_view path);
  /// The answer, made on the calling thread; it may wait for the ledger.
  wire::Response answer(const wire::Request& request, interpret::Bench& bench);

  const Router& router() const { return router_; }

 private:
  wire::Response negotiate(const wire::Request& request, interpret::Bench& bench);
  wire::Response answer_to(const Match& match, const access::Principal& principal, const wire::Request& request,
                           interpret::Bench& bench);
  wire::Response call(const Match& match, const access::Principal& principal, const wire::Request& request,
                      interpret::Bench& bench);
  watch::Admission admit(const model::UserId& user);

  engine::Engine& engine_;
  const ApiOptions& options_;
  const Router router_;
  const watch::Window window_;
  std::mutex mutex_;
  std::unordered_map<std::string, watch::Admitted> admitted_;
};

}  // namespace tocsin::api
