#include "change/route.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

using namespace tocsin;
using change::Place;
using change::Placing;

namespace {

const change::Edit edit{model::OrganizationId("O1"),
                        {model::Via::api, model::UserId("U1"), "10.0.0.1"},
                        clock::Instant::from_seconds(1000)};

model::Route route_at(const std::string& id, std::int64_t position) {
  model::Route route;
  route.id = model::RouteId(id);
  route.integration = model::IntegrationId("C1");
  route.position = position;
  route.expression = id;
  return route;
}

std::vector<model::Route> routes_at(const std::vector<std::int64_t>& positions) {
  std::vector<model::Route> routes;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    routes.push_back(route_at("R" + std::to_string(i), positions[i]));
  }
  return routes;
}

/// The positions of all after the move.
std::vector<std::int64_t> positions_after(std::vector<model::Route> routes, std::size_t which, const Place& place) {
  const auto changed = change::placed(routes, which, place);
  REQUIRE(changed.ok());
  std::vector<std::int64_t> positions;
  for (model::Route& route : routes) {
    for (const model::Route& each : *changed) {
      if (each.id == route.id) route.position = each.position;
    }
    positions.push_back(route.position);
  }
  return positions;
}

std::string refusal(std::vector<model::Route> routes, const Place& place) {
  const auto changed = change::placed(std::move(routes), 0, place);
  return changed ? "" : changed.error().message;
}

using Positions = std::vector<std::int64_t>;

const model::Route* route_of(const model::Unit& unit, const std::string& id) {
  for (const model::Record& record : unit.records) {
    const auto* route = std::get_if<model::Route>(&record);
    if (route != nullptr && route->id.text() == id) return route;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a move shifts those between towards the hole") {
  CHECK(positions_after(routes_at({0, 1, 2, 3}), 3, {0, Placing::move}) == Positions{1, 2, 3, 0});
  CHECK(positions_after(routes_at({0, 1, 2, 3}), 0, {2, Placing::move}) == Positions{2, 0, 1, 3});
  CHECK(positions_after(routes_at({0, 1, 2}), 1, {1, Placing::move}) == Positions{0, 1, 2});
  CHECK(positions_after(routes_at({0, 1, 2}), 0, {-1, Placing::move}) == Positions{2, 0, 1});
}

TEST_CASE("a move to a place beyond the others changes only the one") {
  CHECK(positions_after(routes_at({0, 1, 2}), 2, {100, Placing::move}) == Positions{0, 1, 100});
  CHECK(positions_after(routes_at({5}), 0, {0, Placing::move}) == Positions{0});
}

TEST_CASE("a swap exchanges two, or sets one") {
  CHECK(positions_after(routes_at({0, 1, 2}), 1, {0, Placing::swap}) == Positions{1, 0, 2});
  CHECK(positions_after(routes_at({0, 1, 2, 3}), 3, {0, Placing::swap}) == Positions{3, 1, 2, 0});
  CHECK(positions_after(routes_at({0, 1, 2}), 0, {7, Placing::swap}) == Positions{7, 1, 2});
}

TEST_CASE("positions out of range are refused") {
  const std::string words = "Invalid value for position field";
  CHECK(refusal(routes_at({0}), {-1, Placing::swap}) == words);
  CHECK(refusal(routes_at({0}), {-2, Placing::move}) == words);
  CHECK(refusal(routes_at({0}), {change::last_position + 1, Placing::move}) == words);
  CHECK(refusal(routes_at({0}), {9'223'372'036'854'775'807, Placing::swap}) == words);
  CHECK(refusal(routes_at({0}), {change::last_position, Placing::move}).empty());
}

TEST_CASE("placing keeps positions unique and the others in their order") {
  rc::check([](const std::set<std::uint8_t>& taken, bool swaps) {
    RC_PRE(!taken.empty());
    const std::vector<std::int64_t> before(taken.begin(), taken.end());
    const auto which = *rc::gen::inRange<std::size_t>(0, before.size());
    const auto target = *rc::gen::inRange<std::int64_t>(0, 260);
    const auto after = positions_after(routes_at(before), which, {target, swaps ? Placing::swap : Placing::move});
    RC_ASSERT(after[which] == target);
    RC_ASSERT(std::set<std::int64_t>(after.begin(), after.end()).size() == after.size());
    RC_ASSERT(*std::min_element(after.begin(), after.end()) >= 0);
    if (swaps) return;
    std::vector<std::int64_t> others = after;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(which));
    RC_ASSERT(std::is_sorted(others.begin(), others.end()));
  });
}

TEST_CASE("swaps in any order of arrival give each the place it asked for") {
  // What Terraform relies on: it creates many at once, each with manual_order and its own position.
  rc::check([](std::uint8_t seed) {
    const std::size_t count = 2 + seed % 10;
    std::vector<std::size_t> arrival(count);
    for (std::size_t i = 0; i < count; ++i) arrival[i] = i;
    for (std::size_t i = count; i-- > 1;) std::swap(arrival[i], arrival[*rc::gen::inRange<std::size_t>(0, i + 1)]);
    std::vector<model::Route> routes;
    for (const std::size_t wanted : arrival) {
      change::RouteChange change;
      change.place = Place{static_cast<std::int64_t>(wanted), Placing::swap};
      const auto unit = change::create_route(route_at("R" + std::to_string(wanted), 0), change, routes, edit);
      RC_ASSERT(unit.ok());
      for (const model::Record& record : unit->records) {
        const auto& changed = std::get<model::Route>(record);
        const auto known =
            std::find_if(routes.begin(), routes.end(), [&](const auto& r) { return r.id == changed.id; });
        if (known == routes.end()) {
          routes.push_back(changed);
        } else {
          *known = changed;
        }
      }
    }
    RC_ASSERT(routes.size() == count);
    for (const model::Route& route : routes) RC_ASSERT("R" + std::to_string(route.position) == route.id.text());
  });
}

TEST_CASE("a new route goes to the end, with its audit entry") {
  change::RouteChange change;
  change.type = model::RouteType::jinja2;
  change.expression = "{{ payload.a }}";
  change.channels["slack"] = {std::nullopt, false};
  const auto unit = change::create_route(route_at("R9", 0), change, routes_at({0, 7}), edit);
  REQUIRE(unit.ok());
  REQUIRE(unit->records.size() == 1);
  const auto* route = route_of(*unit, "R9");
  REQUIRE(route != nullptr);
  CHECK(route->position == 8);
  CHECK(route->type == model::RouteType::jinja2);
  CHECK(route->expression == "{{ payload.a }}");
  CHECK(route->channels == R"({"slack":{"enabled":false}})");
  CHECK(route->organization.text() == "O1");
  REQUIRE(unit->audit.size() == 1);
  CHECK(unit->audit[0].action == "route.created");
  CHECK(unit->audit[0].subject == "R9");
  CHECK(unit->audit[0].actor.user.text() == "U1");
  CHECK(unit->audit[0].before == "null");
}

TEST_CASE("a create with a bad position makes nothing") {
  change::RouteChange change;
  change.place = Place{-5, Placing::move};
  CHECK_FALSE(change::create_route(route_at("R9", 0), change, {}, edit).ok());
}

TEST_CASE("channels are merged: what is absent stays, null clears") {
  model::Route route = route_at("R1", 0);
  route.channels = R"({"email":{"id":"x","enabled":true},"slack":{"enabled":false}})";
  change::RouteChange change;
  change.channels["email"] = {std::optional<std::string>(), std::nullopt};
  change::apply(route, change);
  CHECK(route.channels == R"({"email":{"id":null,"enabled":true},"slack":{"enabled":false}})");
}

TEST_CASE("the default route keeps no expression, moves alone and is not deleted") {
  model::Integration integration;
  integration.id = model::IntegrationId("C1");
  const model::Route route = change::default_route(integration, model::RouteId("R0"));
  CHECK(route.is_default);
  change::RouteChange change;
  change.expression = "x";
  change.place = Place{0, Placing::swap};
  const auto unit = change::change_route(route, change, routes_at({0, 1}), edit);
  REQUIRE(unit.ok());
  REQUIRE(unit->records.size() == 1);
  CHECK_FALSE(std::get<model::Route>(unit->records[0]).expression.has_value());
  const auto deleted = change::delete_route(route, edit);
  REQUIRE_FALSE(deleted.ok());
  CHECK(deleted.error().message == "Unable to delete default filter");
}

TEST_CASE("expressions are checked as what they are") {
  interpret::Bench bench;
  const auto wrong = [&](std::optional<model::RouteType> type, std::string expression) {
    change::RouteChange change;
    change.type = type;
    change.expression = std::move(expression);
    const base::Status status = change::check_route(change, bench);
    return status ? "" : status.error().message;
  };
  CHECK(wrong(model::RouteType::jinja2, "{{ payload.severity == 'critical' }}").empty());
  CHECK(wrong(model::RouteType::jinja2, "{{ payload.a.b.c }}").empty());
  CHECK(wrong(model::RouteType::jinja2, "{{ payload") == "Jinja template is incorrect");
  CHECK(wrong(model::RouteType::jinja2, "{{ payload | no_such_filter }}") == "Jinja template is incorrect");
  CHECK(wrong(model::RouteType::regex, "\"severity\": \"critical\"").empty());
  CHECK(wrong(model::RouteType::regex, "(unclosed") == "Regular expression is incorrect");
  // As OnCall does: without a type it is checked as a regular expression.
  CHECK(wrong(std::nullopt, "(unclosed") == "Regular expression is incorrect");
  CHECK(wrong(model::RouteType::regex, std::string(1024, 'a')).empty());
  CHECK(wrong(model::RouteType::regex, std::string(1025, 'a')) ==
        "Expression is too long. Maximum length: 1024 characters, current length: 1025");
}
