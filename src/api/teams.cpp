// teams (spec: api.md 2.11), and what Tocsin adds: making them, their members.
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"
#include "api/team_view.hpp"

namespace tocsin::api {
namespace {

using access::Permission;

std::optional<model::Team> find_team(Call& call, const std::string& id) {
  return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.team(model::TeamId(id)); });
}

// There is no Grafana here whose number or picture a team could have.
Object show_team(Call& call, const model::Team& team) {
  Object object(call.arena);
  object.set("id", team.id).set("grafana_id", 0).set("name", team.name).set("email", team.email).set("avatar_url", "");
  return object;
}

Object show_details(Call& call, const model::Team& team) {
  std::vector<value::Value> members;
  members.reserve(team.members.size());
  for (const model::UserId& member : team.members) {
    members.push_back(value::Value::copied(call.arena, member.text()));
  }
  Object object(call.arena);
  object.set("id", team.id)
      .set("name", team.name)
      .set("email", team.email)
      .set("members", list_of(call.arena, members))
      .set("created_at", team.created_at);
  return object;
}

template <class Show>
wire::Response list_shown(Call& call, Show show) {
  std::optional<std::string> name = call.query.get("name");
  if (name && name->empty()) name.reset();
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.teams(name, slice); });
  };
  return list_answer<model::Team>(call, 50, fetch, [&](const model::Team& team) { return show(call, team).value(); });
}

wire::Response list_teams(Call& call) {
  return list_shown(call, show_team);
}
wire::Response list_details(Call& call) {
  return list_shown(call, show_details);
}

wire::Response get_team(Call& call) {
  const std::optional<model::Team> team = find_team(call, call.id);
  return team ? ok(show_team(call, *team)) : not_found();
}
wire::Response get_details(Call& call) {
  const std::optional<model::Team> team = find_team(call, call.id);
  return team ? ok(show_details(call, *team)) : not_found();
}

std::optional<std::vector<model::UserId>> read_members(Fields& fields) {
  const value::Value* given = fields.find("members");
  if (given == nullptr) return std::nullopt;
  std::vector<model::UserId> members;
  if (!given->is_list()) {
    fields.mistake("members", "Expected a list of items but got type \"" + std::string(type_name(*given)) + "\".");
    return members;
  }
  for (const value::Value member : *given->as_list()) {
    if (!member.is_string()) fields.mistake("members", "Object does not exist");
    if (member.is_string()) members.emplace_back(std::string(member.as_text()));
  }
  return members;
}

change::TeamChange read_change(Fields& fields, Presence name) {
  change::TeamChange change;
  if (const auto given = fields.text("name", {.presence = name, .longest = 150})) change.name = given->value;
  if (const auto given = fields.text("email", {.blank = Blank::allowed, .null = Null::allowed, .longest = 254})) {
    change.email = given->value;
  }
  change.members = read_members(fields);
  return change;
}

wire::Response create_team(Call& call) {
  Fields fields(call);
  const change::TeamChange change = read_change(fields, Presence::required);
  if (!fields.ok()) return fields.refused();
  const auto team = call.edits().create_team(change, call.actor());
  return team ? created(show_details(call, *team)) : refusal(team.error());
}

wire::Response change_team(Call& call) {
  if (!find_team(call, call.id)) return not_found();
  Fields fields(call);
  const change::TeamChange change = read_change(fields, Presence::optional);
  if (!fields.ok()) return fields.refused();
  const auto team = call.edits().change_team(model::TeamId(call.id), change, call.actor());
  return team ? ok(show_details(call, *team)) : refusal(team.error());
}

wire::Response delete_team(Call& call) {
  const base::Status deleted = call.edits().delete_team(model::TeamId(call.id), call.actor());
  return deleted ? no_content() : refusal(deleted.error());
}

constexpr Parameter parameters[] = {{"name", "Teams of this name, exactly"}};

constexpr auto reading = Permission::user_settings_read;
constexpr auto writing = Permission::user_settings_admin;
constexpr auto oncall = Endpoint::Origin::oncall;
constexpr auto addition = Endpoint::Origin::addition;

constexpr Endpoint table[] = {
    {"GET", "teams", reading, list_teams, "Teams", oncall, "", "Team", true, parameters},
    {"POST", "teams", writing, create_team, "Create a team", addition, "TeamChange", "TeamDetails"},
    {"GET", "teams/details", reading, list_details, "Teams with their members", addition, "", "TeamDetails", true,
     parameters},
    {"GET", "teams/{id}", reading, get_team, "One team", oncall, "", "Team"},
    {"PUT", "teams/{id}", writing, change_team, "Change a team; what is left out stays", addition, "TeamChange",
     "TeamDetails"},
    {"PATCH", "teams/{id}", writing, change_team, "Change a team; what is left out stays", addition, "TeamChange",
     "TeamDetails"},
    {"DELETE", "teams/{id}", writing, delete_team, "Delete a team; what belonged to it belongs to no team afterwards",
     addition},
    {"GET", "teams/{id}/details", reading, get_details, "One team with its members", addition, "", "TeamDetails"},
};

}  // namespace

std::optional<wire::Response> read_team_filter(Call& call, std::optional<std::string>& filter) {
  const std::optional<std::string> team = call.query.get("team_id");
  if (!team || team->empty()) return std::nullopt;
  filter = *team == "null" ? "" : *team;
  if (filter->empty() || find_team(call, *filter)) return std::nullopt;
  return refusal(
      {base::ErrorKind::invalid, "Select a valid choice. That choice is not one of the available choices.", "team_id"});
}

std::optional<model::TeamId> read_team(Call& call, Fields& fields) {
  const auto given = fields.reference("team_id");
  if (!given) return std::nullopt;
  if (!given->value || *given->value == "null") return model::TeamId();
  if (!find_team(call, *given->value)) fields.mistake("team_id", "Object does not exist");
  return model::TeamId(*given->value);
}

std::span<const Endpoint> team_endpoints() {
  return table;
}

}  // namespace tocsin::api
