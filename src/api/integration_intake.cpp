// What an integration takes in: its limits, its counts, how to connect.
#include "api/answer.hpp"
#include "api/fields.hpp"
#include "api/integration_handlers.hpp"
#include "api/integration_view.hpp"

namespace tocsin::api {
namespace {

/// The newest of what this process saw and what the ledger holds.
std::optional<clock::Instant> last_alert_at(Call& call, const model::IntegrationId& id,
                                            const engine::IntegrationCounts& counts) {
  if (counts.last_alert_at) return counts.last_alert_at;
  const std::optional<model::Alert> alert =
      store::read(call.ledger(), [&](const store::Reader& reader) { return reader.last_alert_of_integration(id); });
  return alert ? std::optional(alert->received_at) : std::nullopt;
}

Object show(Call& call, const model::Integration& integration) {
  const engine::IntegrationCounts counts = call.engine.integrations().counts(integration.id);
  const engine::AlertRate rate = call.engine.pulse().of(integration.id, call.now());
  Object object(call.arena);
  object.set("integration_id", integration.id)
      .set("resolves_from_source", integration.resolves_from_source)
      .set("rate_per_second", integration.rate_per_second)
      .set("rate_burst", integration.rate_burst)
      .set("effective_rate_per_second", integration.rate_per_second.value_or(call.options.ingest_rate.per_second))
      .set("effective_rate_burst", integration.rate_burst.value_or(call.options.ingest_rate.burst))
      .set("accepted", counts.accepted)
      .set("refused_rate", counts.refused_rate)
      .set("bad_requests", counts.bad_requests)
      .set("template_errors", counts.template_errors)
      .set("alerts_last_minute", rate.last_minute)
      .set("alerts_last_hour", rate.last_hour)
      .set("last_alert_at", last_alert_at(call, integration.id, counts))
      .set("last_refused_at", counts.last_refused_at);
  if (counts.last_template_error.empty()) {
    object.set("last_template_error", value::Value::none());
  } else {
    object.set("last_template_error", counts.last_template_error);
  }
  return object;
}

}  // namespace

wire::Response show_intake(Call& call) {
  const std::optional<change::Standing> standing = find_integration(call);
  return standing ? ok(show(call, standing->integration)) : not_found();
}

wire::Response change_intake(Call& call) {
  const std::optional<change::Standing> standing = find_integration(call);
  if (!standing) return not_found();
  Fields fields(call);
  change::IntegrationChange change;
  if (const auto given = fields.boolean("resolves_from_source", Null::refused)) {
    change.resolves_from_source = given->value;
  }
  if (const auto given = fields.number("rate_per_second", 0, Null::allowed)) change.rate_per_second = given->value;
  if (const auto given = fields.number("rate_burst", 0, Null::allowed)) change.rate_burst = given->value;
  if (!fields.ok()) return fields.refused();
  if (const base::Status status = change::check_integration(change); !status) return refusal(status.error());
  const auto changed = call.edits().change_integration(standing->integration.id, change, call.actor());
  return changed ? ok(show(call, changed->integration)) : refusal(changed.error());
}

wire::Response show_connect(Call& call) {
  const std::optional<change::Standing> standing = find_integration(call);
  if (!standing) return not_found();
  const catalog::Type* type = call.engine.catalog().find(standing->integration.type);
  if (type == nullptr) return not_found();
  const std::optional<std::string> link = link_of(call, standing->integration);
  constexpr std::string_view placeholder = "{{url}}";
  std::string text = type->connect;
  for (std::size_t at = text.find(placeholder); link && at != std::string::npos; at = text.find(placeholder, at)) {
    text.replace(at, placeholder.size(), *link);
    at += link->size();
  }
  Object object(call.arena);
  return ok(object.set("link", link).set("markdown", text));
}

}  // namespace tocsin::api
