// Every endpoint with every role, by token and in a session: who may not is refused before anything is looked at, who
// may is not (spec: api.md 1.3, escalation.md 5.4). The expectation stands here once more, beside the table it tests.
#include "api/endpoint.hpp"
#include "api/testbed.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace tocsin;
using api::Endpoint;
using api::testbed::Answer;
using api::testbed::As;
using api::testbed::Bed;
using api::testbed::Headers;

namespace {

constexpr As roles[] = {As::admin, As::editor, As::viewer, As::none};
const std::string refusal = R"({"detail":"You do not have permission to perform this action."})";

/// The weakest role that may read and that may write, by the first segment of the path.
struct Rule {
  As read;
  As write;
};
const std::map<std::string_view, Rule> rules = {
    {"alert_groups", {As::viewer, As::editor}},
    {"alerts", {As::viewer, As::editor}},
    {"resolution_notes", {As::viewer, As::editor}},
    {"events", {As::viewer, As::viewer}},
    {"integrations", {As::viewer, As::admin}},
    {"routes", {As::viewer, As::admin}},
    {"catalog", {As::viewer, As::admin}},
    {"templates", {As::viewer, As::viewer}},
    {"users", {As::viewer, As::admin}},
    {"teams", {As::viewer, As::admin}},
    {"organizations", {As::viewer, As::admin}},
    {"info", {As::viewer, As::admin}},
    {"slack_channels", {As::viewer, As::admin}},
    {"user_groups", {As::viewer, As::admin}},
    {"tokens", {As::admin, As::admin}},
    {"audit", {As::admin, As::admin}},
    {"status", {As::admin, As::admin}},
    {"session", {As::none, As::none}},
    {"sessions", {As::none, As::none}},
};
/// What is told apart within a resource.
const std::map<std::string_view, As> exceptions = {
    {"PUT users/{id}", As::editor},    // the own profile only, see sessions_test
    {"PATCH users/{id}", As::editor},  //
    {"POST integrations/{id}/demo_alert", As::editor},
    {"POST integrations/{id}/preview", As::viewer},
};

As weakest(const Endpoint& endpoint) {
  const std::string name = std::string(endpoint.method) + " " + std::string(endpoint.pattern);
  if (const auto known = exceptions.find(name); known != exceptions.end()) return known->second;
  const auto rule = rules.find(endpoint.pattern.substr(0, endpoint.pattern.find('/')));
  REQUIRE_MESSAGE(rule != rules.end(), "no rule for ", name);
  return endpoint.method == "GET" ? rule->second.read : rule->second.write;
}

/// A path of the pattern that leads to nothing, so that nobody's request changes what the next one finds; of users, to
/// the one who asks, whom a body that says nothing does not change.
std::string target_of(const Endpoint& endpoint, As role) {
  std::string target(endpoint.pattern);
  const std::size_t at = target.find("{id}");
  if (at == std::string::npos) return target;
  return target.replace(at, 4, target.starts_with("users/") ? Bed::user_of(role).text() : "XNOTHING");
}

}  // namespace

TEST_CASE("every endpoint lets in every role that may, by token and in a session, and no other") {
  Bed bed;
  std::map<As, Headers> sessions;
  for (const As role : roles) sessions[role] = bed.session_of(role);
  for (const Endpoint& endpoint : api::all_endpoints()) {
    if (endpoint.access == Endpoint::Access::open) continue;
    // Last, because it ends the session.
    if (endpoint.method == "DELETE" && endpoint.pattern == "session") continue;
    for (const As role : roles) {
      const std::string target = target_of(endpoint, role);
      CAPTURE(endpoint.method);
      CAPTURE(target);
      CAPTURE(static_cast<int>(role));
      const bool may = role <= weakest(endpoint);
      // A list as a body is no request of anything: what may not be done is refused before that is seen.
      const std::string body = endpoint.method == "GET" ? "" : "[1]";
      const Answer paged = bed.ask_in(sessions[role], endpoint.method, target, body);
      if (endpoint.access == Endpoint::Access::token) {
        const Answer answer = bed.ask(endpoint.method, target, body, role);
        CHECK((answer.status() == 403) == !may);
        if (!may) CHECK(answer.json() == refusal);
      } else {
        CHECK(bed.ask(endpoint.method, target, body, role).json() == R"({"detail":"Not signed in."})");
      }
      CHECK((paged.status() == 403) == !may);
      if (!may) CHECK(paged.json() == refusal);
    }
    for (const As outsider : {As::nobody, As::inactive}) {
      CHECK(bed.ask(endpoint.method, target_of(endpoint, outsider), "", outsider).status() == 403);
    }
  }
  for (const As role : roles) CHECK(bed.ask_in(sessions[role], "DELETE", "session").status() == 204);
}

TEST_CASE("what changes anything takes the CSRF token of the session, at every endpoint") {
  Bed bed;
  const Headers page = bed.session_of(As::admin);
  for (const Endpoint& endpoint : api::all_endpoints()) {
    if (endpoint.access == Endpoint::Access::open || endpoint.method == "GET") continue;
    CAPTURE(endpoint.pattern);
    CHECK(bed.ask_in({page[0]}, endpoint.method, target_of(endpoint, As::admin), "[1]").json() ==
          R"({"detail":"CSRF token is missing or wrong."})");
  }
}

TEST_CASE("what is open to anybody is known") {
  std::vector<std::string> open;
  for (const Endpoint& endpoint : api::all_endpoints()) {
    if (endpoint.access == Endpoint::Access::open) {
      open.push_back(std::string(endpoint.method) + " " + std::string(endpoint.pattern));
    }
  }
  CHECK(open == std::vector<std::string>{"POST session", "GET signin_links/{id}", "POST signin_links/{id}",
                                         "GET openapi.json"});
}
