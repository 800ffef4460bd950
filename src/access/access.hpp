// Principals, roles, token rules: may this principal do that (spec: api.md 1.2, 1.3). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clock/clock.hpp"
#include "model/account.hpp"

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
  other_settings_read,
  other_settings_write,
  api_tokens_read,
  api_tokens_write,
};

/// Who asks.
struct Principal {
  model::OrganizationId organization;
  model::UserId user;
  model::Role role = model::Role::none;
  model::ApiTokenId token;
};

/// `grafana-oncall-app.integrations:write` and the like; empty for `none`.
std::string_view action_of(Permission permission);
/// The weakest role that may.
model::Role weakest_role(Permission permission);
bool may(const Principal& principal, Permission permission);

/// Is the token usable at this instant: not revoked, not expired?
bool is_live(const model::ApiToken& token, clock::Instant now);

}  // namespace tocsin::access
