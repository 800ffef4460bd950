// People's edits of settings, decided in the ledger's transaction. Each waits for its commit: on a worker or in the
// CLI, never on io. The API uses it beside a running engine, the CLI without one.
#pragma once

#include <optional>
#include <string>

#include "access/access.hpp"
#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "change/account.hpp"
#include "change/integration.hpp"
#include "change/route.hpp"
#include "change/team.hpp"
#include "clock/clock.hpp"
#include "seal/seal.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

/// The purpose that the keys of integration tokens are derived for (see seal::Sealer, seal::Digester).
inline constexpr std::string_view integration_token_purpose = "integration token";

/// The secret of an integration's URL; nothing when it was sealed with another master key.
std::optional<std::string> token_of(const model::Integration& integration, const seal::Sealer& sealer);

/// A new API token: what is kept, and the secret that is shown this once.
struct IssuedToken {
  model::ApiToken token;
  std::string secret;
};

/// What makes the two kept forms of an integration's token.
struct TokenKeys {
  const seal::Sealer& sealer;
  const seal::Digester& digester;
};

/// An API token that is wanted.
struct TokenRequest {
  model::UserId user;
  std::string name;
  std::optional<clock::Instant> expires_at = {};
};

class Edits {
 public:
  Edits(store::Ledger& ledger, clock::Clock& clock, const base::RandomBytes& random)
      : ledger_(ledger), clock_(clock), random_(random) {}

  /// Makes organisation and admin unless the ledger has them; the organisation.
  base::Result<model::Organization> found(const model::Actor& actor);

  /// `change` has passed change::check_integration, `type` change::check_type.
  base::Result<change::Standing> create_integration(const catalog::Type& type, const change::IntegrationChange& change,
                                                    const TokenKeys& keys, const model::Actor& actor);
  /// Errors: not_found, invalid.
  base::Result<change::Standing> change_integration(const model::IntegrationId& id,
                                                    const change::IntegrationChange& change, const model::Actor& actor);
  base::Status delete_integration(const model::IntegrationId& id, const model::Actor& actor);

  /// `change` has passed change::check_route. Errors: not_found (the integration), invalid.
  base::Result<model::Route> create_route(const model::IntegrationId& integration, const change::RouteChange& change,
                                          const model::Actor& actor);
  base::Result<model::Route> change_route(const model::RouteId& id, const change::RouteChange& change,
                                          const model::Actor& actor);
  base::Status delete_route(const model::RouteId& id, const model::Actor& actor);

  base::Result<model::User> create_user(const change::UserChange& change, const model::Actor& actor);
  base::Result<model::User> change_user(const model::UserId& id, const change::UserChange& change,
                                        const model::Actor& actor);

  base::Result<model::Team> create_team(const change::TeamChange& change, const model::Actor& actor);
  base::Result<model::Team> change_team(const model::TeamId& id, const change::TeamChange& change,
                                        const model::Actor& actor);
  base::Status delete_team(const model::TeamId& id, const model::Actor& actor);

  /// Errors: not_found (the user), invalid, conflict.
  base::Result<IssuedToken> create_token(const TokenRequest& request, const model::Actor& actor);
  base::Status revoke_token(const model::ApiTokenId& id, const model::Actor& actor);
  /// Notes that the token was used, later and without waiting; a token revoked meanwhile stays so.
  void note_use(const model::ApiTokenId& id);

 private:
  change::Edit edit_by(const store::Reader& reader, const model::Actor& actor) const;

  store::Ledger& ledger_;
  clock::Clock& clock_;
  const base::RandomBytes& random_;
};

}  // namespace tocsin::engine
