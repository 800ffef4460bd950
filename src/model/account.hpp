// The organisation, its users, teams and API tokens. How people sign in stands in session.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

/// The one organisation of a server. Every row carries its id.
struct Organization {
  OrganizationId id;
  std::string name;
  clock::Instant created_at;
};

/// Basic roles, strongest first (spec: api.md 1.3).
enum class Role { admin, editor, viewer, none };

struct User {
  UserId id;
  OrganizationId organization;
  std::string username;
  std::string name;   ///< display name; may be empty
  std::string email;  ///< may be empty
  Role role = Role::viewer;
  std::optional<std::string> time_zone;  ///< IANA name
  std::optional<std::string> phone;      ///< E.164: `+` and at most 15 digits
  bool active = true;
  clock::Instant created_at;
};

/// People who answer alerts together. What belongs to a team is seen by all; the team says whom it concerns.
struct Team {
  TeamId id;
  OrganizationId organization;
  std::string name;                  ///< unique
  std::optional<std::string> email;  ///< absent: none
  std::vector<UserId> members;       ///< each once
  clock::Instant created_at;
};

/// An API token of a user. The secret is 64 hexadecimal digits and is shown once; what is kept is its first
/// eight characters for the look-up and the SHA-512 of its 32 bytes (the form OnCall kept, so rows can be imported).
struct ApiToken {
  ApiTokenId id;
  OrganizationId organization;
  UserId user;
  std::string name;
  std::string lookup;  ///< first eight characters of the secret
  std::string digest;  ///< SHA-512, lower-case hexadecimal
  clock::Instant created_at;
  std::optional<clock::Instant> expires_at;
  std::optional<clock::Instant> last_used_at;
  std::optional<clock::Instant> revoked_at;
};

}  // namespace tocsin::model
