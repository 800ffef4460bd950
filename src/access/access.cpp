#include "access/access.hpp"

namespace tocsin::access {
namespace {

struct Rule {
  std::string_view action;
  model::Role weakest;
};

/// In the order of Permission (spec: api.md 1.3).
constexpr Rule rules[] = {
    {"", model::Role::none},
    {"grafana-oncall-app.alert-groups:read", model::Role::viewer},
    {"grafana-oncall-app.alert-groups:write", model::Role::editor},
    {"grafana-oncall-app.integrations:read", model::Role::viewer},
    {"grafana-oncall-app.integrations:write", model::Role::admin},
    {"grafana-oncall-app.user-settings:read", model::Role::viewer},
    {"grafana-oncall-app.user-settings:write", model::Role::editor},
    {"grafana-oncall-app.user-settings:admin", model::Role::admin},
    {"grafana-oncall-app.other-settings:read", model::Role::viewer},
    {"grafana-oncall-app.other-settings:write", model::Role::admin},
    {"grafana-oncall-app.api-keys:read", model::Role::admin},
    {"grafana-oncall-app.api-keys:write", model::Role::admin},
    {"grafana-oncall-app.admin:admin", model::Role::admin},
};

const Rule& rule_of(Permission permission) {
  return rules[static_cast<std::size_t>(permission)];
}

}  // namespace

std::string_view action_of(Permission permission) {
  return rule_of(permission).action;
}

model::Role weakest_role(Permission permission) {
  return rule_of(permission).weakest;
}

bool may(const Principal& principal, Permission permission) {
  // Stronger roles come first.
  return principal.role <= weakest_role(permission);
}

bool is_live(const model::ApiToken& token, clock::Instant now) {
  return !token.revoked_at && (!token.expires_at || now < *token.expires_at);
}

bool is_live(const model::Session& session, clock::Instant now) {
  return now < session.expires_at;
}

bool is_live(const model::SignInLink& link, clock::Instant now) {
  return now < link.expires_at;
}

}  // namespace tocsin::access
