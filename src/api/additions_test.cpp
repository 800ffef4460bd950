#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using api::testbed::Answer;
using api::testbed::As;
using api::testbed::Bed;

namespace {

const std::string payments = "integrations/" + api::testbed::integration.text();

Answer preview(Bed& bed, std::string_view body, As as = As::admin) {
  return bed.ask("POST", payments + "/preview", body, as);
}

}  // namespace

TEST_CASE("a preview tells what a payload would become, with the stored templates or with others") {
  Bed bed;
  REQUIRE(bed.ask("PATCH", payments, R"({"templates":{"web":{"title":"Disk of {{ payload.host }}"},
    "grouping_key":"{{ payload.host }}"},"labels":[{"key":{"name":"team"},"value":{"name":"db"}}]})")
              .status() == 200);
  const Answer stored = preview(bed, R"({"payload":{"host":"db1","done":true}})");
  REQUIRE(stored.status() == 200);
  CHECK(stored.at("alerts.0.title") == "Disk of db1");
  CHECK(stored.at("alerts.0.grouping_key") == "db1");
  CHECK(stored.at("alerts.0.signal") == "fire");
  CHECK(stored.at("alerts.0.route_id") == api::testbed::route.text());
  CHECK(stored.at("alerts.0.labels") == R"({"team":"db"})");
  CHECK(stored.at("alerts.0.appearance.web.title") == "Disk of db1");
  CHECK(stored.at("alerts.0.appearance.errors") == "[]");

  const Answer tried = preview(bed, R"({"payload":{"host":"db1","done":true},"templates":{
    "web":{"title":"Now {{ payload.host }}"},"grouping_key":null,"resolve_signal":"{{ payload.done }}"}})");
  CHECK(tried.at("alerts.0.title") == "Now db1");
  CHECK(tried.at("alerts.0.grouping_key") != "db1");
  CHECK(tried.at("alerts.0.signal") == "resolve");
}

TEST_CASE("a preview stores nothing and changes nothing") {
  Bed bed;
  REQUIRE(preview(bed, R"({"payload":{"a":1},"templates":{"web":{"title":"x"}}})").status() == 200);
  CHECK(bed.ask("GET", "alert_groups").at("count") == "0");
  CHECK(bed.ask("GET", payments).at("templates.web.title") == "null");
}

TEST_CASE("a preview shows the mistake of a template where it would show on the alert") {
  Bed bed;
  const Answer answer =
      preview(bed, R"({"payload":{"a":1},"templates":{"slack":{"title":"{{ payload"},"grouping_key":"{{ 1 / 0 }}"}})");
  REQUIRE(answer.status() == 200);
  CHECK(answer.at("alerts.0.appearance.slack.title") == "null");
  CHECK(answer.at("alerts.0.appearance.errors.0.field") == "slack.title");
  CHECK(answer.at("alerts.0.trace").find("zerodivision") != std::string::npos);
  CHECK_FALSE(answer.at("alerts.0.grouping_key").empty());
}

TEST_CASE("a preview without a payload takes the type's example; viewers may look") {
  Bed bed;
  CHECK(preview(bed, "", As::viewer).status() == 200);
  CHECK(preview(bed, "", As::none).status() == 403);
  CHECK(preview(bed, R"({"templates":"x"})").status() == 400);
  CHECK(bed.ask("POST", "integrations/CNOTTHERE/preview", "{}").status() == 404);
}

TEST_CASE("how to connect holds the integration's URL") {
  Bed bed;
  const Answer answer = bed.ask("GET", payments + "/connect");
  REQUIRE(answer.status() == 200);
  const std::string link = answer.at("link");
  CHECK(link == "https://tocsin.example.org/oncall/integrations/v1/webhook/payments/");
  CHECK(answer.at("markdown").find(link) != std::string::npos);
  CHECK(answer.at("markdown").find("{{url}}") == std::string::npos);
}

TEST_CASE("the catalogue lists its types, and shows one with all that it brings") {
  Bed bed;
  const Answer list = bed.ask("GET", "catalog", {}, As::viewer);
  REQUIRE(list.status() == 200);
  CHECK(std::stoi(list.at("count")) >= 8);
  CHECK(list.at("results.0.featured") == "true");
  CHECK(list.at("results.0.templates") == "(absent)");
  const Answer type = bed.ask("GET", "catalog/alertmanager");
  REQUIRE(type.status() == 200);
  CHECK(type.at("creatable") == "true");
  CHECK(type.at("templates.web.title") != "null");
  CHECK(type.at("example").starts_with("{"));
  CHECK(type.at("connect").find("{{url}}") != std::string::npos);
  CHECK(bed.ask("GET", "catalog/legacy_alertmanager").at("creatable") == "false");
  CHECK(bed.ask("GET", "catalog/no_such").status() == 404);
  const Answer second = bed.ask("GET", "catalog?perpage=1&page=2");
  CHECK(second.at("results.0.id") != list.at("results.0.id"));
  CHECK(second.at("current_page_number") == "2");
}

TEST_CASE("admins make users and change them") {
  Bed bed;
  const Answer made = bed.ask("POST", "users", R"({"username":"ann","email":"ann@example.org","role":"editor",
    "timezone":"Europe/Vienna"})");
  REQUIRE(made.status() == 201);
  CHECK(made.at("role") == "editor");
  const std::string id = made.at("id");
  CHECK(bed.ask("GET", "users/" + id + "/details").json() == made.json());
  CHECK(bed.ask("PATCH", "users/" + id, R"({"role":"viewer"})").at("role") == "viewer");
  CHECK(bed.ask("GET", "users/" + id).at("timezone") == "Europe/Vienna");
  CHECK(bed.ask("PATCH", "users/" + id, R"({"active":false})").status() == 200);
  CHECK(bed.ask("GET", "users/" + id).status() == 404);
  CHECK(bed.ask("PATCH", "users/" + id, R"({"active":true})").status() == 200);
  CHECK(bed.ask("GET", "users/" + id).status() == 200);
}

TEST_CASE("users that are refused, and who may not make them") {
  Bed bed;
  CHECK(bed.ask("POST", "users", "{}").body() == R"({"username":["This field is required."]})");
  CHECK(bed.ask("POST", "users", R"({"username":"admin"})").at("username.0") ==
        "A user with this name already exists.");
  CHECK(bed.ask("POST", "users", R"({"username":"ann","role":"boss"})").at("role.0") ==
        "\"boss\" is not a valid choice.");
  CHECK(bed.ask("POST", "users", R"({"username":"ann","timezone":"Mars"})").at("timezone.0") == "Invalid timezone");
  CHECK(bed.ask("PATCH", "users/UNOTTHERE", "{}").status() == 404);
  CHECK(bed.ask("POST", "users", R"({"username":"ann"})", As::editor).status() == 403);
  const std::string self = "users/" + Bed::user_of(As::editor).text();
  CHECK(bed.ask("PATCH", self, R"({"role":"admin"})", As::editor).status() == 403);
}

TEST_CASE("the last active admin can't be made less") {
  Bed bed;
  const std::string admin = "users/" + Bed::user_of(As::admin).text();
  for (const char* body : {R"({"role":"viewer"})", R"({"active":false})"}) {
    const Answer answer = bed.ask("PATCH", admin, body);
    CHECK(answer.status() == 400);
    CHECK(answer.at("detail") == "The last active admin stays an active admin");
  }
  REQUIRE(bed.ask("PATCH", "users/" + Bed::user_of(As::viewer).text(), R"({"role":"admin"})").status() == 200);
  CHECK(bed.ask("PATCH", admin, R"({"role":"viewer"})").status() == 200);
  // From now on the token is a viewer's.
  CHECK(bed.ask("POST", "users", R"({"username":"ann"})").status() == 403);
}
