#include "api/user_view.hpp"

#include <algorithm>

namespace tocsin::api {
namespace {

constexpr std::string_view role_names[] = {"admin", "editor", "viewer", "none"};

value::Value list_of_teams(Call& call, const std::vector<model::TeamId>& teams) {
  std::vector<value::Value> ids;
  ids.reserve(teams.size());
  for (const model::TeamId& team : teams) ids.push_back(value::Value::copied(call.arena, team.text()));
  return list_of(call.arena, ids);
}

}  // namespace

std::string_view name_of(model::Role role) {
  return role_names[static_cast<int>(role)];
}

std::optional<model::Role> role_of(std::string_view name) {
  const auto* const found = std::find(std::begin(role_names), std::end(role_names), name);
  if (found == std::end(role_names)) return std::nullopt;
  return static_cast<model::Role>(found - std::begin(role_names));
}

UserView user_view(const store::Reader& reader, model::User user) {
  std::vector<model::TeamId> teams = reader.teams_of(user.id);
  return {std::move(user), std::move(teams)};
}

Object show_user(Call& call, const UserView& view, Shape shape) {
  const model::User& user = view.user;
  Object object(call.arena);
  // There is no Grafana here whose number a user could have.
  object.set("id", user.id).set("grafana_id", 0).set("email", user.email);
  if (shape == Shape::full) object.set("slack", value::Value::none());
  object.set("username", user.username).set("role", name_of(user.role)).set("is_phone_number_verified", false);
  if (shape == Shape::full) object.set("timezone", user.time_zone).set("teams", list_of_teams(call, view.teams));
  return object;
}

Object show_user_details(Call& call, const UserView& view) {
  const model::User& user = view.user;
  const bool shows_phone =
      user.id == call.principal.user || access::may(call.principal, access::Permission::user_settings_admin);
  Object object(call.arena);
  object.set("id", user.id)
      .set("username", user.username)
      .set("name", user.name)
      .set("email", user.email)
      .set("role", name_of(user.role))
      .set("timezone", user.time_zone)
      .set("phone", shows_phone ? user.phone : std::nullopt)
      .set("active", user.active)
      .set("teams", list_of_teams(call, view.teams))
      .set("created_at", user.created_at);
  return object;
}

}  // namespace tocsin::api
