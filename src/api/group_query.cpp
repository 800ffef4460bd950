#include "api/group_query.hpp"

#include "api/team_view.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

std::optional<wire::Response> read_state(Call& call, store::AlertGroupFilter& filter) {
  const std::optional<std::string> name = given(call.query, "state");
  if (!name) return std::nullopt;
  const std::string lower = base::ascii_lower(*name);
  for (const auto& [word, state] : {std::pair<std::string_view, model::State>{"new", model::State::firing},
                                    {"acknowledged", model::State::acknowledged},
                                    {"resolved", model::State::resolved},
                                    {"silenced", model::State::silenced}}) {
    if (lower == word) filter.state = state;
  }
  if (filter.state) return std::nullopt;
  // One text, not a list of them: so OnCall answers here.
  Object mistake(call.arena);
  mistake.set("state", "Must be one of the following: new, acknowledged, resolved, silenced");
  return json_answer(400, mistake.value());
}

/// `YYYY-MM-DDTHH:MM:SS` and nothing else.
std::optional<clock::Instant> read_instant(std::string_view text) {
  if (text.size() != 19) return std::nullopt;
  return clock::from_iso8601(text);
}

std::optional<wire::Response> read_range(Call& call, store::AlertGroupFilter& filter) {
  const std::optional<std::string> range = given(call.query, "started_at");
  if (!range) return std::nullopt;
  const std::size_t middle = range->find('_');
  if (middle != std::string::npos) {
    filter.started_from = read_instant(std::string_view(*range).substr(0, middle));
    filter.started_to = read_instant(std::string_view(*range).substr(middle + 1));
  }
  const bool good = filter.started_from && filter.started_to && *filter.started_from <= *filter.started_to;
  return good ? std::nullopt : std::optional(detail(400, "Invalid range value"));
}

void read_labels(const Call& call, store::AlertGroupFilter& filter) {
  for (const std::string& label : call.query.all("label")) {
    const std::size_t colon = label.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == label.size()) continue;
    filter.labels.emplace_back(label.substr(0, colon), label.substr(colon + 1));
  }
}

}  // namespace

std::optional<std::string> given(const Query& query, std::string_view name) {
  std::optional<std::string> text = query.get(name);
  if (text && text->empty()) text.reset();
  return text;
}

std::optional<wire::Response> read_group_filter(Call& call, store::AlertGroupFilter& filter) {
  filter.id = given(call.query, "id");
  filter.route = given(call.query, "route_id");
  filter.integration = given(call.query, "integration_id");
  filter.search = given(call.query, "search");
  read_labels(call, filter);
  if (auto refused = read_team_filter(call, filter.team)) return refused;
  if (auto refused = read_state(call, filter)) return refused;
  return read_range(call, filter);
}

}  // namespace tocsin::api
