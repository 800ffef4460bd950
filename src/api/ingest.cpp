#include "api/ingest.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "api/ingest_body.hpp"
#include "api/ingest_page.hpp"
#include "base/log.hpp"
#include "base/metric.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::string_view root = "/integrations/v1/";
constexpr std::string_view allowed_methods = "GET, HEAD, POST, OPTIONS";
constexpr std::size_t receipt_limit = 100;
constexpr std::size_t brief_body = 16 * 1024;  ///< read where it arrives; a larger one takes a worker

/// `<type>/<token>` of a path, without a trailing slash.
struct Address {
  std::string type;
  std::string token;
};

std::optional<Address> address_of(std::string_view path) {
  path.remove_prefix(root.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size()) return std::nullopt;
  if (path.find('/', slash + 1) != std::string_view::npos) return std::nullopt;
  return Address{std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

/// A request and the way to answer it, moved from thread to thread.
struct Exchange {
  wire::Request request;
  wire::Responder responder;
  Address address;

  void answer(wire::Response response) { std::move(responder).send(std::move(response)); }
};
using Shared = std::shared_ptr<Exchange>;

base::Counter& outcome(const char* name) {
  static std::map<std::string, base::Counter> counters = [] {
    std::map<std::string, base::Counter> made;
    for (const char* each : {"accepted", "bad_request", "unknown_token", "rate_limited", "unavailable", "page"}) {
      made.emplace(each, base::Counter("tocsin_ingest_requests_total", "Requests to integration URLs by outcome",
                                       {{"outcome", each}}));
    }
    return made;
  }();
  return counters.at(name);
}

base::Counter& alerts_stored() {
  static base::Counter counter("tocsin_ingest_alerts_total", "Alerts committed");
  return counter;
}

wire::Response json(int status, std::string body) {
  return {status, "application/json", std::move(body), {}};
}

wire::Response detail(int status, std::string_view text) {
  return json(status, "{\"detail\":" + base::json_quoted(text) + "}");
}

wire::Response not_allowed(const std::string& method) {
  wire::Response response = detail(405, "Method \"" + method + "\" not allowed.");
  response.headers.emplace_back("Allow", allowed_methods);
  return response;
}

wire::Response unknown_token() {
  outcome("unknown_token").add();
  return {403, "text/plain; charset=utf-8", "Integration key was not found. Permission denied.", {}};
}

wire::Response busy(std::string_view why) {
  outcome("unavailable").add();
  wire::Response response = detail(503, why);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

wire::Response limited(const model::Integration& integration, clock::Duration wait) {
  outcome("rate_limited").add();
  const auto seconds = std::max<std::int64_t>(1, (wait.count() + 999'999) / 1'000'000);
  wire::Response response =
      detail(429, "Alerts for the integration " + integration.name + " come faster than its limit. Try again in " +
                      std::to_string(seconds) + (seconds == 1 ? " second." : " seconds."));
  response.headers.emplace_back("Retry-After", std::to_string(seconds));
  return response;
}

wire::Response page(const interpret::Settings& settings) {
  outcome("page").add();
  return {200,
          "text/html; charset=utf-8",
          ingest_page(settings.integration(), settings.type()),
          {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
           {"Referrer-Policy", "no-referrer"},
           {"Cache-Control", "no-store"},
           {"X-Content-Type-Options", "nosniff"}}};
}

wire::Response receipt(const engine::Accepted& accepted) {
  outcome("accepted").add();
  alerts_stored().add(static_cast<double>(accepted.alerts.size()));
  wire::Response response = json(200, "\"Ok.\"");
  if (accepted.alerts.empty()) return response;
  std::string ids;
  for (std::size_t i = 0; i < std::min(accepted.alerts.size(), receipt_limit); ++i) {
    if (i > 0) ids += ',';
    ids += accepted.alerts[i].text();
  }
  response.headers.emplace_back("X-Tocsin-Receipt", std::move(ids));
  if (accepted.alerts.size() > receipt_limit) {
    response.headers.emplace_back("X-Tocsin-Receipt-Count", std::to_string(accepted.alerts.size()));
  }
  return response;
}

bool slug_fits(std::string_view slug, std::string_view type) {
  return slug == type || slug == catalog::shown_slug(type);
}

/// Alerts in the body, as the limiter counts them.
double cost_of(const interpret::Settings& settings, value::Value root) {
  const catalog::Format format = settings.type().format;
  if (format != catalog::Format::alertmanager_each && format != catalog::Format::grafana) return 1;
  const value::Value* alerts = root.is_dict() ? root.find("alerts") : nullptr;
  if (alerts == nullptr || !alerts->is_list()) return 1;
  return std::max<double>(1, alerts->as_list()->size);
}

void submit(engine::Workers& workers, const Shared& exchange, engine::Work work) {
  if (!workers.submit(std::move(work))) exchange->answer(busy("The server is busy: send the alert again."));
}

enum class Thread { io, worker };

/// Handles one exchange: on a worker, or on the io thread that read it. There, what takes long or may wait for the
/// ledger (settings that are not in use yet, unknown tokens) goes to a worker.
class Reception {
 public:
  Reception(engine::Engine& engine, const ApiOptions& options, interpret::Bench& bench, Thread here)
      : engine_(engine), options_(options), bench_(bench), here_(here) {}

  void handle(const Shared& exchange) {
    const std::string& method = exchange->request.method;
    const std::string token = engine_.token_digester().digest(exchange->address.token);
    engine::Integrations& integrations = engine_.integrations();
    const auto settings = here_ == Thread::io ? integrations.known_by_token(token) : integrations.by_token(token);
    if (!settings && here_ == Thread::io) return on_a_worker(engine_, options_, exchange);
    if (!settings || settings->integration().deleted_at) return exchange->answer(unknown_token());
    if (method == "GET" || method == "HEAD") return exchange->answer(page(*settings));
    receive(exchange, settings);
  }

  static void on_a_worker(engine::Engine& engine, const ApiOptions& options, const Shared& exchange) {
    submit(engine.workers(), exchange, [&engine, &options, exchange](interpret::Bench& bench) {
      Reception(engine, options, bench, Thread::worker).handle(exchange);
    });
  }

 private:
  void receive(const Shared& exchange, const engine::Integrations::Compiled& settings) {
    const model::Integration& integration = settings->integration();
    const clock::Instant now = engine_.clock().now();
    if (!slug_fits(exchange->address.type, integration.type))
      return refuse(exchange, integration, wrong_type(integration));

    auto body = read_body(exchange->request.body, exchange->request.header("content-type"));
    const double cost = body ? cost_of(*settings, (*body)->root()) : 1;
    const watch::Admission admission = engine_.integrations().admit(*settings, options_.ingest_rate, cost, now);
    if (!admission.admitted) return limit(exchange, integration, admission.retry_after, now);
    if (!body) return refuse(exchange, integration, body.error().message);

    take(exchange, settings,
         {integration.id, std::move(*body), now, exchange->request.peer, model::DeliveryKind::posted});
  }

  void take(const Shared& exchange, const engine::Integrations::Compiled& settings, const model::Delivery& delivery) {
    engine::Integrations& integrations = engine_.integrations();
    const auto answer = [exchange, id = delivery.integration, now = delivery.received_at,
                         &integrations](const base::Result<engine::Accepted>& accepted) {
      if (!accepted) return exchange->answer(busy(accepted.error().message));
      integrations.count(id, [&](engine::IntegrationCounts& counts) {
        ++counts.accepted;
        counts.last_alert_at = now;
      });
      exchange->answer(receipt(*accepted));
    };
    engine::Intake& intake = engine_.intake();
    if (here_ == Thread::worker) return intake.take(settings, delivery, bench_, answer);
    if (intake.take_briefly(settings, delivery, bench_, answer)) return;
    submit(engine_.workers(), exchange,
           [=, &intake](interpret::Bench& bench) { intake.take(settings, delivery, bench, answer); });
  }

  static std::string wrong_type(const model::Integration& integration) {
    const std::string slug(catalog::shown_slug(integration.type));
    return "This integration is of type " + slug + ": its URL begins with " + std::string(root) + slug + "/.";
  }

  void refuse(const Shared& exchange, const model::Integration& integration, std::string_view why) {
    outcome("bad_request").add();
    base::log(base::LogLevel::info, "a request to an integration was refused",
              {{"integration", integration.id.text()}, {"peer", exchange->request.peer}, {"reason", why}});
    engine_.integrations().count(integration.id, [](engine::IntegrationCounts& counts) { ++counts.bad_requests; });
    exchange->answer(detail(400, why));
  }

  void limit(const Shared& exchange, const model::Integration& integration, clock::Duration wait, clock::Instant now) {
    engine_.integrations().count(integration.id, [&](engine::IntegrationCounts& counts) {
      ++counts.refused_rate;
      counts.last_refused_at = now;
    });
    exchange->answer(limited(integration, wait));
  }

  engine::Engine& engine_;
  const ApiOptions& options_;
  interpret::Bench& bench_;
  const Thread here_;
};

}  // namespace

Ingest::Ingest(engine::Engine& engine, const ApiOptions& options) : engine_(engine), options_(options) {}

bool Ingest::wants(std::string_view path) {
  return path.starts_with(root);
}

void Ingest::handle(wire::Request request, std::string_view path, wire::Responder responder) {
  std::optional<Address> address = address_of(path);
  const std::string method = request.method;
  if (!address) return std::move(responder).send(detail(404, "There is nothing here."));
  if (method == "OPTIONS") {
    return std::move(responder).send({200, "", "", {{"Allow", std::string(allowed_methods)}}});
  }
  if (method != "POST" && method != "GET" && method != "HEAD") return std::move(responder).send(not_allowed(method));

  auto exchange = std::make_shared<Exchange>(std::move(request), std::move(responder), std::move(*address));
  if (exchange->request.body.size() <= brief_body) {
    // Handing it to another thread would cost as much as the work itself.
    static thread_local interpret::Bench bench;
    return Reception(engine_, options_, bench, Thread::io).handle(exchange);
  }
  Reception::on_a_worker(engine_, options_, exchange);
}

}  // namespace tocsin::api
