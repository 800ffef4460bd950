// Signing in and out, and what it takes: passwords, links, sessions. Hashing is done before; this decides. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "change/account.hpp"
#include "change/edit.hpp"
#include "model/unit.hpp"

namespace tocsin::change {

constexpr std::size_t shortest_password = 10;
constexpr std::size_t longest_password = 256;  ///< bytes

/// Is it long enough, and not the user's name? Before it is hashed. Errors: invalid, with `field`.
base::Status check_password(std::string_view password, std::string_view username, const char* field);

/// `link` is filled but for organisation and times. It replaces the user's old one. Errors: conflict, for a user who
/// is not active.
base::Result<model::Unit> make_link(const model::User& user, model::SignInLink link, const Edit& edit);

/// Who uses a link: the link, the user, and the sessions that end because the password is another one.
struct LinkUse {
  model::SignInLink link;
  model::User user;
  std::vector<model::Session> sessions;
  Others others;
};
/// What its form says: a profile, and the hash of a password. The link is gone afterwards.
/// Errors: invalid, with the field.
base::Result<model::Unit> use_link(const LinkUse& use, const UserChange& profile, std::string password_hash,
                                   const Edit& edit);

/// Sets the password; the sessions that are given end. `before`: none when there was none.
model::Unit set_password(const model::Password& password, const std::vector<model::Session>& ended, const Edit& edit);

/// Somebody is signed in. `session` is filled but for organisation and times; `old` are the user's sessions, newest
/// first, of which those that are over, or too many, end.
model::Unit begin_session(model::Session session, const std::vector<model::Session>& old, const Edit& edit);
model::Unit end_session(const model::Session& session, const Edit& edit);

}  // namespace tocsin::change
