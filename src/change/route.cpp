#include "change/route.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "change/describe.hpp"
#include "value/json.hpp"

namespace tocsin::change {
namespace {

using value::Value;

base::Error bad_position() {
  return {base::ErrorKind::invalid, "Invalid value for position field"};
}

base::Error wrong_expression(std::string message) {
  return {base::ErrorKind::invalid, std::move(message), "non_field_errors"};
}

void set_member(value::Arena& arena, value::Dict& dict, std::string_view key, Value item) {
  value::set(arena, dict, Value::copied(arena, key), item);
}

/// The channels' JSON with the changes made in it.
std::string changed_channels(const std::string& json, const std::map<std::string, ChannelChange>& changes) {
  value::Arena arena;
  const auto stored = value::read_json(arena, json);
  value::Dict* channels = stored && stored->is_dict() ? stored->as_dict() : value::new_dict(arena);
  for (const auto& [name, change] : changes) {
    value::Entry* known = value::find(*channels, name);
    value::Dict* channel = known != nullptr && known->value.is_dict() ? known->value.as_dict() : value::new_dict(arena);
    if (change.target) {
      const std::string_view key = name == "slack" ? "channel_id" : "id";
      set_member(arena, *channel, key, *change.target ? Value::copied(arena, **change.target) : Value::none());
    }
    if (change.enabled) set_member(arena, *channel, "enabled", Value::boolean(*change.enabled));
    set_member(arena, *channels, name, Value::dict(channel));
  }
  return value::to_json(Value::dict(channels));
}

std::int64_t end_of(const std::vector<model::Route>& routes) {
  std::int64_t end = -1;
  for (const model::Route& route : routes) end = std::max(end, route.position);
  return end;
}

void swap_places(std::vector<model::Route>& routes, std::size_t which, std::int64_t position) {
  for (model::Route& other : routes) {
    if (other.position == position) other.position = routes[which].position;
  }
  routes[which].position = position;
}

/// Those between the old and the new place close up by one towards the hole.
void move_place(std::vector<model::Route>& routes, std::size_t which, std::int64_t position) {
  const std::int64_t from = routes[which].position;
  for (model::Route& other : routes) {
    if (from < other.position && other.position <= position) {
      --other.position;
    } else if (position <= other.position && other.position < from) {
      ++other.position;
    }
  }
  routes[which].position = position;
}

/// `route` stored in `unit`, and placed among its siblings.
base::Status put_placed(model::Unit& unit, const model::Route& route, const std::optional<Place>& place,
                        std::vector<model::Route> siblings) {
  if (!place) {
    unit.records.emplace_back(route);
    return {};
  }
  siblings.push_back(route);
  auto moved = placed(siblings, siblings.size() - 1, *place);
  if (!moved) return std::move(moved).error();
  const auto is_this = [&](const model::Route& each) { return each.id == route.id; };
  if (std::none_of(moved->begin(), moved->end(), is_this)) unit.records.emplace_back(route);
  for (model::Route& each : *moved) unit.records.emplace_back(std::move(each));
  return {};
}

/// The route as the unit has it.
const model::Route& route_in(const model::Unit& unit, const model::RouteId& id) {
  const model::Route* found = nullptr;
  for (const model::Record& record : unit.records) {
    const auto* route = std::get_if<model::Route>(&record);
    if (route != nullptr && route->id == id) found = route;
  }
  CHECK(found != nullptr);
  return *found;
}

}  // namespace

std::string_view name_of(model::RouteType type) {
  constexpr std::string_view names[] = {"regex", "jinja2", "labels"};
  return names[static_cast<int>(type)];
}

base::Status check_route(const RouteChange& change, interpret::Bench& bench) {
  if (!change.expression) return {};
  const std::size_t length = base::utf8_length(*change.expression);
  if (length > expression_limit) {
    return wrong_expression("Expression is too long. Maximum length: " + std::to_string(expression_limit) +
                            " characters, current length: " + std::to_string(length));
  }
  const model::RouteType type = change.type.value_or(model::RouteType::regex);
  if (!interpret::check_route(type, *change.expression, bench)) return {};
  return wrong_expression(type == model::RouteType::jinja2 ? "Jinja template is incorrect"
                                                           : "Regular expression is incorrect");
}

base::Result<std::vector<model::Route>> placed(std::vector<model::Route> routes, std::size_t which,
                                               const Place& place) {
  const bool to_the_end = place.position == -1 && place.placing == Placing::move;
  const std::int64_t position = to_the_end ? end_of(routes) : place.position;
  if (position < 0 || (!to_the_end && position > last_position)) return bad_position();
  const std::vector<model::Route> before = routes;
  if (place.placing == Placing::swap) {
    swap_places(routes, which, position);
  } else {
    move_place(routes, which, position);
  }
  std::vector<model::Route> changed;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    if (routes[i].position != before[i].position) changed.push_back(std::move(routes[i]));
  }
  return changed;
}

void apply(model::Route& route, const RouteChange& change) {
  if (change.type) route.type = *change.type;
  if (change.expression && !route.is_default) route.expression = *change.expression;
  if (change.escalation_chain) route.escalation_chain = *change.escalation_chain;
  if (!change.channels.empty()) route.channels = changed_channels(route.channels, change.channels);
}

model::Route default_route(const model::Integration& integration, model::RouteId id) {
  model::Route route;
  route.id = std::move(id);
  route.organization = integration.organization;
  route.integration = integration.id;
  route.is_default = true;
  route.created_at = integration.created_at;
  return route;
}

base::Result<model::Unit> create_route(model::Route fresh, const RouteChange& change,
                                       const std::vector<model::Route>& siblings, const Edit& edit) {
  fresh.organization = edit.organization;
  fresh.created_at = edit.now;
  fresh.position = end_of(siblings) + 1;
  apply(fresh, change);
  model::Unit unit;
  if (base::Status status = put_placed(unit, fresh, change.place, siblings); !status) return std::move(status).error();
  unit.audit.push_back(
      audit_entry(edit, {"route.created", fresh.id.text()}, "null", describe(route_in(unit, fresh.id))));
  return unit;
}

base::Result<model::Unit> change_route(const model::Route& route, const RouteChange& change,
                                       const std::vector<model::Route>& siblings, const Edit& edit) {
  model::Route changed = route;
  apply(changed, change);
  model::Unit unit;
  // The default route is alone in its scope.
  auto others = route.is_default ? std::vector<model::Route>() : siblings;
  if (base::Status status = put_placed(unit, changed, change.place, std::move(others)); !status) {
    return std::move(status).error();
  }
  unit.audit.push_back(
      audit_entry(edit, {"route.changed", route.id.text()}, describe(route), describe(route_in(unit, route.id))));
  return unit;
}

base::Result<model::Unit> delete_route(const model::Route& route, const Edit& edit) {
  if (route.is_default) return base::Error{base::ErrorKind::conflict, "Unable to delete default filter"};
  model::Unit unit;
  unit.removals.emplace_back(route.id);
  unit.audit.push_back(audit_entry(edit, {"route.deleted", route.id.text()}, describe(route), "null"));
  return unit;
}

}  // namespace tocsin::change
