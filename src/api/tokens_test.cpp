// API tokens, an addition: made, used, revoked.
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using namespace tocsin::api::testbed;

TEST_CASE("a token shows its secret once, works at once, and no longer once it is revoked") {
  Bed bed;
  const Answer made = bed.ask("POST", "tokens", R"({"name":"terraform","user_id":"UAAAAAAAAAAA3"})");
  REQUIRE(made.status() == 201);
  const std::string secret = made.at("token");
  CHECK(secret.size() == 64);
  CHECK(made.at("user_id") == "UAAAAAAAAAAA3");
  const std::string path = "tokens/" + made.at("id");
  CHECK(bed.ask("GET", path).at("token") == "(absent)");
  CHECK(bed.ask("GET", path).body().find(secret) == std::string::npos);

  const Headers headers = {{"authorization", secret}};
  CHECK(bed.ask_with("GET", "users/current", "", headers).at("username") == "viewer");
  CHECK(bed.ask("DELETE", path).status() == 204);
  CHECK(bed.ask_with("GET", "users/current", "", headers).body() == R"({"detail":"Invalid token."})");
}

TEST_CASE("a token needs a name, a known user and an end that is to come") {
  Bed bed;
  CHECK(bed.ask("POST", "tokens", "{}").body() == R"({"name":["This field is required."]})");
  CHECK(bed.ask("POST", "tokens", R"({"name":"x","user_id":"UZZ"})").body() ==
        R"({"user_id":["Object does not exist"]})");
  CHECK(bed.ask("POST", "tokens", R"({"name":"x","expires_at":"2020-01-01T00:00:00Z"})").status() == 400);
  CHECK(bed.ask("POST", "tokens", R"({"name":"x","expires_at":"soon"})").status() == 400);
  CHECK(bed.ask("POST", "tokens", R"({"name":"x","expires_at":"2027-01-01T00:00:00Z"})").at("expires_at") ==
        "2027-01-01T00:00:00Z");
  CHECK(bed.ask("GET", "tokens").at("count") == "2");
}

TEST_CASE("only admins see and make tokens") {
  Bed bed;
  for (const As as : {As::editor, As::viewer, As::none}) {
    CHECK(bed.ask("GET", "tokens", "", as).status() == 403);
    CHECK(bed.ask("POST", "tokens", R"({"name":"x"})", as).status() == 403);
  }
}
