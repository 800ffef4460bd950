// Edits of teams. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "change/edit.hpp"
#include "model/unit.hpp"

namespace tocsin::change {

/// What an edit says of a team; absent members are kept.
struct TeamChange {
  std::optional<std::string> name;
  std::optional<std::optional<std::string>> email;
  std::optional<std::vector<model::UserId>> members;
};

/// What the ledger says to it.
struct TeamScene {
  bool name_taken = false;      ///< by another team
  bool member_unknown = false;  ///< one of the members named
};

/// Errors: invalid, with the field (no name, a taken one, an unknown member).
base::Result<model::Unit> create_team(const model::TeamId& id, const TeamChange& change, const TeamScene& scene,
                                      const Edit& edit);
base::Result<model::Unit> change_team(const model::Team& team, const TeamChange& change, const TeamScene& scene,
                                      const Edit& edit);
/// What belonged to it belongs to no team afterwards.
model::Unit delete_team(const model::Team& team, const Edit& edit);

}  // namespace tocsin::change
