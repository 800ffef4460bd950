// Teams where other resources name them.
#pragma once

#include <optional>
#include <string>

#include "api/answer.hpp"
#include "api/call.hpp"
#include "api/fields.hpp"

namespace tocsin::api {

/// The parameter `team_id` of a list: a team, or `null` for none (then the filter is an empty text); the answer when
/// there is no such team.
std::optional<wire::Response> read_team_filter(Call& call, std::optional<std::string>& filter);

/// The reference `team_id` of a body; empty: no team. A mistake when there is no such team.
std::optional<model::TeamId> read_team(Call& call, Fields& fields);

}  // namespace tocsin::api
