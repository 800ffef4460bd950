#include "change/account.hpp"

#include <utility>

#include "base/text.hpp"
#include "change/describe.hpp"
#include "clock/civil.hpp"

namespace tocsin::change {
namespace {

constexpr std::size_t name_limit = 150;

base::Error wrong(const char* where, const char* message) {
  return {base::ErrorKind::invalid, message, where, {}};
}

base::Status check_user(const model::User& user, const UserChange& change, const Others& others) {
  if (user.username.empty()) return wrong("username", "This field may not be blank.");
  if (base::utf8_length(user.username) > name_limit) {
    return wrong("username", "Ensure this field has no more than 150 characters.");
  }
  if (change.username && others.username_taken) return wrong("username", "A user with this name already exists.");
  if (change.time_zone && *change.time_zone && !clock::in_zone(clock::utc_of({}), **change.time_zone)) {
    return wrong("timezone", "Invalid timezone");
  }
  return {};
}

void apply(model::User& user, const UserChange& change) {
  if (change.username) user.username = *change.username;
  if (change.name) user.name = *change.name;
  if (change.email) user.email = *change.email;
  if (change.role) user.role = *change.role;
  if (change.time_zone) user.time_zone = *change.time_zone;
  if (change.active) user.active = *change.active;
}

bool is_active_admin(const model::User& user) {
  return user.active && user.role == model::Role::admin;
}

}  // namespace

model::Unit found_organization(const model::OrganizationId& organization, const model::UserId& admin,
                               const Edit& edit) {
  const model::Organization made{organization, "Main", edit.now};
  model::User user;
  user.id = admin;
  user.organization = organization;
  user.username = "admin";
  user.role = model::Role::admin;
  user.created_at = edit.now;
  model::Unit unit;
  unit.audit.push_back(
      audit_entry({organization, edit.actor, edit.now}, {"user.created", admin.text()}, "null", describe(user)));
  unit.records.emplace_back(made);
  unit.records.emplace_back(std::move(user));
  return unit;
}

base::Result<model::Unit> create_user(const model::UserId& id, const UserChange& change, const Others& others,
                                      const Edit& edit) {
  model::User user;
  user.id = id;
  user.organization = edit.organization;
  user.created_at = edit.now;
  apply(user, change);
  if (base::Status status = check_user(user, change, others); !status) return std::move(status).error();
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"user.created", id.text()}, "null", describe(user)));
  unit.records.emplace_back(std::move(user));
  return unit;
}

base::Result<model::Unit> change_user(const model::User& user, const UserChange& change, const Others& others,
                                      const Edit& edit) {
  model::User changed = user;
  apply(changed, change);
  if (base::Status status = check_user(changed, change, others); !status) return std::move(status).error();
  if (is_active_admin(user) && !is_active_admin(changed) && !others.other_active_admin) {
    return base::Error{base::ErrorKind::conflict, "The last active admin stays an active admin"};
  }
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"user.changed", user.id.text()}, describe(user), describe(changed)));
  unit.records.emplace_back(std::move(changed));
  return unit;
}

base::Result<model::Unit> create_token(model::ApiToken token, std::size_t live_tokens, const Edit& edit) {
  if (base::trimmed(token.name).empty() || base::utf8_length(token.name) > name_limit) {
    return base::Error{base::ErrorKind::invalid, "Invalid token name"};
  }
  if (live_tokens >= token_limit) return base::Error{base::ErrorKind::conflict, "Max token count"};
  token.organization = edit.organization;
  token.created_at = edit.now;
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"token.created", token.id.text()}, "null", describe(token)));
  unit.records.emplace_back(std::move(token));
  return unit;
}

base::Result<model::Unit> revoke_token(const model::ApiToken& token, const Edit& edit) {
  model::Unit unit;
  if (token.revoked_at) return unit;
  model::ApiToken revoked = token;
  revoked.revoked_at = edit.now;
  unit.audit.push_back(audit_entry(edit, {"token.revoked", token.id.text()}, describe(token), describe(revoked)));
  unit.records.emplace_back(std::move(revoked));
  return unit;
}

}  // namespace tocsin::change
