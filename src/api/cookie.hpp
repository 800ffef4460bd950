// The cookie of a session (RFC 6265).
#pragma once

#include <string>
#include <string_view>

#include "clock/clock.hpp"
#include "wire/http.hpp"

namespace tocsin::api {

struct ApiOptions;

/// The secret in the request's session cookie; empty when it has none.
std::string_view session_secret(const wire::Request& request);

/// A value of Set-Cookie that gives the browser the cookie, for so long: out of the reach of scripts, not sent along by
/// other sites, and over TLS only where the server is reached by it.
std::string session_cookie(const wire::Request& request, const ApiOptions& options, std::string_view secret,
                           clock::Duration length);
/// One that takes it away.
std::string ended_session_cookie(const wire::Request& request, const ApiOptions& options);

}  // namespace tocsin::api
