#include "change/team.hpp"

#include <doctest/doctest.h>

using namespace tocsin;

namespace {

const change::Edit edit{
    model::OrganizationId("O1"), {model::Via::web, model::UserId("U1"), ""}, clock::Instant::from_seconds(1000)};

change::TeamChange named(const char* name) {
  change::TeamChange change;
  change.name = name;
  return change;
}

}  // namespace

TEST_CASE("a team has a name that no other has, and members that there are, each once") {
  const model::TeamId id("T1");
  change::TeamChange change = named("Ops");
  change.members = {model::UserId("U2"), model::UserId("U1"), model::UserId("U2")};
  const auto unit = change::create_team(id, change, {}, edit);
  REQUIRE(unit.ok());
  const auto& team = std::get<model::Team>(unit->records.front());
  CHECK(team.members == std::vector<model::UserId>{model::UserId("U2"), model::UserId("U1")});
  CHECK(team.organization.text() == "O1");
  CHECK(unit->audit.front().action == "team.created");
  CHECK(unit->audit.front().after.find("U2") != std::string::npos);

  CHECK(change::create_team(id, {}, {}, edit).error().where == "name");
  CHECK(change::create_team(id, named("  "), {}, edit).error().where == "name");
  CHECK(change::create_team(id, named(std::string(151, 'x').c_str()), {}, edit).error().where == "name");
  CHECK(change::create_team(id, named("Ops"), {.name_taken = true}, edit).error().where == "name");
  CHECK(change::create_team(id, named("Ops"), {.member_unknown = true}, edit).error().where == "members");
}

TEST_CASE("what an edit of a team leaves out stays; a deletion is told") {
  model::Team team{model::TeamId("T1"), model::OrganizationId("O1"), "Ops",
                   "ops@example.org",   {model::UserId("U1")},       {}};
  change::TeamChange change = named("Operations");
  const auto renamed = change::change_team(team, change, {}, edit);
  REQUIRE(renamed.ok());
  CHECK(std::get<model::Team>(renamed->records.front()).members.size() == 1);
  CHECK(std::get<model::Team>(renamed->records.front()).email == "ops@example.org");
  change.email = std::optional<std::string>("");
  const auto mute = change::change_team(team, change, {}, edit);
  CHECK_FALSE(std::get<model::Team>(mute->records.front()).email.has_value());
  const model::Unit gone = change::delete_team(team, edit);
  CHECK(std::get<model::TeamId>(gone.removals.front()) == team.id);
  CHECK(gone.audit.front().before.find("Ops") != std::string::npos);
}
