// teams, and where they are named; audit; status.
#include "api/testbed.hpp"

#include <doctest/doctest.h>

#include "base/log.hpp"

using namespace tocsin;
using api::testbed::Answer;
using api::testbed::As;
using api::testbed::Bed;
using api::testbed::sorted;

namespace {

std::string made(Bed& bed, const char* resource, const std::string& body) {
  const Answer answer = bed.ask("POST", resource, body);
  REQUIRE_MESSAGE(answer.status() == 201, answer.body());
  return answer.at("id");
}

}  // namespace

TEST_CASE("T1: teams are listed and found by name") {
  Bed bed;
  CHECK(bed.ask("GET", "teams").at("count") == "0");
  CHECK(bed.ask("GET", "teams/TAAAAAAAAAAA1").status() == 404);
  const std::string id = made(bed, "teams", R"({"name":" Ops ","email":"ops@example.org"})");
  const std::string shown =
      sorted(R"({"id":")" + id + R"(","grafana_id":0,"name":"Ops","email":"ops@example.org","avatar_url":""})");
  CHECK(bed.ask("GET", "teams/" + id, "", As::viewer).json() == shown);
  CHECK(bed.ask("GET", "teams?name=Ops").at("results.0.id") == id);
  CHECK(bed.ask("GET", "teams?name=ops").at("count") == "0");
}

TEST_CASE("members are set as a whole, and users know their teams") {
  Bed bed;
  const std::string viewer = Bed::user_of(As::viewer).text(), editor = Bed::user_of(As::editor).text();
  const std::string id = made(bed, "teams", R"({"name":"Ops","members":[")" + viewer + R"("]})");
  CHECK(bed.ask("GET", "users/" + viewer).at("teams.0") == id);
  CHECK(bed.ask("PATCH", "teams/" + id, R"({"members":[")" + editor + R"("]})").at("members.0") == editor);
  CHECK(bed.ask("GET", "users/" + viewer).at("teams") == "[]");
  CHECK(bed.ask("GET", "teams/" + id + "/details").at("members.0") == editor);
  CHECK(bed.ask("PATCH", "teams/" + id, R"({"name":"Operations"})").at("members.0") == editor);
  CHECK(bed.ask("PATCH", "teams/" + id, R"({"members":["UNOBODY"]})").json() ==
        R"({"members":["Object does not exist"]})");
  CHECK(bed.ask("PATCH", "teams/" + id, R"({"members":"x"})").status() == 400);
  CHECK(bed.ask("PATCH", "teams/" + id, R"({"members":[7]})").status() == 400);
  CHECK(bed.ask("POST", "teams", R"({"name":"Operations"})").json() ==
        R"({"name":["A team with this name already exists."]})");
  CHECK(bed.ask("PATCH", "teams/TNONE", "{}").status() == 404);
}

TEST_CASE("integrations and their groups belong to a team until it goes") {
  Bed bed;
  const std::string id = made(bed, "teams", R"({"name":"Ops"})");
  const std::string integration =
      made(bed, "integrations", R"({"type":"webhook","name":"Ours","team_id":")" + id + R"("})");
  CHECK(bed.ask("POST", "integrations", R"({"type":"webhook","team_id":"TNONE"})").json() ==
        R"({"team_id":["Object does not exist"]})");
  CHECK(bed.ask("GET", "integrations?team_id=" + id).at("count") == "1");
  CHECK(bed.ask("GET", "integrations?team_id=null").at("count") == "1");
  CHECK(bed.ask("GET", "integrations?team_id=TNONE").status() == 400);
  CHECK(bed.ask("POST", "integrations/" + integration + "/demo_alert").status() == 200);
  CHECK(bed.ask("GET", "alert_groups?team_id=" + id).at("results.0.team_id") == id);
  CHECK(bed.ask("GET", "alert_groups?team_id=TNONE").status() == 400);

  CHECK(bed.ask("DELETE", "teams/" + id).status() == 204);
  CHECK(bed.ask("DELETE", "teams/" + id).status() == 404);
  CHECK(bed.ask("GET", "integrations/" + integration).at("team_id") == "null");
  CHECK(bed.ask("GET", "alert_groups?team_id=null").at("count") == "1");
}

TEST_CASE("every change of settings is told with who, what, before and after, and is found") {
  Bed bed;
  const std::string user = made(bed, "users", R"({"username":"ann","role":"editor"})");
  CHECK(bed.ask("PATCH", "users/" + user, R"({"role":"viewer"})").status() == 200);
  const Answer changed = bed.ask("GET", "audit?subject=" + user);
  CHECK(changed.at("count") == "2");
  CHECK(changed.at("results.0.action") == "user.changed");
  CHECK(changed.at("results.0.before.role") == "editor");
  CHECK(changed.at("results.0.after.role") == "viewer");
  CHECK(changed.at("results.0.username") == "admin");
  CHECK(changed.at("results.0.via") == "api");
  CHECK(changed.at("results.0.address") == "192.0.2.7");
  CHECK(changed.at("results.1.before") == "null");

  CHECK(bed.ask_in(bed.session_of(As::admin), "POST", "teams", R"({"name":"Ops"})").status() == 201);
  CHECK(bed.ask("GET", "audit?action=team.created").at("results.0.via") == "web");
  CHECK(bed.ask("GET", "audit?action=user.").at("count") == "2");
  CHECK(bed.ask("GET", "audit?search=ANN").at("count") == "2");
  CHECK(bed.ask("GET", "audit?user=admin&action=team.").at("count") == "1");
  CHECK(bed.ask("GET", "audit?user=editor").at("count") == "0");
  CHECK(bed.ask("GET", "audit?perpage=1&page=2").at("results.0.action") != "team.created");
}

TEST_CASE("no secret is in the audit trail or in any list") {
  Bed bed;
  const Answer token = bed.ask("POST", "tokens", R"({"name":"ci"})");
  const Answer integration = bed.ask("POST", "integrations", R"({"type":"webhook","name":"x"})");
  const Answer link = bed.ask("POST", "users/" + Bed::user_of(As::viewer).text() + "/signin_link");
  const api::testbed::Headers page = bed.session_of(As::editor);
  const std::string url = integration.at("link");
  const std::string integration_token = url.substr(url.find("webhook/") + 8, 25);
  const std::string link_secret = link.at("url").substr(link.at("url").rfind('/') + 1);
  const std::string session_secret = page[0].second.substr(page[0].second.rfind('=') + 1);
  for (const char* list : {"audit?perpage=100", "tokens", "sessions", "users/details", "status"}) {
    const std::string body = bed.ask("GET", list).body();
    for (const std::string& secret : {token.at("token"), integration_token, link_secret, session_secret,
                                      std::string("a good password"), std::string("argon2id")}) {
      CAPTURE(list);
      REQUIRE(secret.size() > 7);
      CHECK(body.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("the status tells what the server is and what went wrong") {
  Bed bed;
  bed.clock().advance(std::chrono::seconds(90));
  const std::string integration = api::testbed::integration.text();
  CHECK(bed.ask("POST", "integrations/" + integration + "/demo_alert", R"({"payload":{"a":1}})").status() == 200);
  base::log(base::LogLevel::error, "a test went wrong", {{"part", "the left one"}});
  const Answer status = bed.ask("GET", "status");
  CHECK(status.at("version") == "test");
  CHECK(status.at("uptime_seconds") == "90");
  CHECK(status.at("ledger.bytes").size() >= 5);
  CHECK(status.at("rates.alerts_last_minute") == "1");
  CHECK(status.at("problems.0.level") == "error");
  CHECK(status.at("problems.0.text") == "a test went wrong part=\"the left one\"");
  CHECK(bed.ask("GET", "integrations/" + integration + "/intake").at("alerts_last_hour") == "1");
}
