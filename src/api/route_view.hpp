// Routes as the API shows and reads them (spec: api.md 2.1 default_route, 2.3).
#pragma once

#include <optional>

#include "api/answer.hpp"
#include "api/call.hpp"
#include "api/fields.hpp"
#include "change/route.hpp"

namespace tocsin::api {

Object show_route(Call& call, const model::Route& route);
/// The same as `default_route` of its integration.
Object show_default_route(Call& call, const model::Route& route);

/// Reads chain and channels into the change. Mistakes go to `fields`; a refusal that leaves no room for others
/// (OnCall's `{"detail": …}`) is returned.
std::optional<wire::Response> read_targets(Call& call, Fields& fields, change::RouteChange& change);

}  // namespace tocsin::api
