// The public API, /api/v1/: negotiation, authentication, permission, rate limit, body, endpoint, in the order that
// clients know (spec: api.md 1.1). Runs on workers; any number at a time.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/api.hpp"
#include "api/authentication.hpp"
#include "api/router.hpp"
#include "api/sign_in_gate.hpp"
#include "interpret/interpret.hpp"
#include "watch/request_window.hpp"

namespace tocsin::api {

/// The path without the public prefix, when it has it.
std::string_view without_prefix(std::string_view path, std::string_view prefix);

/// An answer, and what feeds the stream that follows it, if one does.
struct Reply {
  wire::Response response;
  std::function<void(std::shared_ptr<wire::Stream>)> stream = {};
};

class PublicApi {
 public:
  PublicApi(engine::Engine& engine, const ApiOptions& options);

  /// Is it one of ours? `path` is without the public prefix.
  static bool wants(std::string_view path);
  /// The answer, made on the calling thread; it may wait for the ledger.
  Reply answer(const wire::Request& request, interpret::Bench& bench);

  const Router& router() const { return router_; }

 private:
  Reply negotiate(const wire::Request& request, interpret::Bench& bench);
  Reply answer_to(const Match& match, const Caller& caller, const wire::Request& request, interpret::Bench& bench);
  Reply call(const Match& match, const Caller& caller, const wire::Request& request, interpret::Bench& bench);
  watch::Admission admit(const access::Principal& principal);

  engine::Engine& engine_;
  const ApiOptions& options_;
  const Router router_;
  const watch::Window token_window_;
  const watch::Window session_window_;
  SignInGate gate_;
  std::mutex mutex_;
  std::unordered_map<std::string, watch::Admitted> admitted_;
};

}  // namespace tocsin::api
