// Trying an integration out: a demo alert that goes all the way, a preview that stores nothing.
#include <future>

#include "api/answer.hpp"
#include "api/appearance.hpp"
#include "api/fields.hpp"
#include "api/integration_handlers.hpp"
#include "api/integration_view.hpp"

namespace tocsin::api {
namespace {

using value::Value;
using Payload = std::shared_ptr<const value::Document>;

/// `payload` of the body, else the type's example; nothing when there is neither.
std::optional<Payload> payload_of(const Fields& fields, const catalog::Type& type) {
  const Value* given = fields.find("payload");
  if (given != nullptr && !given->is_none()) {
    value::Arena arena;
    const Value copy = value::deep_copy(arena, *given);
    return std::make_shared<const value::Document>(std::move(arena), copy);
  }
  auto example = value::read_json(type.example);
  if (!example) return std::nullopt;
  return std::make_shared<const value::Document>(std::move(*example));
}

wire::Response no_payload() {
  return refusal({base::ErrorKind::invalid, "This type has no example: give a payload.", "payload"});
}

Value ids_of(Call& call, const std::vector<std::string>& ids) {
  std::vector<Value> items;
  items.reserve(ids.size());
  for (const std::string& id : ids) items.push_back(Value::copied(call.arena, id));
  return list_of(call.arena, items);
}

wire::Response receipt(Call& call, const engine::Accepted& accepted) {
  std::vector<std::string> alerts, groups;
  for (const model::AlertId& id : accepted.alerts) alerts.push_back(id.text());
  for (const model::AlertGroupId& id : accepted.groups) groups.push_back(id.text());
  Object object(call.arena);
  return ok(object.set("alert_ids", ids_of(call, alerts)).set("alert_group_ids", ids_of(call, groups)));
}

std::string_view signal_of(const model::Reading& reading) {
  return reading.resolve ? "resolve" : reading.acknowledge ? "acknowledge" : "fire";
}

Value show_reading(Call& call, const interpret::Settings& settings, const model::Reading& reading) {
  const auto payload = value::read_json(call.arena, reading.payload);
  const auto trace = value::read_json(call.arena, reading.trace);
  interpret::GroupFacts facts;
  facts.source_link = reading.source_link;
  Object labels(call.arena);
  for (const auto& [key, text] : reading.labels) labels.set(call.arena.copy(key), text);
  Object object(call.arena);
  object.set("title", reading.title)
      .set("grouping_key", reading.grouping_key)
      .set("signal", signal_of(reading))
      .set("source_link", reading.source_link.empty() ? std::nullopt : std::optional(reading.source_link))
      .set("route_id", reading.route)
      .set("labels", labels)
      .set("trace", trace ? *trace : Value::none())
      .set("appearance", show_appearance(call, settings, payload ? *payload : Value::none(), facts));
  return object.value();
}

}  // namespace

wire::Response send_demo_alert(Call& call) {
  const engine::Integrations::Compiled settings = call.engine.integrations().by_id(model::IntegrationId(call.id));
  if (!settings || settings->integration().deleted_at) return not_found();
  Fields fields(call);
  if (!fields.ok()) return fields.refused();
  const std::optional<Payload> payload = payload_of(fields, settings->type());
  if (!payload) return no_payload();

  const model::Delivery delivery{settings->integration().id, *payload, call.now(), call.request.peer,
                                 model::DeliveryKind::demo};
  std::promise<base::Result<engine::Accepted>> promise;
  auto outcome = promise.get_future();
  call.engine.intake().take(settings, delivery, call.bench,
                            [&](base::Result<engine::Accepted> accepted) { promise.set_value(std::move(accepted)); });
  const base::Result<engine::Accepted> accepted = outcome.get();
  return accepted ? receipt(call, *accepted) : refusal(accepted.error());
}

wire::Response preview(Call& call) {
  const std::optional<change::Standing> standing = find_integration(call);
  if (!standing) return not_found();
  const catalog::Type* type = call.engine.catalog().find(standing->integration.type);
  if (type == nullptr) return not_found();
  Fields fields(call);
  change::IntegrationChange change;
  if (auto refused = read_templates(fields, change)) return std::move(*refused);
  if (!fields.ok()) return fields.refused();
  const std::optional<Payload> payload = payload_of(fields, *type);
  if (!payload) return no_payload();

  model::Integration integration = standing->integration;
  for (const auto& [field, text] : change.templates) {
    // A text that does not compile is shown with its error, as it would be on an alert.
    if (text) {
      integration.templates[field] = *text;
    } else {
      integration.templates.erase(field);
    }
  }
  const auto settings =
      interpret::Settings::compile(integration, standing->routes, *type, call.engine.integrations().budget());
  const model::Delivery delivery{integration.id, *payload, call.now(), call.request.peer, model::DeliveryKind::posted};
  std::vector<Value> readings;
  for (const model::Reading& reading : interpret::interpret(*settings, delivery, "preview", call.bench)) {
    readings.push_back(show_reading(call, *settings, reading));
  }
  Object object(call.arena);
  return ok(object.set("alerts", list_of(call.arena, readings)));
}

}  // namespace tocsin::api
