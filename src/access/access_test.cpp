#include "access/access.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using access::Permission;
using model::Role;

namespace {

access::Principal principal(Role role) {
  return {model::OrganizationId("OAAAAAAAAAAAA"), model::UserId("UAAAAAAAAAAAA"), role, {}};
}

struct Case {
  Permission permission;
  const char* action;
  int roles;  ///< how many of admin, editor, viewer, none may, strongest first
};

constexpr Case matrix[] = {
    {Permission::none, "", 4},
    {Permission::alert_groups_read, "grafana-oncall-app.alert-groups:read", 3},
    {Permission::alert_groups_write, "grafana-oncall-app.alert-groups:write", 2},
    {Permission::integrations_read, "grafana-oncall-app.integrations:read", 3},
    {Permission::integrations_write, "grafana-oncall-app.integrations:write", 1},
    {Permission::user_settings_read, "grafana-oncall-app.user-settings:read", 3},
    {Permission::user_settings_write, "grafana-oncall-app.user-settings:write", 2},
    {Permission::user_settings_admin, "grafana-oncall-app.user-settings:admin", 1},
    {Permission::other_settings_read, "grafana-oncall-app.other-settings:read", 3},
    {Permission::other_settings_write, "grafana-oncall-app.other-settings:write", 1},
    {Permission::api_tokens_read, "grafana-oncall-app.api-keys:read", 1},
    {Permission::api_tokens_write, "grafana-oncall-app.api-keys:write", 1},
    {Permission::administration, "grafana-oncall-app.admin:admin", 1},
};

}  // namespace

TEST_CASE("each permission has its action and the roles that may") {
  for (const Case& each : matrix) {
    CAPTURE(each.action);
    CHECK(access::action_of(each.permission) == each.action);
    int allowed = 0;
    for (const Role role : {Role::admin, Role::editor, Role::viewer, Role::none}) {
      const bool may = access::may(principal(role), each.permission);
      CHECK(may == (static_cast<int>(role) < each.roles));
      allowed += may ? 1 : 0;
    }
    CHECK(allowed == each.roles);
  }
}

TEST_CASE("a token lives until it is revoked or its time has come") {
  const auto now = clock::Instant::from_seconds(1000);
  model::ApiToken token;
  CHECK(access::is_live(token, now));
  token.expires_at = clock::Instant::from_seconds(1001);
  CHECK(access::is_live(token, now));
  token.expires_at = now;
  CHECK_FALSE(access::is_live(token, now));
  token.expires_at.reset();
  token.revoked_at = clock::Instant::from_seconds(999);
  CHECK_FALSE(access::is_live(token, now));
}
