#include "api/group_view.hpp"

namespace tocsin::api {
namespace {

value::Value named(Call& call, std::string_view name) {
  Object object(call.arena);
  object.set("id", name).set("name", name);
  return object.value();
}

value::Value show_labels(Call& call, const std::map<std::string, std::string>& labels) {
  std::vector<value::Value> list;
  for (const auto& [key, text] : labels) {
    Object label(call.arena);
    list.push_back(label.set("key", named(call, key)).set("value", named(call, text)).value());
  }
  return list_of(call.arena, list);
}

value::Value show_permalinks(Call& call, const model::AlertGroupId& id) {
  Object links(call.arena);
  links.set("slack", value::Value::none()).set("slack_app", value::Value::none());
  links.set("telegram", value::Value::none()).set("web", web_link(call, id));
  return links.value();
}

/// Who did it as a user; a wipe, for one, has a user of its own (see the details).
model::UserId user_of(model::ChangedBy by, const model::UserId& user) {
  return by == model::ChangedBy::user ? user : model::UserId();
}

}  // namespace

GroupView group_view(const store::Reader& reader, model::AlertGroup group) {
  std::optional<model::Alert> last = reader.last_alert(group.id);
  return {std::move(group), std::move(last)};
}

std::optional<GroupView> find_group(Call& call, const std::string& id) {
  return store::read(call.ledger(), [&](const store::Reader& reader) -> std::optional<GroupView> {
    std::optional<model::AlertGroup> group = reader.group(model::AlertGroupId(id));
    if (!group) return std::nullopt;
    return group_view(reader, std::move(*group));
  });
}

std::string web_link(const Call& call, const model::AlertGroupId& id) {
  return call.link("/alert-groups/" + id.text());
}

Object show_group(Call& call, const GroupView& view) {
  const model::AlertGroup& group = view.group;
  Object object(call.arena);
  object.set("id", group.id).set("integration_id", group.integration);
  object.set("team_id", group.team).set("route_id", group.route);
  object.set("alerts_count", group.alerts_count).set("state", model::name_of(model::state_of(group)));
  object.set("created_at", group.started_at);
  object.set("resolved_at", group.resolved_at);
  object.set("resolved_by", user_of(group.resolved_by, group.resolved_by_user));
  object.set("acknowledged_at", group.acknowledged_at);
  object.set("acknowledged_by", user_of(group.acknowledged_by, group.acknowledged_by_user));
  object.set("labels", show_labels(call, group.labels));
  object.set("title", group.wiped_at ? std::nullopt : std::optional(group.title));
  object.set("permalinks", show_permalinks(call, group.id));
  object.set("silenced_at", group.silenced_at);
  object.set("last_alert", view.last_alert ? show_alert(call, *view.last_alert).value() : value::Value::none());
  return object;
}

Object show_alert(Call& call, const model::Alert& alert) {
  Object object(call.arena);
  object.set("id", alert.id).set("alert_group_id", alert.group);
  object.set("created_at", alert.received_at).set("payload", stored_json(call, alert.payload));
  return object;
}

Object show_traced_alert(Call& call, const model::Alert& alert) {
  Object object = show_alert(call, alert);
  object.set("demo", alert.demo);
  object.set("resolve_signal", alert.resolve_signal).set("acknowledge_signal", alert.acknowledge_signal);
  object.set("trace", stored_json(call, alert.trace));
  return object;
}

value::Value stored_json(Call& call, std::string_view text) {
  const base::Result<value::Value> read = value::read_json(call.arena, text, {.dialect = value::Dialect::python});
  // The ledger holds nothing but JSON that was read once already.
  CHECK(read.ok());
  return *read;
}

}  // namespace tocsin::api
