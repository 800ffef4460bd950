// Random histories of alerts, actions and passing time keep what must always hold.
#include "group/world_test.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <tuple>

using namespace tocsin;
using namespace tocsin::group;

namespace {

/// One thing that happens; the numbers choose what, to which, and how long.
using Step = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>;

std::string chosen_group(const World& world, std::uint8_t number) {
  auto group = world.groups().begin();
  std::advance(group, number % world.groups().size());
  return group->first;
}

Action chosen_action(std::uint8_t kind, std::uint8_t minutes) {
  switch (kind) {
    case 0: return Acknowledge{};
    case 1: return Unacknowledge{};
    case 2: return Resolve{};
    case 3: return Unresolve{};
    case 4: return Silence{std::chrono::minutes(1 + minutes % 40)};
    case 5: return Silence{};
    case 6: return Unsilence{};
    case 7: return Unattach{};
    case 8: return Restart{};
    case 9: return Wipe{};
    default: return Delete{};
  }
}

void take(World& world, const Step& step) {
  const auto [kind, which, more] = step;
  const model::Actor person{model::Via::api, model::UserId("U1"), "10.0.0.1"};
  switch (kind % 8) {
    case 0:
    case 1:
    case 2: {
      Signal signal;
      signal.key = std::string("key") + static_cast<char>('a' + which % 3);
      signal.resolve = more % 4 == 1;
      signal.acknowledge = more % 8 == 2;
      if (which % 2 == 0) signal.series = std::string("s") + static_cast<char>('0' + more / 8 % 3);
      world.receive(signal);
      return;
    }
    case 3: world.advance_to(world.now() + std::chrono::minutes(more % 30)); return;
    case 4:
    case 5:
    case 6:
      if (!world.groups().empty()) {
        // Deletions and wipes are rare, or the histories would be short.
        const auto action = static_cast<std::uint8_t>(more % 11 >= 9 && which % 4 != 0 ? more % 9 : more % 11);
        world.act(chosen_group(world, which), chosen_action(action, more), person);
      }
      return;
    default:
      if (!world.groups().empty()) world.attach(chosen_group(world, which), chosen_group(world, more), person);
  }
}

struct Flags {
  bool acknowledged = false;
  bool resolved = false;
  bool silenced = false;
  bool operator==(const Flags&) const = default;
};

/// The states that the timeline tells, group by group.
std::map<std::string, Flags> told_states(const World& world) {
  std::map<std::string, Flags> states;
  for (const model::TimelineEntry& entry : world.timeline()) {
    Flags& flags = states[entry.group.text()];
    switch (entry.kind) {
      case model::TimelineKind::acknowledged: flags.acknowledged = true; break;
      case model::TimelineKind::unacknowledged: flags.acknowledged = false; break;
      case model::TimelineKind::resolved: flags.resolved = true; break;
      case model::TimelineKind::unresolved: flags.resolved = false; break;
      case model::TimelineKind::silenced: flags.silenced = true; break;
      case model::TimelineKind::unsilenced: flags.silenced = false; break;
      default: break;
    }
  }
  return states;
}

void check_one(const World& world, const std::string& name, const model::AlertGroup& group) {
  RC_ASSERT(!(group.resolved_at && group.open_for_grouping));
  RC_ASSERT(!(group.resolved_at && group.silenced_at));
  RC_ASSERT(!(group.acknowledged_at && group.silenced_at));
  RC_ASSERT(!(group.silenced_until && !group.silenced_at));
  RC_ASSERT(!(group.wiped_at && !group.resolved_at));
  RC_ASSERT(group.alerts_count == world.alerts_in(name));
  const auto job = world.jobs().find(name);
  RC_ASSERT((job != world.jobs().end()) == group.silenced_until.has_value());
  if (group.silenced_until) RC_ASSERT(job->second == *group.silenced_until);
  if (group.root.empty()) return;
  const model::AlertGroup* root = world.find(group.root.text());
  RC_ASSERT(root != nullptr);
  RC_ASSERT(root->root.empty());
  if (root->resolved_at) RC_ASSERT(group.resolved_at.has_value());
  if (root->acknowledged_at) RC_ASSERT(group.acknowledged_at || group.resolved_at);
  if (root->silenced_at) RC_ASSERT(group.silenced_at || group.acknowledged_at || group.resolved_at);
}

void check_all(const World& world) {
  std::set<std::string> open_keys;
  std::int64_t alerts = 0;
  const std::map<std::string, Flags> told = told_states(world);
  for (const auto& [name, group] : world.groups()) {
    check_one(world, name, group);
    if (group.open_for_grouping) RC_ASSERT(open_keys.insert(group.distinction).second);
    alerts += group.alerts_count;
    const Flags flags{group.acknowledged_at.has_value(), group.resolved_at.has_value(), group.silenced_at.has_value()};
    RC_ASSERT(told.at(name) == flags);
  }
  RC_ASSERT(alerts + world.deleted_alerts() == world.received());
}

}  // namespace

TEST_CASE("whatever happens, the invariants of alert groups hold") {
  CHECK(rc::check("random histories", [](const std::vector<Step>& steps) {
    World world;
    for (const Step& step : steps) {
      take(world, step);
      check_all(world);
    }
  }));
}

TEST_CASE("a refused action changes nothing, an accepted one is told") {
  CHECK(rc::check("every action is refused or told", [](const std::vector<Step>& steps, std::uint8_t which,
                                                        std::uint8_t kind) {
    World world;
    for (const Step& step : steps) take(world, step);
    if (world.groups().empty()) return;
    const std::string name = chosen_group(world, which);
    const model::AlertGroup before = *world.find(name);
    const std::size_t told = world.timeline().size();
    const auto number =
        static_cast<std::uint8_t>(kind % 9);  // all but wipe and delete, which may be repeated or leave no trace
    const std::string refusal = world.act(name, chosen_action(number, 5), {model::Via::api, model::UserId("U2"), ""});
    if (refusal.empty()) {
      RC_ASSERT(world.timeline().size() > told);
      RC_ASSERT(world.timeline().back().actor.user.text() == "U2");
    } else {
      RC_ASSERT(refusal.starts_with("Can't "));
      RC_ASSERT(world.timeline().size() == told);
      RC_ASSERT(model::state_of(*world.find(name)) == model::state_of(before));
    }
  }));
}

TEST_CASE("once a reaction was measured it stays") {
  CHECK(rc::check("response time", [](const std::vector<Step>& steps) {
    World world;
    std::map<std::string, clock::Duration> measured;
    for (const Step& step : steps) {
      take(world, step);
      for (const auto& [name, group] : world.groups()) {
        const auto known = measured.find(name);
        if (known != measured.end())
          RC_ASSERT(group.response_time == known->second);
        else if (group.response_time)
          measured[name] = *group.response_time;
      }
    }
  }));
}
