// Who is asking: the API token of a request (spec: api.md 1.2 A), or its session. May wait for the ledger.
#pragma once

#include <string>

#include "access/access.hpp"
#include "base/result.hpp"
#include "engine/engine.hpp"
#include "wire/http.hpp"

namespace tocsin::api {

/// Who asks, and for a session what proves that a page of this server does.
struct Caller {
  access::Principal principal;
  std::string csrf_token;  ///< empty when an API token was shown
};

/// The caller of a request: the raw token in `Authorization`, without a scheme; without one the session of the cookie.
/// Notes the use of either, at most once a minute. Errors: unauthenticated, in the API's words; so for a session that
/// wants to change something and does not send its CSRF token.
base::Result<Caller> authenticate(engine::Engine& engine, const wire::Request& request);

}  // namespace tocsin::api
