// routes (spec: api.md 2.3).
#include <limits>

#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"
#include "api/route_view.hpp"

namespace tocsin::api {
namespace {

using access::Permission;

std::optional<model::Route> find_route(Call& call) {
  return store::read(call.ledger(), [&](const store::Reader& reader) {
    std::optional<model::Route> route = reader.route(model::RouteId(call.id));
    if (route && !reader.integration(route->integration)) route.reset();
    return route;
  });
}

wire::Response list_routes(Call& call) {
  store::RouteFilter filter;
  if (const auto integration = call.query.get("integration_id"); integration && !integration->empty()) {
    filter.integration = *integration;
  }
  if (const auto expression = call.query.get("routing_regex"); expression && !expression->empty()) {
    filter.expression = *expression;
  }
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.routes(filter, slice); });
  };
  return list_answer<model::Route>(call, 25, fetch,
                                   [&](const model::Route& route) { return show_route(call, route).value(); });
}

wire::Response get_route(Call& call) {
  const std::optional<model::Route> route = find_route(call);
  return route ? ok(show_route(call, *route)) : not_found();
}

std::optional<wire::Response> read_type(Fields& fields, change::RouteChange& change) {
  const value::Value* given = fields.find("routing_type");
  if (given == nullptr) return std::nullopt;
  if (given->is_none()) {
    fields.mistake("routing_type", "This field may not be null.");
    return std::nullopt;
  }
  const std::string_view name = given->is_string() ? given->as_text() : std::string_view();
  if (name == "labels") {
    fields.mistake("non_field_errors", "Expression type is incorrect");
    return std::nullopt;
  }
  if (name != "regex" && name != "jinja2") return detail(400, "Invalid route type");
  change.type = name == "regex" ? model::RouteType::regex : model::RouteType::jinja2;
  return std::nullopt;
}

void read_place(Fields& fields, change::RouteChange& change) {
  // Out of range is told by the edit, in OnCall's words.
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto manual = fields.boolean("manual_order", Null::refused);
  const auto position = fields.integer("position", least, most, Null::refused);
  if (!position) return;
  const bool swaps = manual && manual->value.value_or(false);
  change.place = change::Place{*position->value, swaps ? change::Placing::swap : change::Placing::move};
}

/// Everything of the body but the integration, checked.
std::optional<wire::Response> read_change(Call& call, Fields& fields, const TextRule& expression_rule,
                                          change::RouteChange& change) {
  if (auto refused = read_type(fields, change)) return refused;
  if (const auto expression = fields.text("routing_regex", expression_rule)) change.expression = expression->value;
  read_place(fields, change);
  if (auto refused = read_targets(call, fields, change)) return refused;
  if (!fields.ok()) return fields.refused();
  if (const base::Status status = change::check_route(change, call.bench); !status) return refusal(status.error());
  return std::nullopt;
}

wire::Response create_route(Call& call) {
  Fields fields(call);
  std::string integration;
  if (const auto given = fields.reference("integration_id"); given && given->value) {
    integration = *given->value;
    const bool known = store::read(call.ledger(), [&](const store::Reader& reader) {
      return reader.integration(model::IntegrationId(integration)).has_value();
    });
    if (!known) fields.mistake("integration_id", "Object does not exist");
  } else if (fields.ok()) {
    fields.mistake("integration_id", given ? "This field may not be null." : "This field is required.");
  }
  change::RouteChange change;
  if (auto refused = read_change(call, fields, {.presence = Presence::required}, change)) return std::move(*refused);
  const auto route = call.edits().create_route(model::IntegrationId(integration), change, call.actor());
  return route ? created(show_route(call, *route)) : refusal(route.error());
}

wire::Response change_route(Call& call) {
  const std::optional<model::Route> route = find_route(call);
  if (!route) return not_found();
  Fields fields(call);
  change::RouteChange change;
  // The default route has no expression, and what was read may be sent back.
  const TextRule rule{.null = route->is_default ? Null::allowed : Null::refused};
  if (auto refused = read_change(call, fields, rule, change)) return std::move(*refused);
  const auto changed = call.edits().change_route(route->id, change, call.actor());
  return changed ? ok(show_route(call, *changed)) : refusal(changed.error());
}

wire::Response delete_route(Call& call) {
  const base::Status status = call.edits().delete_route(model::RouteId(call.id), call.actor());
  return status ? no_content() : refusal(status.error());
}

constexpr Parameter parameters[] = {
    {"integration_id", "Routes of this integration"},
    {"routing_regex", "Routes with exactly this expression"},
};

constexpr auto reading = Permission::integrations_read;
constexpr auto writing = Permission::integrations_write;
constexpr auto oncall = Endpoint::Origin::oncall;

constexpr Endpoint table[] = {
    {"GET", "routes", reading, list_routes, "Routes, by integration, the default route last", oncall, "", "Route", true,
     parameters},
    {"POST", "routes", writing, create_route, "Create a route", oncall, "RouteChange", "Route"},
    {"GET", "routes/{id}", reading, get_route, "One route", oncall, "", "Route"},
    {"PUT", "routes/{id}", writing, change_route, "Change a route; what is left out stays", oncall, "RouteChange",
     "Route"},
    {"PATCH", "routes/{id}", writing, change_route, "Change a route; what is left out stays", oncall, "RouteChange",
     "Route"},
    {"DELETE", "routes/{id}", writing, delete_route, "Delete a route; its alert groups stay", oncall},
};

}  // namespace

std::span<const Endpoint> route_endpoints() {
  return table;
}

}  // namespace tocsin::api
