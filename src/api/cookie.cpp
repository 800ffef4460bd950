#include "api/cookie.hpp"

#include "api/api.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::string_view name = "tocsin_session";

std::string cookie_of(const wire::Request& request, const ApiOptions& options, const std::string& value_and_age) {
  const bool secure = request.secure || options.public_url.starts_with("https://");
  std::string cookie = std::string(name) + "=" + value_and_age;
  cookie += "; Path=" + (options.path_prefix.empty() ? "/" : options.path_prefix) + "; HttpOnly; SameSite=Lax";
  return secure ? cookie + "; Secure" : cookie;
}

}  // namespace

std::string_view session_secret(const wire::Request& request) {
  std::string_view rest = request.header("cookie");
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    const std::string_view pair = base::trimmed(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return {};
}

std::string session_cookie(const wire::Request& request, const ApiOptions& options, std::string_view secret,
                           clock::Duration length) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(length).count();
  return cookie_of(request, options, std::string(secret) + "; Max-Age=" + std::to_string(seconds));
}

std::string ended_session_cookie(const wire::Request& request, const ApiOptions& options) {
  return cookie_of(request, options, "; Max-Age=0");
}

}  // namespace tocsin::api
