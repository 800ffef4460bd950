// status: how the server fares, for its admins.
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "base/log.hpp"

namespace tocsin::api {
namespace {

Object ledger_status(Call& call) {
  return Object(call.arena).set("bytes", static_cast<std::int64_t>(call.ledger().size_in_bytes()));
}

Object queue_status(Call& call) {
  const auto next = store::read(call.ledger(), [](const store::Reader& reader) { return reader.next_due(); });
  Object object(call.arena);
  // This request is work under way, too.
  const std::size_t work = call.engine.workers().pending();
  object.set("ledger", call.ledger().pending()).set("work", work > 0 ? work - 1 : 0).set("next_job_at", next);
  return object;
}

Object rate_status(Call& call) {
  const engine::AlertRate rate = call.engine.pulse().all(call.now());
  const engine::IntegrationCounts counts = call.engine.integrations().total_counts();
  Object object(call.arena);
  object.set("alerts_last_minute", rate.last_minute)
      .set("alerts_last_hour", rate.last_hour)
      .set("accepted", counts.accepted)
      .set("refused_rate", counts.refused_rate)
      .set("bad_requests", counts.bad_requests)
      .set("template_errors", counts.template_errors);
  return object;
}

value::Value problems(Call& call) {
  std::vector<value::Value> shown;
  for (const base::Problem& problem : base::recent_problems()) {
    Object object(call.arena);
    object.set("at", problem.at).set("level", problem.level).set("text", problem.text);
    shown.push_back(object.value());
  }
  return list_of(call.arena, shown);
}

wire::Response get_status(Call& call) {
  const clock::Instant started = call.engine.started_at();
  Object object(call.arena);
  object.set("version", call.options.version)
      .set("started_at", started)
      .set("uptime_seconds", (call.now() - started).count() / 1'000'000)
      .set("ledger", ledger_status(call))
      .set("queues", queue_status(call))
      .set("rates", rate_status(call))
      .set("live_clients", call.engine.feed().watchers())
      .set("problems", problems(call));
  return ok(object);
}

constexpr Endpoint table[] = {
    {.method = "GET",
     .pattern = "status",
     .permission = access::Permission::administration,
     .handle = get_status,
     .summary = "How the server fares: version, uptime, size of the ledger, queues, rates, the newest warnings and "
                "errors of its log",
     .origin = Endpoint::Origin::addition,
     .response_schema = "Status"},
};

}  // namespace

std::span<const Endpoint> status_endpoints() {
  return table;
}

}  // namespace tocsin::api
