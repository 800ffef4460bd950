#include "api/integration_view.hpp"

#include <algorithm>

#include "api/route_view.hpp"
#include "api/team_view.hpp"
#include "base/log.hpp"

namespace tocsin::api {
namespace {

using value::Value;
using Labels = std::map<std::string, std::string>;

/// `[{"key": {"id", "name"}, "value": {"id", "name"}}]`; a name is its own id.
Value show_labels(Call& call, const Labels& labels) {
  std::vector<Value> shown;
  for (const auto& [key, text] : labels) {
    Object key_object(call.arena), value_object(call.arena), pair(call.arena);
    key_object.set("id", key).set("name", key);
    value_object.set("id", text).set("name", text);
    shown.push_back(pair.set("key", key_object).set("value", value_object).value());
  }
  return list_of(call.arena, shown);
}

/// The name (else the id) of a label's half.
std::optional<std::string> half_of(Value pair, std::string_view which) {
  const Value* half = pair.is_dict() ? pair.find(which) : nullptr;
  if (half == nullptr || !half->is_dict()) return std::nullopt;
  for (const char* key : {"name", "id"}) {
    const Value* text = half->find(key);
    if (text != nullptr && text->is_string() && !text->as_text().empty()) return std::string(text->as_text());
  }
  return std::nullopt;
}

std::optional<Labels> read_labels(Fields& fields, std::string_view name) {
  const Value* given = fields.find(name);
  if (given == nullptr) return std::nullopt;
  Labels labels;
  if (given->is_none()) return labels;
  if (!given->is_list()) {
    fields.mistake(name, "Expected a list of items.");
    return std::nullopt;
  }
  for (const Value pair : *given->as_list()) {
    const std::optional<std::string> key = half_of(pair, "key");
    const std::optional<std::string> text = half_of(pair, "value");
    if (!key || !text) {
      fields.mistake(name, "A label is {\"key\": {\"name\": …}, \"value\": {\"name\": …}}.");
      return std::nullopt;
    }
    labels[*key] = *text;
  }
  return labels;
}

/// Channels in which an unknown attribute is a mistake; in the others it is ignored.
bool is_strict(std::string_view channel) {
  for (const char* strict : {"slack", "web", "telegram", "sms", "phone_call"}) {
    if (channel == strict) return true;
  }
  return false;
}

std::vector<std::string_view> attributes_of(std::string_view channel) {
  std::vector<std::string_view> attributes;
  for (const std::string_view field : catalog::template_fields()) {
    if (field.size() > channel.size() && field.starts_with(channel) && field[channel.size()] == '.') {
      attributes.push_back(field.substr(channel.size() + 1));
    }
  }
  return attributes;
}

wire::Response bad_channel(std::string_view channel) {
  return detail(400, "Invalid " + std::string(channel) + " template data");
}

std::optional<wire::Response> read_channel(std::string_view channel, Value given, change::IntegrationChange& change) {
  const std::vector<std::string_view> attributes = attributes_of(channel);
  const std::string prefix = std::string(channel) + ".";
  if (given.is_none()) {
    for (const std::string_view attribute : attributes)
      change.templates[prefix + std::string(attribute)] = std::nullopt;
    return std::nullopt;
  }
  if (!given.is_dict()) return bad_channel(channel);
  for (const value::Entry& entry : *given.as_dict()) {
    const std::string attribute(entry.key.as_text());
    if (std::find(attributes.begin(), attributes.end(), attribute) == attributes.end()) {
      if (is_strict(channel)) return detail(400, "Invalid template data");
    } else if (entry.value.is_none()) {
      change.templates[prefix + attribute] = std::nullopt;
    } else if (entry.value.is_string()) {
      change.templates[prefix + attribute] = std::string(entry.value.as_text());
    } else {
      return detail(400, "invalid " + std::string(channel) + " " + attribute + " template");
    }
  }
  return std::nullopt;
}

std::optional<wire::Response> read_default_route(Call& call, Fields& fields, change::IntegrationChange& change) {
  const Value* given = fields.find("default_route");
  if (given == nullptr) return std::nullopt;
  if (!given->is_dict()) {
    fields.mistake("default_route", given->is_none() ? "This field may not be null."
                                                     : "Invalid data. Expected a dictionary of its settings.");
    return std::nullopt;
  }
  Fields nested(*given, "");
  auto refused = read_targets(call, nested, change.default_route);
  fields.merge(std::move(nested));
  return refused;
}

}  // namespace

std::optional<change::Standing> standing_of(const store::Reader& reader, model::Integration integration) {
  std::vector<model::Route> routes = reader.routes_of(integration.id);
  return change::Standing{std::move(integration), std::move(routes)};
}

std::optional<change::Standing> find_integration(Call& call) {
  return store::read(call.ledger(), [&](const store::Reader& reader) -> std::optional<change::Standing> {
    std::optional<model::Integration> integration = reader.integration(model::IntegrationId(call.id));
    if (!integration) return std::nullopt;
    return standing_of(reader, std::move(*integration));
  });
}

std::optional<std::string> link_of(Call& call, const model::Integration& integration) {
  const catalog::Type* type = call.engine.catalog().find(integration.type);
  if (type == nullptr || !type->has_url) return std::nullopt;
  const std::optional<std::string> token = engine::token_of(integration, call.engine.token_sealer());
  if (!token) {
    base::log(base::LogLevel::error, "an integration's token was sealed with another master key",
              {{"integration", integration.id.text()}});
    return std::nullopt;
  }
  return call.link("/integrations/v1/" + std::string(catalog::shown_slug(integration.type)) + "/" + *token + "/");
}

Object show_integration(Call& call, const change::Standing& standing) {
  const model::Integration& integration = standing.integration;
  const catalog::Type* type = call.engine.catalog().find(integration.type);
  const std::optional<std::string> link = link_of(call, integration);
  const auto text_of = [&](std::string_view field) {
    const auto own = integration.templates.find(std::string(field));
    return own == integration.templates.end() ? std::nullopt : std::optional(own->second);
  };
  Object object(call.arena);
  object.set("id", integration.id)
      .set("name", integration.name)
      .set("description_short", integration.description)
      .set("team_id", integration.team)
      .set("link", link)
      .set("inbound_email", Value::none())
      .set("type", catalog::shown_slug(integration.type))
      .set("templates", show_templates(call, text_of))
      .set("default_route",
           standing.routes.empty() ? Value::none() : show_default_route(call, standing.routes.back()).value());
  if (link && type != nullptr && type->has_heartbeat) {
    Object heartbeat(call.arena);
    object.set("heartbeat", heartbeat.set("link", *link + "heartbeat/"));
  } else {
    object.set("heartbeat", Value::none());
  }
  object.set("maintenance_mode", Value::none())
      .set("maintenance_started_at", Value::none())
      .set("maintenance_end_at", Value::none())
      .set("labels", show_labels(call, integration.labels))
      .set("dynamic_labels", show_labels(call, integration.dynamic_labels));
  return object;
}

std::optional<wire::Response> read_templates(Fields& fields, change::IntegrationChange& change) {
  const Value* given = fields.find("templates");
  if (given == nullptr) return std::nullopt;
  if (given->is_none()) {
    fields.mistake("templates", "This field may not be null.");
    return std::nullopt;
  }
  if (!given->is_dict()) {
    fields.mistake("templates",
                   "Expected a dictionary of items but got type \"" + std::string(type_name(*given)) + "\".");
    return std::nullopt;
  }
  for (const value::Entry& entry : *given->as_dict()) {
    const std::string_view name = entry.key.as_text();
    if (!attributes_of(name).empty()) {
      if (auto refused = read_channel(name, entry.value, change)) return refused;
      continue;
    }
    const auto fields_known = catalog::template_fields();
    if (std::find(fields_known.begin(), fields_known.end(), name) == fields_known.end()) continue;
    if (!entry.value.is_none() && !entry.value.is_string()) return bad_channel(name);
    change.templates[std::string(name)] =
        entry.value.is_none() ? std::nullopt : std::optional(std::string(entry.value.as_text()));
  }
  return std::nullopt;
}

std::optional<wire::Response> read_integration(Call& call, Fields& fields, change::IntegrationChange& change) {
  if (auto refused = read_templates(fields, change)) return refused;
  if (auto refused = read_default_route(call, fields, change)) return refused;
  if (const auto name = fields.text("name", {.longest = 150})) change.name = name->value;
  if (const auto text = fields.text("description_short", {.null = Null::allowed, .longest = 250})) {
    change.description = text->value;
  }
  change.team = read_team(call, fields);
  change.labels = read_labels(fields, "labels");
  change.dynamic_labels = read_labels(fields, "dynamic_labels");
  if (!fields.ok()) return fields.refused();
  if (const base::Status status = change::check_integration(change); !status) return refusal(status.error());
  return std::nullopt;
}

}  // namespace tocsin::api
