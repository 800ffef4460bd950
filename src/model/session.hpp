// How people sign in: passwords, one-time links, sessions. Secrets are kept as hashes only.
#pragma once

#include <string>

#include "clock/clock.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

/// The password of a user; who has none signs in by link or not at all.
struct Password {
  UserId user;
  OrganizationId organization;
  std::string hash;  ///< argon2id in its encoded form, parameters and salt included
  clock::Instant changed_at;
};

/// Why somebody is given a link: the first admin of a new server, a new user, one who forgot the password.
enum class LinkPurpose { first, invite, reset };
std::string_view name_of(LinkPurpose purpose);

/// A link that lets its bearer set the user's password, once. A user has one at most; a new one replaces it.
struct SignInLink {
  UserId user;
  OrganizationId organization;
  std::string digest;  ///< keyed hash of the secret
  LinkPurpose purpose = LinkPurpose::invite;
  clock::Instant created_at;
  clock::Instant expires_at;
};

/// A browser that somebody is signed in at. It lives as long as its row does, until it expires.
struct Session {
  SessionId id;
  OrganizationId organization;
  UserId user;
  std::string digest;  ///< keyed hash of the cookie's secret
  clock::Instant created_at;
  clock::Instant expires_at;
  clock::Instant last_seen_at;  ///< up to a minute old
  std::string address;          ///< where it began
  std::string user_agent;
};

}  // namespace tocsin::model
