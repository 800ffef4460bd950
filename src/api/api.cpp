#include "api/api.hpp"

#include <atomic>
#include <utility>

#include "api/answer.hpp"
#include "api/ingest.hpp"
#include "api/public_api.hpp"
#include "api/web_files.hpp"
#include "base/metric.hpp"

namespace tocsin::api {
namespace {

wire::Response text(int status, std::string body) {
  return {status, "text/plain; charset=utf-8", std::move(body), {}};
}

wire::Response busy() {
  wire::Response response = detail(503, "The server is busy: try again.");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

/// What stands at the root where the pages are not built in.
constexpr std::string_view welcome =
    "Tocsin is running. There are no web pages in this build: the command line (tocsin --help) and the API under\n"
    "/api/v1/ (described in /api/v1/openapi.json) show alert groups and act on them.\n";

bool is_read(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

}  // namespace

struct Api::Parts {
  Parts(engine::Engine& the_engine, const ApiOptions& the_options)
      : engine(the_engine), options(the_options), ingest(engine, options), public_api(engine, options) {}

  /// What an io thread answers by itself; nothing for the rest.
  std::optional<wire::Response> at_once(const wire::Request& request, std::string_view path) const {
    if (path.ends_with('/')) path.remove_suffix(1);
    if (options.bench_endpoint && path == "/bench/empty" && request.method == "POST") {
      return wire::Response{200, "application/json", "\"Ok.\"", {}};
    }
    const bool known = path == "/health" || path == "/ready" || path == "/metrics";
    if (!known) return std::nullopt;
    if (!is_read(request.method)) {
      wire::Response response = detail(405, "Method \"" + request.method + "\" not allowed.");
      response.headers.emplace_back("Allow", "GET, HEAD");
      return response;
    }
    if (path == "/health") return text(200, "Ok.\n");
    if (path == "/ready") return draining ? text(503, "Stopping.\n") : text(200, "Ok.\n");
    return wire::Response{200, "text/plain; version=0.0.4; charset=utf-8", base::metrics_text(), {}};
  }

  void call(wire::Request request, wire::Responder responder) {
    struct Exchange {
      wire::Request request;
      wire::Responder responder;
    };
    auto exchange = std::make_shared<Exchange>(Exchange{std::move(request), std::move(responder)});
    const bool queued = engine.workers().submit([this, exchange](interpret::Bench& bench) {
      Reply reply = public_api.answer(exchange->request, bench);
      if (!reply.stream) return std::move(exchange->responder).send(std::move(reply.response));
      reply.stream(std::move(exchange->responder).stream(std::move(reply.response)));
    });
    if (!queued) std::move(exchange->responder).send(busy());
  }

  engine::Engine& engine;
  const ApiOptions options;
  Ingest ingest;
  PublicApi public_api;
  std::atomic<bool> draining{false};
};

Api::Api(engine::Engine& engine, const ApiOptions& options) : parts_(std::make_unique<Parts>(engine, options)) {}
Api::~Api() = default;

void Api::begin_shutdown() {
  parts_->draining = true;
}

void Api::handle(wire::Request request, wire::Responder responder) {
  const std::string path(without_prefix(request.path, parts_->options.path_prefix));
  if (Ingest::wants(path)) return parts_->ingest.handle(std::move(request), path, std::move(responder));
  if (std::optional<wire::Response> response = parts_->at_once(request, path)) {
    return std::move(responder).send(std::move(*response));
  }
  if (PublicApi::wants(path)) return parts_->call(std::move(request), std::move(responder));
  auto page = web_answer(request, path, parts_->options.path_prefix, embedded_web_files());
  if (!page && is_read(request.method) && (path.empty() || path == "/")) page = text(200, std::string(welcome));
  std::move(responder).send(page ? std::move(*page) : detail(404, "There is nothing here."));
}

}  // namespace tocsin::api
