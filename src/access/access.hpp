// Principals, roles, rules of tokens and sessions: may this principal do that (spec: api.md 1.2, 1.3). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clock/clock.hpp"
#include "model/account.hpp"
#include "model/session.hpp"

namespace tocsin::access {

/// What an endpoint asks for. Each has an action string of OnCall's and a weakest role.
enum class Permission {
  none,  ///< any authenticated, active user
  alert_groups_read,
  alert_groups_write,
  integrations_read,
  integrations_write,
  user_settings_read,
  user_settings_write,
  user_settings_admin,
  other_settings_read,
  other_settings_write,
  api_tokens_read,
  api_tokens_write,
  administration,
};

/// Who asks.
struct Principal {
  model::OrganizationId organization;
  model::UserId user;
  model::Role role = model::Role::none;
  model::ApiTokenId token;
  model::SessionId session;  ///< empty when a token was shown
};

/// `grafana-oncall-app.integrations:write` and the like; empty for `none`.
std::string_view action_of(Permission permission);
/// The weakest role that may.
model::Role weakest_role(Permission permission);
bool may(const Principal& principal, Permission permission);

/// Is the token usable at this instant: not revoked, not expired?
bool is_live(const model::ApiToken& token, clock::Instant now);
bool is_live(const model::Session& session, clock::Instant now);
bool is_live(const model::SignInLink& link, clock::Instant now);

/// How long somebody stays signed in, and how long a sign-in link may be used.
constexpr clock::Duration session_length = std::chrono::hours(24 * 30);
constexpr clock::Duration link_length = std::chrono::hours(24);
/// Sessions that a user may have at a time; a further one ends the oldest.
constexpr std::size_t session_limit = 50;

}  // namespace tocsin::access
