#include "api/public_api.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "api/answer.hpp"
#include "api/authentication.hpp"
#include "api/ingest_body.hpp"
#include "base/log.hpp"
#include "base/metric.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::string_view root = "/api/v1/";

/// The path below /api/v1/, without the slash at the end.
std::string_view below_root(std::string_view path) {
  path.remove_prefix(std::min(root.size(), path.size()));
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string media_type(std::string_view text) {
  return base::ascii_lower(base::trimmed(text.substr(0, text.find(';'))));
}

/// Every answer is JSON; a browser's text/html gets it too.
bool accepts_json(std::string_view accept) {
  if (base::trimmed(accept).empty()) return true;
  while (!accept.empty()) {
    const std::size_t comma = accept.find(',');
    const std::string type = media_type(accept.substr(0, comma));
    for (const char* fits : {"*/*", "application/*", "application/json", "text/html"}) {
      if (type == fits) return true;
    }
    accept = comma == std::string_view::npos ? std::string_view() : accept.substr(comma + 1);
  }
  return false;
}

bool reads(std::string_view type) {
  for (const char* known : {"", "application/json", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    if (type == known) return true;
  }
  return type.starts_with("application/") && type.ends_with("+json");
}

base::Result<std::shared_ptr<const value::Document>> body_of(const wire::Request& request) {
  if (base::trimmed(request.body).empty()) {
    value::Arena arena;
    value::Dict* empty = value::new_dict(arena);
    return std::make_shared<const value::Document>(std::move(arena), value::Value::dict(empty));
  }
  const std::string_view header = request.header("content-type");
  const std::string type = media_type(header);
  if (!reads(type)) {
    return base::Error{base::ErrorKind::unsupported, "Unsupported media type \"" + type + "\" in request."};
  }
  base::Result<std::shared_ptr<const value::Document>> body =
      read_body(request.body, type.empty() ? "application/json" : header);
  // `where` would make a field of the position, which the message tells already.
  if (!body) return base::Error{body.error().kind, body.error().message};
  return body;
}

wire::Response throttled(clock::Duration wait) {
  const auto seconds = std::max<std::int64_t>(1, (wait.count() + 999'999) / 1'000'000);
  const std::string text = std::to_string(seconds);
  wire::Response response =
      detail(429, "Request was throttled. Expected available in " + text + (seconds == 1 ? " second." : " seconds."));
  response.headers.emplace_back("Retry-After", text);
  response.headers.emplace_back("RateLimit-Reset", text);
  return response;
}

wire::Response not_allowed(std::string_view method, std::string allowed) {
  wire::Response response = detail(405, "Method \"" + std::string(method) + "\" not allowed.");
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

void count(int status) {
  static base::Counter counters[] = {
      {"tocsin_api_requests_total", "Requests to the public API by class of status", {{"status", "2xx"}}},
      {"tocsin_api_requests_total", "Requests to the public API by class of status", {{"status", "4xx"}}},
      {"tocsin_api_requests_total", "Requests to the public API by class of status", {{"status", "5xx"}}},
  };
  counters[status < 400 ? 0 : status < 500 ? 1 : 2].add();
}

}  // namespace

std::string_view without_prefix(std::string_view path, std::string_view prefix) {
  if (prefix.empty() || !path.starts_with(prefix)) return path;
  const std::string_view rest = path.substr(prefix.size());
  return rest.empty() || rest.starts_with('/') ? rest : path;
}

PublicApi::PublicApi(engine::Engine& engine, const ApiOptions& options)
    : engine_(engine), options_(options), router_(all_endpoints()), window_(watch::Window::of(options.api_rate)) {}

bool PublicApi::wants(std::string_view path) {
  return path.starts_with(root);
}

wire::Response PublicApi::answer(const wire::Request& request, interpret::Bench& bench) {
  wire::Response response;
  try {
    response = negotiate(request, bench);
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "a request to the API failed",
              {{"request", request.id}, {"reason", failure.what()}});
    response = detail(500, "The server failed on this request; its log knows more.");
  }
  count(response.status);
  return response;
}

wire::Response PublicApi::negotiate(const wire::Request& request, interpret::Bench& bench) {
  const Match match = router_.find(request.method, below_root(without_prefix(request.path, options_.path_prefix)));
  if (match.allowed.empty()) return not_found();
  if (!accepts_json(request.header("accept"))) return detail(406, "Could not satisfy the request Accept header.");
  if (match.endpoint != nullptr && match.endpoint->access == Endpoint::Access::open) {
    return call(match, access::Principal{}, request, bench);
  }
  const base::Result<access::Principal> principal = authenticate(engine_, request.header("authorization"));
  return principal ? answer_to(match, *principal, request, bench) : refusal(principal.error());
}

wire::Response PublicApi::answer_to(const Match& match, const access::Principal& principal,
                                    const wire::Request& request, interpret::Bench& bench) {
  if (match.endpoint != nullptr && !access::may(principal, match.endpoint->permission)) {
    return detail(403, "You do not have permission to perform this action.");
  }
  const watch::Admission admission = admit(principal.user);
  if (!admission.admitted) return throttled(admission.retry_after);
  if (request.method == "OPTIONS") return {200, "", "", {{"Allow", match.allowed}}};
  if (match.endpoint == nullptr) return not_allowed(request.method, match.allowed);
  return call(match, principal, request, bench);
}

wire::Response PublicApi::call(const Match& match, const access::Principal& principal, const wire::Request& request,
                               interpret::Bench& bench) {
  base::Result<std::shared_ptr<const value::Document>> body = body_of(request);
  if (!body) return refusal(body.error());
  Call call{engine_,
            options_,
            bench,
            request,
            below_root(without_prefix(request.path, options_.path_prefix)),
            match.id,
            Query(request.query),
            principal,
            std::move(*body),
            value::Arena()};
  return match.endpoint->handle(call);
}

watch::Admission PublicApi::admit(const model::UserId& user) {
  const clock::Instant now = engine_.clock().now();
  const std::lock_guard lock(mutex_);
  return watch::admit(admitted_[user.text()], window_, now);
}

}  // namespace tocsin::api
