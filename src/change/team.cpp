#include "change/team.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "change/describe.hpp"

namespace tocsin::change {
namespace {

constexpr std::size_t name_limit = 150;

base::Error wrong(const char* where, const char* message) {
  return {base::ErrorKind::invalid, message, where, {}};
}

base::Status apply(model::Team& team, const TeamChange& change, const TeamScene& scene) {
  if (change.name) team.name = *change.name;
  if (change.email) team.email = *change.email;
  if (team.email && team.email->empty()) team.email.reset();
  if (change.members) {
    team.members.clear();
    for (const model::UserId& member : *change.members) {
      if (std::find(team.members.begin(), team.members.end(), member) == team.members.end()) {
        team.members.push_back(member);
      }
    }
  }
  if (base::trimmed(team.name).empty()) return wrong("name", "This field may not be blank.");
  if (base::utf8_length(team.name) > name_limit) {
    return wrong("name", "Ensure this field has no more than 150 characters.");
  }
  if (scene.name_taken) return wrong("name", "A team with this name already exists.");
  if (scene.member_unknown) return wrong("members", "Object does not exist");
  return {};
}

}  // namespace

base::Result<model::Unit> create_team(const model::TeamId& id, const TeamChange& change, const TeamScene& scene,
                                      const Edit& edit) {
  model::Team team;
  team.id = id;
  team.organization = edit.organization;
  team.created_at = edit.now;
  if (base::Status applied = apply(team, change, scene); !applied) return std::move(applied).error();
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"team.created", id.text()}, "null", describe(team)));
  unit.records.emplace_back(std::move(team));
  return unit;
}

base::Result<model::Unit> change_team(const model::Team& team, const TeamChange& change, const TeamScene& scene,
                                      const Edit& edit) {
  model::Team changed = team;
  if (base::Status applied = apply(changed, change, scene); !applied) return std::move(applied).error();
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"team.changed", team.id.text()}, describe(team), describe(changed)));
  unit.records.emplace_back(std::move(changed));
  return unit;
}

model::Unit delete_team(const model::Team& team, const Edit& edit) {
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"team.deleted", team.id.text()}, describe(team), "null"));
  unit.removals.emplace_back(team.id);
  return unit;
}

}  // namespace tocsin::change
