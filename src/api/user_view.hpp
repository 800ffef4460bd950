// Users as the API shows them: as OnCall does (spec: api.md 2.10), and with what Tocsin knows besides.
#pragma once

#include "api/answer.hpp"
#include "api/call.hpp"

namespace tocsin::api {

enum class Shape { full, brief };

/// `admin`, `editor`, `viewer`, `none`.
std::string_view name_of(model::Role role);
std::optional<model::Role> role_of(std::string_view name);

/// A user and the teams it belongs to, read in one snapshot.
struct UserView {
  model::User user;
  std::vector<model::TeamId> teams;
};
UserView user_view(const store::Reader& reader, model::User user);

/// OnCall's object; `brief` without slack, timezone and teams.
Object show_user(Call& call, const UserView& view, Shape shape);
/// `{id, username, name, email, role, timezone, phone, active, teams, created_at}`; the phone number only to the user
/// and to admins.
Object show_user_details(Call& call, const UserView& view);

}  // namespace tocsin::api
