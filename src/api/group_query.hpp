// The filters of the list of alert groups, out of the query string (spec: api.md 2.14, 1.11).
#pragma once

#include <optional>

#include "api/answer.hpp"
#include "api/endpoint.hpp"

namespace tocsin::api {

/// Fills `filter`; the answer when the query is not acceptable.
std::optional<wire::Response> read_group_filter(Call& call, store::AlertGroupFilter& filter);

/// The same parameters, for the description.
inline constexpr Parameter group_parameters[] = {
    {"id", "exact id"},
    {"route_id", "groups that came by this route"},
    {"integration_id", "groups of this integration"},
    {"team_id", "groups of the team's integrations; `null`: of no team"},
    {"state", "`new`, `acknowledged`, `resolved` or `silenced`"},
    {"label", "`key:value`, repeatable; all of them must hold"},
    {"started_at", "`START_END`, each `YYYY-MM-DDTHH:MM:SS` in UTC, inclusive"},
    {"search", "part of the title, the exact id or the number"},
};

/// A parameter that was given and is not empty.
std::optional<std::string> given(const Query& query, std::string_view name);

}  // namespace tocsin::api
