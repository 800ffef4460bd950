// Edits of routes, and of the order they stand in (spec: api.md 1.10, 2.3). Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "change/edit.hpp"
#include "interpret/interpret.hpp"
#include "model/unit.hpp"

namespace tocsin::change {

constexpr std::int64_t last_position = 2'147'483'647;
constexpr std::size_t expression_limit = 1024;

/// `regex`, `jinja2`, `labels`.
std::string_view name_of(model::RouteType type);

/// How a position is taken: the others move up or down, or the one that holds it changes places.
enum class Placing { move, swap };

struct Place {
  std::int64_t position = -1;  ///< -1: the end (only with `move`)
  Placing placing = Placing::move;
};

/// Settings of one chat or messaging channel of a route; absent members are kept.
struct ChannelChange {
  std::optional<std::optional<std::string>> target;  ///< `channel_id` of Slack, `id` of the others
  std::optional<bool> enabled;
};

/// What an edit says of a route; absent members are kept.
struct RouteChange {
  std::optional<model::RouteType> type;
  std::optional<std::string> expression;
  std::optional<model::EscalationChainId> escalation_chain;  ///< empty: none
  std::map<std::string, ChannelChange> channels;
  std::optional<Place> place;
};

/// Does the expression hold (as the type the change names, else as a regular expression, as OnCall checks it)?
/// Before the transaction. Errors: invalid, in the API's words.
base::Status check_route(const RouteChange& change, interpret::Bench& bench);

/// A new route at the end, then placed. `siblings` are the integration's other routes without the default one.
base::Result<model::Unit> create_route(model::Route fresh, const RouteChange& change,
                                       const std::vector<model::Route>& siblings, const Edit& edit);
base::Result<model::Unit> change_route(const model::Route& route, const RouteChange& change,
                                       const std::vector<model::Route>& siblings, const Edit& edit);
/// Errors: conflict, for the default route.
base::Result<model::Unit> delete_route(const model::Route& route, const Edit& edit);

/// The default route that every integration has.
model::Route default_route(const model::Integration& integration, model::RouteId id);
/// Applies all but the place.
void apply(model::Route& route, const RouteChange& change);

/// Moves `routes[which]` to its place; the routes of one scope, their positions unique before and after. Returns
/// those that changed. Errors: invalid, for a position out of range.
base::Result<std::vector<model::Route>> placed(std::vector<model::Route> routes, std::size_t which, const Place& place);

}  // namespace tocsin::change
