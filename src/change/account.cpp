#include "change/account.hpp"

#include <algorithm>
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

/// E.164: `+`, a digit that is not 0, at most 15 digits in all.
bool is_phone_number(std::string_view text) {
  if (text.size() < 8 || text.size() > 16 || text[0] != '+' || text[1] == '0') return false;
  return std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A number as people write it, without what only helps reading.
std::string bare_number(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (std::string_view(" -./()").find(c) == std::string_view::npos) bare += c;
  }
  return bare;
}

/// Something, one `@`, something with a dot in it; no blanks. More is for the mail server to know.
bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return false;
  const auto is_odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '<' || c == '>'; };
  return at + 1 < text.size() && std::none_of(text.begin(), text.end(), is_odd);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

base::Status check_user(const model::User& user, const UserChange& change, const Others& others) {
  if (user.username.empty()) return wrong("username", "This field may not be blank.");
  if (base::utf8_length(user.username) > name_limit) {
    return wrong("username", "Ensure this field has no more than 150 characters.");
  }
  if (has_control(user.username)) return wrong("username", "Control characters are not allowed.");
  if (change.username && others.username_taken) return wrong("username", "A user with this name already exists.");
  if (change.time_zone && *change.time_zone && !clock::in_zone(clock::utc_of({}), **change.time_zone)) {
    return wrong("timezone", "Invalid timezone");
  }
  if (change.email && !user.email.empty() && !is_address(user.email)) {
    return wrong("email", "Enter a valid email address.");
  }
  if (change.phone && user.phone && !is_phone_number(*user.phone)) {
    return wrong("phone", "Enter a phone number with the country's code, such as +49301234567.");
  }
  return {};
}

void apply(model::User& user, const UserChange& change) {
  if (change.username) user.username = *change.username;
  if (change.name) user.name = *change.name;
  if (change.email) user.email = *change.email;
  if (change.role) user.role = *change.role;
  if (change.time_zone) user.time_zone = *change.time_zone;
  if (change.phone) user.phone = *change.phone ? std::optional(bare_number(**change.phone)) : std::nullopt;
  if (user.phone && user.phone->empty()) user.phone.reset();
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

model::Unit end_access(const model::UserId& user, const Access& access, const Edit& edit) {
  model::Unit unit;
  for (const model::ApiToken& token : access.tokens) {
    if (base::Result<model::Unit> revoked = revoke_token(token, edit)) model::merge(unit, std::move(*revoked));
  }
  for (const model::Session& session : access.sessions) unit.removals.emplace_back(session.id);
  unit.removals.emplace_back(model::SignInLinkOf{user});
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
