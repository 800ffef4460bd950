// Templates tried while they are written: one for a field, or all of an integration at once; and the payloads that
// came last, to try them with. Nothing is stored.
#include <algorithm>

#include "api/answer.hpp"
#include "api/fields.hpp"
#include "api/group_view.hpp"
#include "api/integration_handlers.hpp"
#include "api/integration_view.hpp"
#include "api/template_error.hpp"

namespace tocsin::api {
namespace {

using value::Value;

constexpr std::string_view conditions[] = {"resolve_signal", "acknowledge_signal", "route"};

bool is_field(std::string_view name) {
  const auto fields = catalog::template_fields();
  return name == "route" || name == "label" || std::find(fields.begin(), fields.end(), name) != fields.end();
}

/// What a request is about.
struct Trial {
  model::Integration integration;
  std::vector<model::Route> routes;
  const catalog::Type* type = nullptr;
  std::optional<model::Alert> alert;
  std::shared_ptr<const value::Document> payload;
};

std::shared_ptr<const value::Document> copied(Value payload) {
  value::Arena arena;
  const Value copy = value::deep_copy(arena, payload);
  return std::make_shared<const value::Document>(std::move(arena), copy);
}

wire::Response refused(std::string_view field, std::string message) {
  return refusal({base::ErrorKind::invalid, std::move(message), std::string(field)});
}

/// Of the integration that is named, else of the alert's, else one that is plain.
std::optional<wire::Response> find_place(Call& call, Fields& fields, Trial& trial) {
  const auto alert_id = fields.reference("alert_id");
  const auto integration_id = fields.reference("integration_id");
  std::optional<change::Standing> standing;
  std::string mistake;
  call.ledger().read([&](const store::Reader& reader) {
    std::string wanted = integration_id && integration_id->value ? *integration_id->value : std::string();
    if (alert_id && alert_id->value) {
      trial.alert = reader.alert(model::AlertId(*alert_id->value));
      if (!trial.alert) return void(mistake = "alert_id");
      const auto group = reader.group(trial.alert->group);
      if (wanted.empty() && group) wanted = group->integration.text();
    }
    if (wanted.empty()) return;
    const auto integration = reader.integration(model::IntegrationId(wanted));
    if (integration && !integration->deleted_at) standing = standing_of(reader, *integration);
    if (!standing && integration_id && integration_id->value) mistake = "integration_id";
  });
  if (!mistake.empty()) return refused(mistake, "There is no such object.");
  if (standing) {
    trial.integration = standing->integration;
    trial.routes = standing->routes;
  } else {
    trial.integration.name = "Preview";
    trial.integration.type = "webhook";
  }
  trial.type = call.engine.catalog().find(trial.integration.type);
  if (trial.type == nullptr) return refused("integration_id", "The integration's type is not in the catalogue.");
  return std::nullopt;
}

/// `payload`, else the stored alert's, else the type's example.
std::optional<wire::Response> find_payload(const Fields& fields, Trial& trial) {
  const Value* given = fields.find("payload");
  if (given != nullptr && !given->is_none()) {
    trial.payload = copied(*given);
    return std::nullopt;
  }
  const std::string_view text = trial.alert ? trial.alert->payload.view() : std::string_view(trial.type->example);
  auto read = value::read_json(text, {.dialect = value::Dialect::python});
  if (!read) return refused("payload", "This type has no example: give a payload.");
  trial.payload = std::make_shared<const value::Document>(std::move(*read));
  return std::nullopt;
}

/// The alert as it would be read with the settings in question, ready to render for.
class Stage {
 public:
  Stage(Call& call, const Trial& trial)
      : call_(call),
        settings_(interpret::Settings::compile(trial.integration, trial.routes, *trial.type,
                                               call.engine.integrations().budget())) {
    const model::Delivery delivery{trial.integration.id, trial.payload, call.now(), call.request.peer,
                                   model::DeliveryKind::posted};
    auto readings = interpret::interpret(*settings_, delivery, "preview", call.bench);
    if (readings.empty()) return;
    reading_ = std::move(readings.front());
    payload_ = stored_json(call, reading_.payload);
    trace_ = stored_json(call, reading_.trace);
    Object labels(call.arena);
    for (const auto& [key, text] : reading_.labels) labels.set(call.arena.copy(key), text);
    labels_ = labels.value();
    facts_.source_link = reading_.source_link;
    facts_.title = reading_.title;
    facts_.link = call.link("/alert-groups/PREVIEW");
    facts_.number = 1;
  }

  interpret::Rendered render(std::string_view field, std::string_view text) {
    return interpret::try_template(*settings_, field, text, payload_, labels_, facts_, call_.now(), call_.bench);
  }

  const model::Reading& reading() const { return reading_; }
  Value trace() const { return trace_; }
  Value labels() const { return labels_; }

 private:
  Call& call_;
  std::shared_ptr<const interpret::Settings> settings_;
  model::Reading reading_;
  interpret::GroupFacts facts_;
  Value payload_;
  Value trace_;
  Value labels_;
};

Object show_rendered(Call& call, std::string_view field, std::string_view text, const interpret::Rendered& rendered) {
  Object object(call.arena);
  object.set("field", field.empty() ? std::nullopt : std::optional(std::string(field)));
  object.set("result", rendered.text);
  const bool asks = std::find(std::begin(conditions), std::end(conditions), field) != std::end(conditions);
  object.set("holds", asks && rendered.text ? Value::boolean(jinja::is_true(*rendered.text)) : Value::none());
  object.set("error", rendered.error ? show_template_error(call, text, *rendered.error).value() : Value::none());
  return object;
}

Value show_fields(Call& call, const Trial& trial, Stage& stage) {
  std::vector<Value> shown;
  for (const std::string_view field : catalog::template_fields()) {
    const auto own = trial.integration.templates.find(std::string(field));
    const bool is_own = own != trial.integration.templates.end() && !own->second.empty();
    const auto standard = catalog::default_template(*trial.type, field);
    const std::string_view text = is_own ? std::string_view(own->second) : standard.value_or(std::string_view());
    const bool is_there = is_own || standard.has_value();
    Object object = show_rendered(call, field, text, is_there ? stage.render(field, text) : interpret::Rendered());
    object.set("origin", is_own ? "integration" : is_there ? "default" : "none");
    shown.push_back(object.value());
  }
  return list_of(call.arena, shown);
}

std::string_view signal_of(const model::Reading& reading) {
  return reading.resolve ? "resolve" : reading.acknowledge ? "acknowledge" : "fire";
}

/// Templates that are tried in place of the integration's own.
std::optional<wire::Response> put_templates(Fields& fields, Trial& trial) {
  change::IntegrationChange change;
  if (auto mistake = read_templates(fields, change)) return mistake;
  for (const auto& [field, text] : change.templates) {
    if (text) {
      trial.integration.templates[field] = *text;
    } else {
      trial.integration.templates.erase(field);
    }
  }
  return std::nullopt;
}

}  // namespace

wire::Response preview_template(Call& call) {
  Fields fields(call);
  Trial trial;
  if (auto mistake = find_place(call, fields, trial)) return std::move(*mistake);
  const Value* text = fields.find("template");
  const auto field = fields.text("field", {.null = Null::allowed});
  const std::string name = field && field->value ? *field->value : std::string();
  if (text != nullptr && !text->is_string()) fields.mistake("template", "Not a valid string.");
  if (!name.empty() && !is_field(name)) fields.mistake("field", "There is no such field.");
  if (auto mistake = put_templates(fields, trial)) return std::move(*mistake);
  if (!fields.ok()) return fields.refused();
  if (auto mistake = find_payload(fields, trial)) return std::move(*mistake);

  // In its place, so that the trace and what other fields see of it are of this template.
  if (text != nullptr && !name.empty() && name != "route" && name != "label") {
    trial.integration.templates[name] = text->as_text();
  }
  Stage stage(call, trial);
  const std::string_view source = text != nullptr ? text->as_text() : std::string_view();
  // Without a field a template sees what messages see.
  Object object = show_rendered(
      call, name, source,
      text != nullptr ? stage.render(name.empty() ? "web.message" : name, source) : interpret::Rendered());
  object.set("fields", text != nullptr ? list_of(call.arena, {}) : show_fields(call, trial, stage));
  object.set("signal", signal_of(stage.reading())).set("route_id", stage.reading().route);
  return ok(object.set("labels", stage.labels()).set("trace", stage.trace()));
}

wire::Response list_recent_payloads(Call& call) {
  const std::optional<change::Standing> standing = find_integration(call);
  if (!standing) return not_found();
  store::AlertGroupFilter filter;
  filter.integration = standing->integration.id.text();
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) {
      store::Page<model::AlertGroup> groups = reader.groups(filter, slice);
      store::Page<GroupView> page;
      page.total = groups.total;
      for (model::AlertGroup& each : groups.items) page.items.push_back(group_view(reader, std::move(each)));
      return page;
    });
  };
  return list_answer<GroupView>(call, 20, fetch, [&](const GroupView& view) {
    Object object(call.arena);
    object.set("alert_group_id", view.group.id).set("title", view.group.title);
    object.set("alert", view.last_alert ? show_alert(call, *view.last_alert).value() : Value::none());
    return object.value();
  });
}

}  // namespace tocsin::api
