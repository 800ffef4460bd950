#include "change/sign_in.hpp"

#include <doctest/doctest.h>

#include "access/access.hpp"

using namespace tocsin;

namespace {

const clock::Instant now = clock::Instant::from_seconds(1'000'000);
const change::Edit edit{model::OrganizationId("O1"), {model::Via::web, model::UserId("U1"), "192.0.2.1"}, now};

model::User ann() {
  model::User user;
  user.id = model::UserId("U1");
  user.username = "ann";
  return user;
}

model::Session session(int number, clock::Instant expires) {
  model::Session made;
  made.id = model::SessionId("Y" + std::to_string(number));
  made.user = ann().id;
  made.digest = "secret digest";
  made.expires_at = expires;
  return made;
}

}  // namespace

TEST_CASE("a password has ten characters, whatever their bytes, and is not the name") {
  CHECK(change::check_password("0123456789", "ann", "password").ok());
  CHECK(change::check_password("äöüäöüäöüä", "ann", "password").ok());
  CHECK_FALSE(change::check_password("äöüäöüäöü", "ann", "password").ok());
  CHECK(change::check_password("012345678", "ann", "secret").error().where == "secret");
  CHECK_FALSE(change::check_password(std::string(257, 'x'), "ann", "password").ok());
  CHECK_FALSE(change::check_password("annabellaX", "AnnaBellaX", "password").ok());
}

TEST_CASE("a link lives for a day and is told without its secret") {
  model::SignInLink link;
  link.digest = "secret digest";
  const auto unit = change::make_link(ann(), link, edit);
  REQUIRE(unit.ok());
  const auto& kept = std::get<model::SignInLink>(unit->records.front());
  CHECK(kept.user == ann().id);
  CHECK(access::is_live(kept, now + std::chrono::hours(24) - std::chrono::seconds(1)));
  CHECK_FALSE(access::is_live(kept, now + std::chrono::hours(24)));
  CHECK(unit->audit.front().after.find("secret") == std::string::npos);
  model::User gone = ann();
  gone.active = false;
  CHECK(change::make_link(gone, link, edit).error().kind == base::ErrorKind::conflict);
}

TEST_CASE("using a link sets the password, ends sessions and takes the link away; no hash is told") {
  change::LinkUse use;
  use.user = ann();
  use.sessions = {session(1, now + std::chrono::hours(1))};
  const auto plain = change::use_link(use, {}, "argon hash", edit);
  REQUIRE(plain.ok());
  REQUIRE(plain->audit.size() == 1);  // the profile is as it was
  CHECK(plain->audit[0].action == "password.changed");
  CHECK(plain->audit[0].after == "null");
  CHECK(plain->removals.size() == 2);
  change::UserChange profile;
  profile.name = "Ann";
  const auto named = change::use_link(use, profile, "argon hash", edit);
  CHECK(named->audit.size() == 2);
  for (const model::AuditEntry& entry : named->audit) CHECK(entry.after.find("argon") == std::string::npos);
  profile.username = "";
  CHECK_FALSE(change::use_link(use, profile, "argon hash", edit).ok());
}

TEST_CASE("a new session ends those that are over, and the oldest when there are too many") {
  std::vector<model::Session> old;
  for (int i = 0; i < 60; ++i) {
    old.push_back(session(i, i % 10 == 0 ? now : now + std::chrono::hours(1)));
  }
  const model::Unit unit = change::begin_session(session(99, {}), old, edit);
  std::size_t live = 0;
  for (const model::Session& each : old) live += access::is_live(each, now) ? 1 : 0;
  CHECK(unit.removals.size() == old.size() - (access::session_limit - 1));
  CHECK(live == 54);
  CHECK(std::get<model::SessionId>(unit.removals.back()).text() == "Y59");
  const auto& kept = std::get<model::Session>(unit.records.front());
  CHECK(kept.expires_at == now + access::session_length);
  CHECK(unit.audit.front().after.find("secret") == std::string::npos);
}
