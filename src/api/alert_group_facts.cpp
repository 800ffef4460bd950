#include <map>

#include "api/alert_group_handlers.hpp"
#include "api/answer.hpp"
#include "api/appearance.hpp"
#include "api/group_view.hpp"

namespace tocsin::api {
namespace {

std::string_view name_of(model::ChangedBy by) {
  constexpr std::string_view names[] = {"nobody", "source", "user", "last step", "wipe", "maintenance", "system"};
  return names[static_cast<int>(by)];
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

struct Details {
  model::AlertGroup group;
  std::vector<model::AlertGroup> attached;
};

Object show(Call& call, const Details& details) {
  const model::AlertGroup& group = details.group;
  std::vector<value::Value> attached;
  attached.reserve(details.attached.size());
  for (const model::AlertGroup& each : details.attached) {
    attached.push_back(value::Value::copied(call.arena, each.id.text()));
  }
  Object object(call.arena);
  object.set("id", group.id).set("number", group.number).set("grouping_key", unless_empty(group.grouping_key));
  object.set("takes_alerts", group.open_for_grouping).set("source_link", unless_empty(group.source_link));
  object.set("last_alert_at", group.last_alert_at);
  object.set("acknowledged_through", name_of(group.acknowledged_by));
  object.set("resolved_through", name_of(group.resolved_by));
  object.set("silenced_until", group.silenced_until).set("silenced_by", group.silenced_by_user);
  object.set("restarted_at", group.restarted_at);
  object.set("response_seconds", group.response_time
                                     ? std::optional<std::int64_t>(group.response_time->count() / 1'000'000)
                                     : std::nullopt);
  object.set("root_alert_group_id", group.root).set("attached_alert_group_ids", list_of(call.arena, attached));
  object.set("wiped_at", group.wiped_at).set("wiped_by", group.wiped_by);
  return object;
}

/// A timeline entry and the name of who made it.
struct Told {
  model::TimelineEntry entry;
  std::optional<std::string> username;
};

Object show(Call& call, const Told& told) {
  const model::TimelineEntry& entry = told.entry;
  Object object(call.arena);
  object.set("kind", model::name_of(entry.kind)).set("at", entry.at).set("via", model::name_of(entry.actor.via));
  object.set("user_id", entry.actor.user).set("username", told.username);
  object.set("address", unless_empty(entry.actor.address)).set("reason", unless_empty(entry.reason));
  object.set("details", stored_json(call, entry.details));
  return object;
}

store::Page<Told> told_entries(const store::Reader& reader, const model::AlertGroupId& id, store::Slice slice) {
  std::map<model::UserId, std::optional<std::string>> names;
  store::Page<model::TimelineEntry> entries = reader.timeline(id, slice);
  store::Page<Told> page;
  page.total = entries.total;
  for (model::TimelineEntry& entry : entries.items) {
    const model::UserId user = entry.actor.user;
    if (!user.empty() && !names.count(user)) {
      const std::optional<model::User> found = reader.user(user);
      names[user] = found ? std::optional(found->username) : std::nullopt;
    }
    page.items.push_back({std::move(entry), user.empty() ? std::nullopt : names[user]});
  }
  return page;
}

}  // namespace

wire::Response show_details(Call& call) {
  const auto details = store::read(call.ledger(), [&](const store::Reader& reader) -> std::optional<Details> {
    std::optional<model::AlertGroup> group = reader.group(model::AlertGroupId(call.id));
    if (!group) return std::nullopt;
    return Details{std::move(*group), reader.attached_to(model::AlertGroupId(call.id))};
  });
  return details ? ok(show(call, *details)) : not_found();
}

wire::Response show_timeline(Call& call) {
  const model::AlertGroupId id(call.id);
  if (!find_group(call, call.id)) return not_found();
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return told_entries(reader, id, slice); });
  };
  return list_answer<Told>(call, 50, fetch, [&](const Told& told) { return show(call, told).value(); });
}

wire::Response show_group_trace(Call& call) {
  const model::AlertGroupId id(call.id);
  const auto first = store::read(call.ledger(), [&](const store::Reader& reader) { return reader.first_alert(id); });
  return first ? ok(show_traced_alert(call, *first)) : not_found();
}

wire::Response show_group_appearance(Call& call) {
  const std::optional<GroupView> view = find_group(call, call.id);
  if (!view || !view->last_alert) return not_found();
  if (view->group.wiped_at) return detail(400, "The alert group was wiped: there is nothing to show.");
  const auto settings = call.engine.integrations().by_id(view->group.integration);
  if (!settings) return detail(400, "The type of the group's integration is no longer in the catalogue.");
  const interpret::GroupFacts facts{web_link(call, view->group.id), view->group.number, view->group.source_link,
                                    view->group.title};
  return ok(show_appearance(call, *settings, stored_json(call, view->last_alert->payload), facts));
}

}  // namespace tocsin::api
