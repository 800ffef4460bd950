#include "store/reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "store/query/list.hpp"
#include "store/query/rows.hpp"

namespace tocsin::store {
namespace {

constexpr std::string_view alert_tables = "alert a JOIN alert_group g ON g.id = a.alert_group";
constexpr std::string_view timeline_tables = "timeline_entry t JOIN alert_group g ON g.id = t.alert_group";
/// A search over all groups' payloads looks at so many of the newest alerts.
constexpr std::int64_t searched_alerts = 20'000;

constexpr std::string_view note_tables = "resolution_note n JOIN alert_group g ON g.id = n.alert_group";

/// A number as people type it; nothing when it is none.
std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Where where_of(const AlertGroupFilter& filter) {
  Where where;
  if (filter.id) where.add("public_id = ?", *filter.id);
  if (filter.number) where.add("number = ?", *filter.number);
  if (filter.state) where.add("state = ?", std::int64_t{static_cast<int>(*filter.state)});
  if (filter.started_from) where.add("started_at >= ?", filter.started_from->micros());
  if (filter.started_to) where.add("started_at <= ?", filter.started_to->micros());
  if (filter.integration) where.add("integration = ?", *filter.integration);
  if (filter.route) where.add("route = ?", *filter.route);
  if (filter.team) where.add("team = ?", *filter.team);
  for (const auto& [key, text] : filter.labels) {
    where.add("id IN (SELECT alert_group FROM group_label WHERE key = ? AND value = ?)", key, text);
  }
  if (filter.search) {
    where.add("(title LIKE ? ESCAPE '\\' OR number = ? OR id = (SELECT id FROM alert_group WHERE public_id = ?))",
              containing(*filter.search), number_in(*filter.search).value_or(-1), *filter.search);
  }
  return where;
}

/// Groups that are asked for by labels alone are counted without a look at them; empty: something else is asked for.
std::string counted_by_labels(AlertGroupFilter filter) {
  const std::size_t labels = std::exchange(filter.labels, {}).size();
  if (labels == 0 || !where_of(filter).text().empty()) return {};
  std::string counted = "group_label WHERE key = ? AND value = ?";
  for (std::size_t i = 1; i < labels; ++i)
    counted += " AND alert_group IN (SELECT alert_group FROM group_label WHERE key = ? AND value = ?)";
  return counted;
}

}  // namespace

std::optional<model::Integration> Reader::integration(const model::IntegrationId& id) const {
  return one(connection_, select(integration_columns, "integration WHERE public_id = ? AND deleted_at IS NULL"),
             read_integration, id.text());
}

std::optional<model::Integration> Reader::integration_even_deleted(const model::IntegrationId& id) const {
  return one(connection_, select(integration_columns, "integration WHERE public_id = ?"), read_integration, id.text());
}

std::optional<model::Integration> Reader::integration_by_token(std::string_view token_digest) const {
  return one(connection_, select(integration_columns, "integration WHERE token_digest = ? AND deleted_at IS NULL"),
             read_integration, token_digest);
}

Page<model::Integration> Reader::integrations(const IntegrationFilter& filter, Slice slice) const {
  Where where;
  where.add("deleted_at IS NULL");
  if (filter.name) where.add("name = ?", *filter.name);
  if (filter.team) where.add("team = ?", *filter.team);
  return page(connection_, simple_list(integration_columns, "integration", where), slice, read_integration);
}

std::vector<model::Route> Reader::routes_of(const model::IntegrationId& id) const {
  return all(connection_, select(route_columns, "route WHERE integration = ? ORDER BY is_default, position, id"),
             read_route, id.text());
}

std::optional<model::Route> Reader::route(const model::RouteId& id) const {
  return one(connection_, select(route_columns, "route WHERE public_id = ?"), read_route, id.text());
}

Page<model::Route> Reader::routes(const RouteFilter& filter, Slice slice) const {
  Where where;
  where.add("integration IN (SELECT public_id FROM integration WHERE deleted_at IS NULL)");
  if (filter.integration) where.add("integration = ?", *filter.integration);
  if (filter.expression) where.add("expression = ?", *filter.expression);
  List list = simple_list(route_columns, "route", where);
  list.order = "(SELECT i.id FROM integration i WHERE i.public_id = route.integration), is_default, position, id";
  return page(connection_, list, slice, read_route);
}

std::optional<model::AlertGroup> Reader::open_group(const model::IntegrationId& integration,
                                                    std::string_view distinction) const {
  return one(connection_,
             select(group_columns, "alert_group WHERE integration = ? AND distinction = ? AND open_for_grouping = 1"),
             read_group, integration.text(), distinction);
}

std::optional<model::AlertGroup> Reader::newest_resolved_group(const model::IntegrationId& integration,
                                                               std::string_view distinction) const {
  return one(connection_,
             select(group_columns,
                    "alert_group WHERE integration = ? AND distinction = ? AND state = 0 ORDER BY id DESC LIMIT 1"),
             read_group, integration.text(), distinction);
}

std::vector<std::string> Reader::firing_series(model::Row group) const {
  return all(
      connection_, "SELECT series FROM group_series WHERE alert_group = ? AND firing = 1",
      [](Run& run) { return run.text(); }, group);
}

std::optional<model::AlertGroup> Reader::group(const model::AlertGroupId& id) const {
  return one(connection_, select(group_columns, "alert_group WHERE public_id = ?"), read_group, id.text());
}

std::vector<model::AlertGroup> Reader::attached_to(const model::AlertGroupId& root) const {
  return all(connection_, select(group_columns, "alert_group WHERE root = ? AND root <> '' ORDER BY id"), read_group,
             root.text());
}

Page<model::AlertGroup> Reader::groups(const AlertGroupFilter& filter, Slice slice) const {
  List list = simple_list(group_columns, "alert_group", where_of(filter));
  // Numbers grow with the rows' own; labels lead to those.
  list.order = filter.labels.empty() ? "number DESC" : "id DESC";
  list.counted = counted_by_labels(filter);
  return page(connection_, list, slice, read_group);
}

std::map<model::State, std::int64_t> Reader::count_by_state(const AlertGroupFilter& filter) const {
  AlertGroupFilter stateless = filter;
  stateless.state.reset();
  const Where where = where_of(stateless);
  std::map<model::State, std::int64_t> counts{{model::State::firing, 0},
                                              {model::State::acknowledged, 0},
                                              {model::State::silenced, 0},
                                              {model::State::resolved, 0}};
  Run run(connection_, "SELECT state, count(*) FROM alert_group" + where.text() + " GROUP BY state");
  where.bind(run);
  while (run.next()) {
    const auto state = static_cast<model::State>(run.integer());
    counts[state] = run.integer();
  }
  return counts;
}

std::optional<model::Alert> Reader::alert(const model::AlertId& id) const {
  return one(connection_, select(alert_columns, std::string(alert_tables) + " WHERE a.public_id = ?"), read_alert,
             id.text());
}

std::optional<model::Alert> Reader::first_alert(const model::AlertGroupId& group) const {
  return one(connection_,
             select(alert_columns, std::string(alert_tables) + " WHERE g.public_id = ? ORDER BY a.id LIMIT 1"),
             read_alert, group.text());
}

std::optional<model::Alert> Reader::last_alert(const model::AlertGroupId& group) const {
  return one(connection_,
             select(alert_columns, std::string(alert_tables) + " WHERE g.public_id = ? ORDER BY a.id DESC LIMIT 1"),
             read_alert, group.text());
}

std::optional<model::Alert> Reader::last_alert_of_integration(const model::IntegrationId& integration) const {
  return one(connection_,
             select(alert_columns, std::string(alert_tables) +
                                       " WHERE a.alert_group IN (SELECT id FROM alert_group WHERE integration = ?"
                                       " ORDER BY number DESC LIMIT 20) ORDER BY a.id DESC LIMIT 1"),
             read_alert, integration.text());
}

Page<model::Alert> Reader::alerts(const AlertFilter& filter, Slice slice) const {
  Where where;
  if (filter.id) where.add("a.public_id = ?", *filter.id);
  if (filter.group) {
    where.add("a.alert_group = (SELECT id FROM alert_group WHERE public_id = ?)", *filter.group);
  }
  if (filter.search) {
    where.add("a.payload LIKE ? ESCAPE '\\'", containing(*filter.search));
    if (!filter.group) where.add("a.id > (SELECT max(id) FROM alert) - ?", searched_alerts);
  }
  const List list{alert_columns, std::string(alert_tables), "alert a", "a.id", where, "a.id DESC"};
  return page(connection_, list, slice, read_alert);
}

std::vector<model::TimelineEntry> Reader::timeline(const model::AlertGroupId& group) const {
  return all(connection_,
             select(timeline_columns, std::string(timeline_tables) + " WHERE g.public_id = ? ORDER BY t.id"),
             read_timeline, group.text());
}

Page<model::TimelineEntry> Reader::timeline(const model::AlertGroupId& group, Slice slice) const {
  Where where;
  where.add("t.alert_group = (SELECT id FROM alert_group WHERE public_id = ?)", group.text());
  const List list{timeline_columns, std::string(timeline_tables), "timeline_entry t", "t.id", where, "t.id"};
  return page(connection_, list, slice, read_timeline);
}

std::optional<model::ResolutionNote> Reader::note(const model::ResolutionNoteId& id) const {
  return one(connection_,
             select(note_columns, std::string(note_tables) + " WHERE n.public_id = ? AND n.deleted_at IS NULL"),
             read_note, id.text());
}

Page<model::ResolutionNote> Reader::notes(const std::optional<std::string>& group, Slice slice) const {
  Where where;
  where.add("n.deleted_at IS NULL");
  if (group) where.add("g.public_id = ?", *group);
  const List list{note_columns, std::string(note_tables), std::string(note_tables), "n.id", where, "g.id DESC, n.id"};
  return page(connection_, list, slice, read_note);
}

std::optional<clock::Instant> Reader::next_due() const {
  Run run(connection_, "SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END) FROM job");
  return run.next() ? maybe_instant(run.maybe_integer()) : std::nullopt;
}

}  // namespace tocsin::store
