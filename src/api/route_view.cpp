#include "api/route_view.hpp"

namespace tocsin::api {
namespace {

using value::Value;

/// Where a route may tell of its groups, in the order of the API.
struct Channel {
  std::string_view name;
  std::string_view target_key;
  bool enabled_at_first;
};
constexpr Channel channels[] = {
    {"slack", "channel_id", true},        {"telegram", "id", false}, {"mobile_app", "id", false},
    {"mobile_app_critical", "id", false}, {"email", "id", false},    {"webhook", "id", false},
    {"mattermost", "id", false},
};

void show_targets(Call& call, const model::Route& route, Object& object) {
  const auto parsed = value::read_json(call.arena, route.channels);
  const Value stored = parsed ? *parsed : Value::none();
  for (const Channel& channel : channels) {
    const Value* settings = stored.is_dict() ? stored.find(channel.name) : nullptr;
    const Value* target = settings != nullptr && settings->is_dict() ? settings->find(channel.target_key) : nullptr;
    const Value* enabled = settings != nullptr && settings->is_dict() ? settings->find("enabled") : nullptr;
    Object shown(call.arena);
    shown.set(channel.target_key, target != nullptr ? *target : Value::none())
        .set("enabled", enabled != nullptr ? *enabled : Value::boolean(channel.enabled_at_first));
    object.set(channel.name, shown);
  }
}

/// No chat is connected yet, so a target of one names nothing.
std::optional<wire::Response> unknown_target(Call& call, const Channel& channel) {
  if (channel.name == "slack") return detail(400, "Slack isn't connected to this workspace");
  if (channel.name == "telegram") return detail(400, "Telegram channel does not exist");
  if (channel.name != "mattermost") return std::nullopt;
  return json_answer(400, list_of(call.arena, {Value::text("Invalid mattermost channel id")}));
}

std::optional<wire::Response> read_channel(Call& call, Fields& fields, const Channel& channel,
                                           change::RouteChange& change) {
  const Value* given = fields.find(channel.name);
  if (given == nullptr) return std::nullopt;
  if (given->is_none()) {
    fields.mistake(channel.name, "This field may not be null.");
    return std::nullopt;
  }
  Fields nested(*given, std::string(channel.name));
  change::ChannelChange settings;
  const Value* target = nested.find(channel.target_key);
  if (target != nullptr && !target->is_none() && !target->is_string()) {
    nested.mistake(channel.target_key, channel.name == "slack" ? "Invalid Slack channel" : "Not a valid string.");
  } else if (const auto reference = nested.reference(channel.target_key)) {
    if (reference->value) {
      if (auto refused = unknown_target(call, channel)) return refused;
    }
    settings.target = reference->value;
  }
  // null keeps what is set, as an absent one does.
  if (const auto enabled = nested.boolean("enabled", Null::allowed)) settings.enabled = enabled->value;
  fields.merge(std::move(nested));
  if (settings.target || settings.enabled) change.channels.emplace(channel.name, std::move(settings));
  return std::nullopt;
}

}  // namespace

Object show_route(Call& call, const model::Route& route) {
  Object object(call.arena);
  object.set("id", route.id)
      .set("integration_id", route.integration)
      .set("escalation_chain_id", route.escalation_chain)
      .set("routing_type", change::name_of(route.type))
      .set("routing_regex", route.expression)
      .set("position", route.position)
      .set("is_the_last_route", route.is_default);
  show_targets(call, route, object);
  return object;
}

Object show_default_route(Call& call, const model::Route& route) {
  Object object(call.arena);
  object.set("id", route.id).set("escalation_chain_id", route.escalation_chain);
  show_targets(call, route, object);
  return object;
}

std::optional<wire::Response> read_targets(Call& call, Fields& fields, change::RouteChange& change) {
  if (const auto chain = fields.reference("escalation_chain_id")) {
    if (chain->value) {
      fields.mistake("escalation_chain_id", "Object does not exist");
    } else {
      change.escalation_chain = model::EscalationChainId();
    }
  }
  for (const Channel& channel : channels) {
    if (auto refused = read_channel(call, fields, channel, change)) return refused;
  }
  return std::nullopt;
}

}  // namespace tocsin::api
