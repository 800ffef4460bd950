#include "api/public_api.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "api/answer.hpp"
#include "api/cookie.hpp"
#include "api/ingest_body.hpp"
#include "base/log.hpp"
#include "base/metric.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::string_view root = "/api/v1/";
/// A page asks for many things at once, and again with every news.
constexpr std::size_t session_share = 10;
/// Callers whose requests are counted, before those that fell silent are forgotten.
constexpr std::size_t most_windows = 10'000;

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
    for (const char* fits : {"*/*", "application/*", "application/json", "text/html", "text/event-stream"}) {
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

wire::Response not_allowed(std::string_view method, std::string allowed) {
  wire::Response response = detail(405, "Method \"" + std::string(method) + "\" not allowed.");
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

/// What a browser was shown as somebody must not be shown to the next one at it.
void keep_out_of_caches(wire::Response& response) {
  for (const auto& [name, text] : response.headers) {
    if (name == "Cache-Control") return;
  }
  response.headers.emplace_back("Cache-Control", "no-store");
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
    : engine_(engine),
      options_(options),
      router_(all_endpoints()),
      token_window_(watch::Window::of(options.api_rate)),
      session_window_{token_window_.most * session_share, token_window_.length} {}

bool PublicApi::wants(std::string_view path) {
  return path.starts_with(root);
}

Reply PublicApi::answer(const wire::Request& request, interpret::Bench& bench) {
  Reply reply;
  try {
    reply = negotiate(request, bench);
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "a request to the API failed",
              {{"request", request.id}, {"reason", failure.what()}});
    reply = {detail(500, "The server failed on this request; its log knows more.")};
  }
  count(reply.response.status);
  return reply;
}

Reply PublicApi::negotiate(const wire::Request& request, interpret::Bench& bench) {
  const Match match = router_.find(request.method, below_root(without_prefix(request.path, options_.path_prefix)));
  if (match.allowed.empty()) return {not_found()};
  if (!accepts_json(request.header("accept"))) return {detail(406, "Could not satisfy the request Accept header.")};
  if (match.endpoint != nullptr && match.endpoint->access == Endpoint::Access::open) {
    return call(match, Caller{}, request, bench);
  }
  const base::Result<Caller> caller = authenticate(engine_, request);
  if (match.endpoint != nullptr && match.endpoint->access == Endpoint::Access::session) {
    const bool has_session = caller ? !caller->principal.session.empty() : !session_secret(request).empty();
    if (!has_session) return {detail(403, "Not signed in.")};
  }
  return caller ? answer_to(match, *caller, request, bench) : Reply{refusal(caller.error())};
}

Reply PublicApi::answer_to(const Match& match, const Caller& caller, const wire::Request& request,
                           interpret::Bench& bench) {
  if (match.endpoint != nullptr && !access::may(caller.principal, match.endpoint->permission)) {
    return {detail(403, "You do not have permission to perform this action.")};
  }
  const watch::Admission admission = admit(caller.principal);
  if (!admission.admitted) return {throttled(admission.retry_after)};
  if (request.method == "OPTIONS") return {wire::Response{200, "", "", {{"Allow", match.allowed}}}};
  if (match.endpoint == nullptr) return {not_allowed(request.method, match.allowed)};
  return call(match, caller, request, bench);
}

Reply PublicApi::call(const Match& match, const Caller& caller, const wire::Request& request, interpret::Bench& bench) {
  base::Result<std::shared_ptr<const value::Document>> body = body_of(request);
  if (!body) return {refusal(body.error())};
  Call call{engine_,
            options_,
            bench,
            request,
            below_root(without_prefix(request.path, options_.path_prefix)),
            match.id,
            Query(request.query),
            caller.principal,
            caller.csrf_token,
            gate_,
            std::move(*body),
            value::Arena()};
  wire::Response response = match.endpoint->handle(call);
  if (!caller.principal.session.empty()) keep_out_of_caches(response);
  return {std::move(response), std::move(call.stream)};
}

watch::Admission PublicApi::admit(const access::Principal& principal) {
  const clock::Instant now = engine_.clock().now();
  const bool is_token = principal.session.empty();
  const std::string& key = is_token ? principal.user.text() : principal.session.text();
  const std::lock_guard lock(mutex_);
  // Sessions end and others begin: what is no longer needed of them goes.
  if (admitted_.size() > most_windows) {
    std::erase_if(admitted_, [&](const auto& each) { return each.second.back() + token_window_.length <= now; });
  }
  return watch::admit(admitted_[key], is_token ? token_window_ : session_window_, now);
}

}  // namespace tocsin::api
