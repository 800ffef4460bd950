#include "engine/actions.hpp"

#include <doctest/doctest.h>

#include "engine/rig_test.hpp"

using namespace tocsin;
using namespace tocsin::engine;

namespace {

model::AlertGroupId open_group(Rig& rig, const model::Integration& integration, const std::string& key) {
  return rig.deliver(integration, R"({"alert_uid": ")" + key + "\"}")->groups.at(0);
}

}  // namespace

TEST_CASE("an action gives the group as it is afterwards, or says why not") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  const model::AlertGroupId id = open_group(rig, integration, "disk");
  Actions& actions = rig.engine().actions();
  const auto acknowledged = actions.perform(id, group::Acknowledge{}, person);
  REQUIRE(acknowledged.ok());
  CHECK(acknowledged->acknowledged_by_user == person.user);
  const auto again = actions.perform(id, group::Acknowledge{}, person);
  CHECK(again.error().kind == base::ErrorKind::conflict);
  CHECK(again.error().message == "Can't acknowledge an acknowledged alert group");
  CHECK(actions.perform(model::AlertGroupId("INONE"), group::Resolve{}, person).error().kind ==
        base::ErrorKind::not_found);
  CHECK(actions.perform(id, AttachTo{model::AlertGroupId("INONE")}, person).error().kind == base::ErrorKind::not_found);
}

TEST_CASE("of many, each is decided for itself") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  std::vector<model::AlertGroupId> ids;
  for (const char* key : {"a", "b", "c"}) ids.push_back(open_group(rig, integration, key));
  Actions& actions = rig.engine().actions();
  REQUIRE(actions.perform(ids[1], group::Resolve{}, person).ok());
  const auto outcomes = actions.perform_on_all(ids, group::Resolve{}, person);
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].ok());
  CHECK(outcomes[1].error().message == "Can't resolve a resolved alert group");
  CHECK(outcomes[2].ok());
}

TEST_CASE("attached groups follow; a deleted root frees them, and the audit trail tells it") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  const model::AlertGroupId root = open_group(rig, integration, "root");
  const model::AlertGroupId child = open_group(rig, integration, "child");
  Actions& actions = rig.engine().actions();
  REQUIRE(actions.perform(child, AttachTo{root}, person).ok());
  REQUIRE(actions.perform(root, group::Silence{std::chrono::minutes(10)}, person).ok());
  CHECK(rig.group(child).silenced_until == rig.group(root).silenced_until);
  rig.clock().advance(std::chrono::minutes(10));
  rig.settle();
  CHECK(model::state_of(rig.group(child)) == model::State::firing);
  REQUIRE(actions.perform(root, group::Delete{}, person).ok());
  CHECK(rig.group(child).root.empty());
  CHECK(actions.perform(root, group::Delete{}, person).error().kind == base::ErrorKind::not_found);
  const auto audit = store::read(rig.ledger(), [](const store::Reader& r) { return r.audit({}, {}); });
  REQUIRE(audit.total == 1);
  CHECK(audit.items[0].action == "alert_group.deleted");
  CHECK(audit.items[0].subject == root.text());
  CHECK(audit.items[0].actor.user == person.user);
}

TEST_CASE("a reopened group whose key was taken meanwhile stays closed for alerts") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  const model::AlertGroupId first = open_group(rig, integration, "disk");
  Actions& actions = rig.engine().actions();
  REQUIRE(actions.perform(first, group::Resolve{}, person).ok());
  const model::AlertGroupId second = open_group(rig, integration, "disk");
  CHECK(second != first);
  REQUIRE(actions.perform(first, group::Unresolve{}, person).ok());
  CHECK_FALSE(rig.group(first).open_for_grouping);
  CHECK(open_group(rig, integration, "disk") == second);
}

TEST_CASE("a wipe empties the group and its alerts") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  const auto accepted = rig.deliver(integration, R"({"title": "secret", "alert_uid": "disk"})");
  REQUIRE(rig.engine().actions().perform(accepted->groups[0], group::Wipe{}, person).ok());
  const model::AlertGroup group = rig.group(accepted->groups[0]);
  CHECK(group.title.empty());
  CHECK(group.grouping_key.empty());
  CHECK(group.resolved_by == model::ChangedBy::wipe);
  const auto alert = store::read(rig.ledger(), [&](const store::Reader& r) { return r.alert(accepted->alerts[0]); });
  CHECK(alert->payload == "{}");
  CHECK(alert->trace == "{}");
}

TEST_CASE("when the ledger is closed an action is refused, not lost in waiting") {
  Rig rig;
  const model::AlertGroupId id = open_group(rig, rig.integrate("formatted_webhook"), "disk");
  rig.engine().close();
  CHECK(rig.engine().actions().perform(id, group::Resolve{}, person).error().kind == base::ErrorKind::unavailable);
}
