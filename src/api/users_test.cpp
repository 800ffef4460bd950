// Users, organisations and the small lists (spec: api.md 5.6, U1 to U3, T1, K1, K2).
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* admin = R"({"id":"UAAAAAAAAAAA1","grafana_id":0,"email":"admin@example.org","slack":null,
  "username":"admin","role":"admin","is_phone_number_verified":false,"timezone":null,"teams":[]})";

}  // namespace

TEST_CASE("U1: one user, and the user of the token") {
  Bed bed;
  CHECK(bed.ask("GET", "users/UAAAAAAAAAAA1").json() == sorted(admin));
  CHECK(bed.ask("GET", "users/current/").json() == sorted(admin));
  CHECK(bed.ask("GET", "users/current", "", As::viewer).at("username") == "viewer");
}

TEST_CASE("U2: the list holds active users of all roles; the short form leaves three members out") {
  Bed bed;
  const Answer list = bed.ask("GET", "users");
  CHECK(list.at("count") == "4");
  CHECK(list.at("page_size") == "100");
  CHECK(list.at("next") == "null");
  CHECK(sorted(list.at("results.0")) == sorted(admin));
  CHECK(list.at("results.1.role") == "editor");
  CHECK(list.at("results.2.role") == "viewer");
  CHECK(list.at("results.3.role") == "none");
  CHECK(sorted(bed.ask("GET", "users?short=true").at("results.0")) ==
        sorted(R"({"id":"UAAAAAAAAAAA1","grafana_id":0,"email":"admin@example.org","username":"admin","role":"admin",
                   "is_phone_number_verified":false})"));
}

TEST_CASE("users by name, address and role") {
  Bed bed;
  CHECK(bed.ask("GET", "users?username=ADMIN").at("results.0.id") == "UAAAAAAAAAAA1");
  CHECK(bed.ask("GET", "users?username=admi").at("count") == "0");
  CHECK(bed.ask("GET", "users?email=Editor@example.org").at("count") == "1");
  CHECK(bed.ask("GET", "users?roles=0&roles=2").at("count") == "2");
  const Answer bad = bed.ask("GET", "users?roles=4");
  CHECK(bad.status() == 400);
  CHECK(bad.body() == R"({"roles":["Select a valid choice. 4 is not one of the available choices."]})");
}

TEST_CASE("U3: an unknown user and one that is no longer active are not found") {
  Bed bed;
  CHECK(bed.ask("GET", "users/UZZZZZZZZZZZZ").status() == 404);
  CHECK(bed.ask("GET", "users/" + Bed::user_of(As::inactive).text()).status() == 404);
}

TEST_CASE("organisations: the list, and one's own for any id") {
  Bed bed;
  CHECK(bed.ask("GET", "organizations").json() == sorted(R"({"count":1,"next":null,"previous":null,
    "results":[{"id":"OAAAAAAAAAAA1"}],"page_size":25,"current_page_number":1,"total_pages":1})"));
  CHECK(bed.ask("GET", "organizations/whatever").body() == R"({"id":"OAAAAAAAAAAA1"})");
}

TEST_CASE("K1, K2: user groups and Slack channels are empty lists") {
  Bed bed;
  for (const char* path : {"user_groups", "slack_channels"}) {
    CAPTURE(path);
    CHECK(bed.ask("GET", path).json() == sorted(R"({"count":0,"next":null,"previous":null,"results":[],
      "page_size":50,"current_page_number":1,"total_pages":1})"));
  }
}
