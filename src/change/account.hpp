// Edits of the organisation, its users and their API tokens. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "change/edit.hpp"
#include "model/unit.hpp"

namespace tocsin::change {

constexpr std::size_t token_limit = 100;  ///< live tokens of one user

/// The organisation of a new ledger and its first user, an admin.
model::Unit found_organization(const model::OrganizationId& organization, const model::UserId& admin, const Edit& edit);

/// What an edit says of a user; absent members are kept.
struct UserChange {
  std::optional<std::string> username;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<model::Role> role;
  std::optional<std::optional<std::string>> time_zone;
  std::optional<std::optional<std::string>> phone;
  std::optional<bool> active;
};

/// How the others stand, for the rules that look at more than one user.
struct Others {
  bool username_taken = false;
  bool other_active_admin = true;
};

/// What lets somebody in.
struct Access {
  std::vector<model::ApiToken> tokens;
  std::vector<model::Session> sessions;
};

/// Errors: invalid, with the field (name missing or taken, unknown zone, no e-mail address, no phone number).
base::Result<model::Unit> create_user(const model::UserId& id, const UserChange& change, const Others& others,
                                      const Edit& edit);
/// Errors: also conflict: the last active admin stays one.
base::Result<model::Unit> change_user(const model::User& user, const UserChange& change, const Others& others,
                                      const Edit& edit);

/// Revokes and ends all of it, and the user's sign-in link: for one who was deactivated.
model::Unit end_access(const model::UserId& user, const Access& access, const Edit& edit);

/// `token` is filled but for organisation and time. Errors: invalid (no name), conflict (too many live ones).
base::Result<model::Unit> create_token(model::ApiToken token, std::size_t live_tokens, const Edit& edit);
base::Result<model::Unit> revoke_token(const model::ApiToken& token, const Edit& edit);

}  // namespace tocsin::change
