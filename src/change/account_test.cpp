#include "change/account.hpp"

#include <doctest/doctest.h>

using namespace tocsin;

namespace {

const change::Edit edit{
    model::OrganizationId("O1"), {model::Via::cli, model::UserId(), ""}, clock::Instant::from_seconds(1000)};

const model::User& user_of(const model::Unit& unit) {
  for (const model::Record& record : unit.records) {
    if (const auto* user = std::get_if<model::User>(&record)) return *user;
  }
  FAIL("no user in the unit");
  std::abort();
}

change::UserChange named(const char* username) {
  change::UserChange change;
  change.username = username;
  return change;
}

model::User admin() {
  return user_of(change::found_organization(model::OrganizationId("O1"), model::UserId("U1"), edit));
}

}  // namespace

TEST_CASE("a new ledger gets an organisation and an active admin") {
  const model::Unit unit = change::found_organization(model::OrganizationId("O1"), model::UserId("U1"), edit);
  REQUIRE(unit.records.size() == 2);
  CHECK(std::get<model::Organization>(unit.records[0]).id.text() == "O1");
  CHECK(user_of(unit).role == model::Role::admin);
  CHECK(user_of(unit).active);
  CHECK(user_of(unit).organization.text() == "O1");
  CHECK(unit.audit.size() == 1);
}

TEST_CASE("a user needs a free name and a known zone") {
  CHECK(user_of(*change::create_user(model::UserId("U2"), named("ann"), {}, edit)).role == model::Role::viewer);
  CHECK(change::create_user(model::UserId("U2"), {}, {}, edit).error().where == "username");
  CHECK(change::create_user(model::UserId("U2"), named("ann"), {true, true}, edit).error().where == "username");
  change::UserChange zoned = named("ann");
  zoned.time_zone = "Mars/Olympus";
  CHECK(change::create_user(model::UserId("U2"), zoned, {}, edit).error().message == "Invalid timezone");
  zoned.time_zone = "Europe/Vienna";
  CHECK(user_of(*change::create_user(model::UserId("U2"), zoned, {}, edit)).time_zone == "Europe/Vienna");
}

TEST_CASE("the last active admin stays one") {
  change::UserChange demoted;
  demoted.role = model::Role::viewer;
  change::UserChange retired;
  retired.active = false;
  for (const change::UserChange& change : {demoted, retired}) {
    CHECK(change::change_user(admin(), change, {false, true}, edit).ok());
    const auto refused = change::change_user(admin(), change, {false, false}, edit);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().kind == base::ErrorKind::conflict);
  }
  change::UserChange renamed;
  renamed.name = "Ann";
  CHECK(change::change_user(admin(), renamed, {false, false}, edit).ok());
}

TEST_CASE("a token has a name, an owner and a place in the log, without its hash") {
  model::ApiToken token;
  token.id = model::ApiTokenId("K1");
  token.user = model::UserId("U1");
  token.lookup = "0123abcd";
  token.digest = "feedfeed";
  CHECK(change::create_token(token, 0, edit).error().message == "Invalid token name");
  token.name = "ci";
  const auto unit = change::create_token(token, 0, edit);
  REQUIRE(unit.ok());
  const auto& made = std::get<model::ApiToken>(unit->records[0]);
  CHECK(made.organization.text() == "O1");
  CHECK(made.created_at == edit.now);
  REQUIRE(unit->audit.size() == 1);
  CHECK(unit->audit[0].after.find("feedfeed") == std::string::npos);
  CHECK(unit->audit[0].after.find("0123abcd") == std::string::npos);
  CHECK(change::create_token(token, change::token_limit, edit).error().message == "Max token count");
}

TEST_CASE("a token is revoked once") {
  model::ApiToken token;
  token.id = model::ApiTokenId("K1");
  auto unit = change::revoke_token(token, edit);
  REQUIRE(unit.ok());
  const auto& revoked = std::get<model::ApiToken>(unit->records[0]);
  CHECK(revoked.revoked_at == edit.now);
  CHECK(change::revoke_token(revoked, edit)->empty());
}
