// Signing in: passwords, one-time links, sessions. Secrets are handed out once and kept as keyed hashes. Each call may
// wait for the ledger, and those that hash a password for some 50 ms of work: on a worker or in the CLI, never on io.
#pragma once

#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

#include "access/access.hpp"
#include "base/result.hpp"
#include "change/sign_in.hpp"
#include "clock/clock.hpp"
#include "seal/seal.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

/// Where somebody signs in from.
struct Visitor {
  std::string address;
  std::string user_agent;
};

/// A new session; the secret goes into the cookie and nowhere else.
struct SignedIn {
  model::User user;
  model::Session session;
  std::string secret;
};

/// A live session and its user.
struct SessionHolder {
  model::Session session;
  model::User user;
};

/// A link that may be used, and for whom.
struct LinkHolder {
  model::SignInLink link;
  model::User user;
};

/// Credentials as they were typed.
struct Credentials {
  std::string username;
  std::string password;
};

/// A password in exchange for the old one.
struct PasswordChange {
  std::string current;
  std::string next;
};

class Accounts {
 public:
  Accounts(store::Ledger& ledger, clock::Clock& clock, const base::RandomBytes& random, const seal::MasterKey& key);

  /// Errors: unauthenticated (name or password wrong, user not active: all alike and after the same time),
  /// unavailable (too many at a time).
  base::Result<SignedIn> sign_in(const Credentials& credentials, const Visitor& visitor);

  /// Gives the user a link, the secret of which is returned. Errors: not_found, conflict (not active).
  base::Result<std::string> make_link(const model::UserId& user, const model::Actor& actor);
  /// The one of a new server, for its admin, while no admin has a password; nothing otherwise.
  base::Result<std::optional<std::string>> make_first_link(const model::UserId& admin);
  std::optional<LinkHolder> link(std::string_view secret) const;
  /// Sets profile and password and signs in. Errors: not_found (the link), invalid, unavailable.
  base::Result<SignedIn> use_link(std::string_view secret, const change::UserChange& profile,
                                  const std::string& password, const Visitor& visitor);

  /// The user's other sessions end. Errors: unauthenticated (the current one is wrong), invalid, unavailable.
  base::Status change_password(const model::UserId& user, const PasswordChange& change,
                               const model::SessionId& kept_session, const model::Actor& actor);

  /// Who shows this secret; nothing when the session is over. The user may be inactive.
  std::optional<SessionHolder> session(std::string_view secret) const;
  /// What a page must send back to change anything: made from the secret, of no use without the cookie.
  std::string csrf_token(std::string_view secret) const;
  /// Errors: not_found.
  base::Status end_session(const model::SessionId& id, const model::Actor& actor);
  /// Notes that the session was used, later and without waiting; one that ended meanwhile stays so.
  void note_seen(const model::SessionId& id);

 private:
  class Turn;
  base::Result<std::string> hash(std::string_view password);
  base::Result<bool> matches(std::string_view password, const std::string& hash);
  model::Session new_session(const model::UserId& user, const std::string& secret, const Visitor& visitor) const;
  base::Result<std::string> commit_link(const model::UserId& user, const std::optional<model::LinkPurpose>& purpose,
                                        const model::Actor& actor);
  change::Edit edit_by(const store::Reader& reader, const model::Actor& actor) const;
  std::string new_secret() const;

  store::Ledger& ledger_;
  clock::Clock& clock_;
  const base::RandomBytes& random_;
  const seal::Digester session_digester_;
  const seal::Digester link_digester_;
  const seal::Digester csrf_digester_;
  std::counting_semaphore<2> hashing_{2};
};

}  // namespace tocsin::engine
