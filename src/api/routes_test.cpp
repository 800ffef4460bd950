// Routes and their order (spec: api.md 5.3, R1 to R12; 1.10).
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* default_route = R"({
  "id": "RAAAAAAAAAAA1", "integration_id": "CAAAAAAAAAAA1", "escalation_chain_id": null, "routing_type": "regex",
  "routing_regex": null, "position": 0, "is_the_last_route": true,
  "slack": {"channel_id": null, "enabled": true}, "telegram": {"id": null, "enabled": false},
  "mobile_app": {"id": null, "enabled": false}, "mobile_app_critical": {"id": null, "enabled": false},
  "email": {"id": null, "enabled": false}, "webhook": {"id": null, "enabled": false},
  "mattermost": {"id": null, "enabled": false}})";

/// Creates a route of the test's integration; `more` are further members, each with a comma before it.
Answer create(Bed& bed, const std::string& regex, const std::string& more = "") {
  return bed.ask(
      "POST", "routes",
      R"({"integration_id":"CAAAAAAAAAAA1","escalation_chain_id":null,"routing_regex":")" + regex + "\"" + more + "}");
}

std::string made(Bed& bed, const std::string& regex, const std::string& more = "") {
  const Answer answer = create(bed, regex, more);
  REQUIRE(answer.status() == 201);
  return answer.at("id");
}

Answer put(Bed& bed, const std::string& id, std::string_view body) {
  return bed.ask("PUT", "routes/" + id, body);
}

/// The expressions in order with their positions: `a0 b1 c2`.
std::string order(Bed& bed) {
  const Answer list = bed.ask("GET", "routes?integration_id=CAAAAAAAAAAA1");
  std::string text;
  for (int i = 0;; ++i) {
    const std::string at = "results." + std::to_string(i);
    if (list.at(at) == "(absent)" || list.at(at + ".is_the_last_route") == "true") return text;
    if (!text.empty()) text += ' ';
    text += list.at(at + ".routing_regex") + list.at(at + ".position");
  }
}

void check_refused(const Answer& answer, const std::string& body) {
  CHECK(answer.status() == 400);
  CHECK(answer.body() == body);
}

}  // namespace

TEST_CASE("R1, R2: the default route, alone and in the list, where it comes last") {
  Bed bed;
  CHECK(bed.ask("GET", "routes/RAAAAAAAAAAA1").json() == sorted(default_route));
  const std::string list = std::string(R"({"count":1,"next":null,"previous":null,"page_size":25,
    "current_page_number":1,"total_pages":1,"results":[)") +
                           default_route + "]}";
  CHECK(bed.ask("GET", "routes").json() == sorted(list));
  CHECK(bed.ask("GET", "routes/?integration_id=CAAAAAAAAAAA1").json() == sorted(list));
  CHECK(bed.ask("GET", "routes?integration_id=CZZZZZZZZZZZZ").at("results") == "[]");
  made(bed, "a");
  CHECK(bed.ask("GET", "routes?integration_id=CAAAAAAAAAAA1&routing_type=regex").at("results.1.id") == route.text());
  CHECK(bed.ask("GET", "routes?routing_regex=a").at("count") == "1");
}

TEST_CASE("R3, R4: create") {
  Bed bed;
  const Answer answer = create(bed, "testreg");
  CHECK(answer.status() == 201);
  const std::string id = answer.at("id");
  CHECK(id.size() == 13);
  CHECK(answer.at("position") == "0");
  CHECK(answer.at("is_the_last_route") == "false");
  CHECK(answer.at("slack") == R"({"channel_id":null,"enabled":true})");
  CHECK(answer.at("telegram.enabled") == "false");
  CHECK(answer.at("escalation_chain_id") == "null");
  CHECK(answer.at("routing_type") == "regex");
  CHECK(bed.ask("GET", "routes/" + id).json() == answer.json());
  CHECK(made(bed, "later", R"(,"position":-1)") != id);
  CHECK(order(bed) == "testreg0 later1");
}

TEST_CASE("SUP2: the chain may be left out or emptied") {
  Bed bed;
  const Answer answer = bed.ask("POST", "routes", R"({"integration_id":"CAAAAAAAAAAA1","routing_regex":" a "})");
  CHECK(answer.status() == 201);
  CHECK(answer.at("routing_regex") == "a");
  for (const char* none : {R"({"escalation_chain_id":null})", R"({"escalation_chain_id":""})"}) {
    CHECK(put(bed, answer.at("id"), none).at("escalation_chain_id") == "null");
  }
  check_refused(put(bed, answer.at("id"), R"({"escalation_chain_id":"FZZ"})"),
                R"({"escalation_chain_id":["Object does not exist"]})");
}

TEST_CASE("R5: what a new route needs") {
  Bed bed;
  check_refused(bed.ask("POST", "routes", R"({"integration_id":"CAAAAAAAAAAA1","routing_regex":null})"),
                R"({"routing_regex":["This field may not be null."]})");
  check_refused(bed.ask("POST", "routes", R"({"integration_id":"CAAAAAAAAAAA1","routing_regex":""})"),
                R"({"routing_regex":["This field may not be blank."]})");
  check_refused(bed.ask("POST", "routes", R"({"integration_id":"CAAAAAAAAAAA1"})"),
                R"({"routing_regex":["This field is required."]})");
  check_refused(bed.ask("POST", "routes", R"({"integration_id":"CZZ","routing_regex":"a"})"),
                R"({"integration_id":["Object does not exist"]})");
  check_refused(bed.ask("POST", "routes", R"({"routing_regex":"a"})"),
                R"({"integration_id":["This field is required."]})");
  CHECK(bed.ask("GET", "routes").at("count") == "1");
}

TEST_CASE("expressions are checked as what they are") {
  Bed bed;
  check_refused(create(bed, "(unclosed"), R"({"non_field_errors":["Regular expression is incorrect"]})");
  check_refused(create(bed, "{{ payload", R"(,"routing_type":"jinja2")"),
                R"({"non_field_errors":["Jinja template is incorrect"]})");
  check_refused(create(bed, "a", R"(,"routing_type":"glob")"), R"({"detail":"Invalid route type"})");
  check_refused(create(bed, "a", R"(,"routing_type":"labels")"),
                R"({"non_field_errors":["Expression type is incorrect"]})");
  const std::string id = made(bed, "{{ payload.severity == 'critical' }}", R"(,"routing_type":"jinja2")");
  CHECK(bed.ask("GET", "routes/" + id).at("routing_type") == "jinja2");
}

TEST_CASE("R12: an expression is at most 1024 characters long") {
  Bed bed;
  const std::string over = R"({"non_field_errors":["Expression is too long. Maximum length: 1024 characters, )"
                           R"(current length: 1025"]})";
  check_refused(create(bed, std::string(1025, 'a')), over);
  const std::string id = made(bed, std::string(1024, 'a'));
  check_refused(put(bed, id, R"({"routing_regex":")" + std::string(1025, 'a') + "\"}"), over);
}

TEST_CASE("R6, R7: change and delete") {
  Bed bed;
  const std::string id = made(bed, "a");
  const Answer changed = put(bed, id, R"({"routing_regex":"b","integration_id":"CZZ","is_the_last_route":true})");
  CHECK(changed.status() == 200);
  CHECK(changed.at("routing_regex") == "b");
  CHECK(changed.at("integration_id") == integration.text());
  CHECK(changed.at("is_the_last_route") == "false");
  model::AlertGroup group = firing("IAAAAAAAAAAA1");
  group.route = model::RouteId(id);
  bed.put(group);
  CHECK(bed.ask("DELETE", "routes/" + id).status() == 204);
  CHECK(bed.ask("GET", "routes/" + id).body() == R"({"detail":"Not found."})");
  CHECK(bed.ask("DELETE", "routes/" + id).status() == 404);
  CHECK(bed.ask("GET", "alert_groups/IAAAAAAAAAAA1").at("route_id") == "null");
}

TEST_CASE("the default route can be changed but not deleted") {
  Bed bed;
  check_refused(bed.ask("DELETE", "routes/RAAAAAAAAAAA1"), R"({"detail":"Unable to delete default filter"})");
  CHECK(put(bed, "RAAAAAAAAAAA1", R"({"slack":{"enabled":false},"routing_regex":null})").at("slack.enabled") ==
        "false");
}

TEST_CASE("R8, R9, R10: chat and messaging targets") {
  Bed bed;
  check_refused(create(bed, "a", R"(,"slack":{"channel_id":"C123"})"),
                R"({"detail":"Slack isn't connected to this workspace"})");
  const std::string id = made(bed, "a", R"(,"slack":{"channel_id":null,"enabled":false},"telegram":{"enabled":true},
                                           "email":{"id":"box","enabled":false})");
  const Answer shown = bed.ask("GET", "routes/" + id);
  CHECK(shown.at("slack.enabled") == "false");
  CHECK(shown.at("telegram.enabled") == "true");
  CHECK(shown.at("email") == R"({"id":"box","enabled":false})");
  CHECK(put(bed, id, R"({"email":{"id":"other"}})").at("email") == R"({"id":"other","enabled":false})");
  CHECK(put(bed, id, R"({"email":{"id":null,"enabled":true}})").at("email") == R"({"id":null,"enabled":true})");
  CHECK(put(bed, id, R"({"msteams":{"id":"x"}})").status() == 200);
  check_refused(put(bed, id, R"({"slack":null})"), R"({"slack":["This field may not be null."]})");
}

TEST_CASE("R11: positions out of range") {
  Bed bed;
  const std::string id = made(bed, "a");
  const std::string refused = R"({"detail":"Invalid value for position field"})";
  check_refused(put(bed, id, R"({"position":-1,"manual_order":true})"), refused);
  check_refused(put(bed, id, R"({"position":9223372036854775807,"manual_order":true})"), refused);
  check_refused(put(bed, id, R"({"position":-2})"), refused);
  check_refused(put(bed, id, R"({"position":2147483648})"), refused);
  CHECK(put(bed, id, R"({"position":2147483647})").at("position") == "2147483647");
  // Nothing is made when the position of a new one is wrong.
  check_refused(create(bed, "b", R"(,"position":-5)"), refused);
  CHECK(order(bed) == "a2147483647");
}

TEST_CASE("1.10: by moving, the others close up or give way") {
  Bed bed;
  const std::string a = made(bed, "a"), b = made(bed, "b"), c = made(bed, "c");
  CHECK(order(bed) == "a0 b1 c2");
  CHECK(put(bed, c, R"({"position":0})").at("position") == "0");
  CHECK(order(bed) == "c0 a1 b2");
  CHECK(put(bed, c, R"({"position":-1})").at("position") == "2");
  CHECK(order(bed) == "a0 b1 c2");
  CHECK(put(bed, a, R"({"position":100})").at("position") == "100");
  CHECK(order(bed) == "b0 c1 a100");
  made(bed, "d", R"(,"position":0)");
  CHECK(order(bed) == "d0 b1 c2 a101");
  CHECK(bed.ask("DELETE", "routes/" + b).status() == 204);
  CHECK(order(bed) == "d0 c2 a101");
}

TEST_CASE("1.10: in manual order, the two exchange places") {
  Bed bed;
  const std::string a = made(bed, "a"), b = made(bed, "b");
  made(bed, "c");
  CHECK(put(bed, b, R"({"position":0,"manual_order":true})").at("position") == "0");
  CHECK(order(bed) == "b0 a1 c2");
  made(bed, "d", R"(,"position":0,"manual_order":true)");
  CHECK(order(bed) == "d0 a1 c2 b3");
  CHECK(put(bed, a, R"({"position":50,"manual_order":true})").at("position") == "50");
  CHECK(order(bed) == "d0 c2 b3 a50");
  CHECK(put(bed, a, R"({"routing_regex":"e","manual_order":true})").at("position") == "50");
}
