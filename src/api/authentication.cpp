#include "api/authentication.hpp"

#include "base/text.hpp"
#include "engine/edits.hpp"

namespace tocsin::api {
namespace {

constexpr clock::Duration note_interval = std::chrono::minutes(1);
constexpr std::size_t lookup_length = 8;

base::Error refused(const char* why) {
  return {base::ErrorKind::unauthenticated, why};
}

struct Bearer {
  model::ApiToken token;
  std::optional<model::User> user;
};

std::optional<Bearer> bearer_of(const store::Reader& reader, std::string_view secret, std::string_view digest) {
  std::optional<Bearer> bearer;
  // Every candidate is compared, so that the time tells nothing.
  for (model::ApiToken& token : reader.tokens_by_lookup(secret.substr(0, lookup_length))) {
    if (seal::equal_in_constant_time(token.digest, digest)) bearer = Bearer{std::move(token), std::nullopt};
  }
  if (bearer) bearer->user = reader.user(bearer->token.user);
  return bearer;
}

}  // namespace

base::Result<access::Principal> authenticate(engine::Engine& engine, std::string_view authorization) {
  const std::string_view secret = base::trimmed(authorization);
  const std::optional<std::string> digest = seal::api_token_digest(secret);
  if (!digest) return refused("Invalid token.");
  const std::optional<Bearer> bearer =
      store::read(engine.ledger(), [&](const store::Reader& reader) { return bearer_of(reader, secret, *digest); });
  const clock::Instant now = engine.clock().now();
  if (!bearer || !bearer->user || !access::is_live(bearer->token, now)) return refused("Invalid token.");
  if (!bearer->user->active) return refused("Only active users are allowed to perform this action.");

  const auto& last = bearer->token.last_used_at;
  if (!last || *last + note_interval <= now) {
    engine::Edits(engine.ledger(), engine.clock(), engine.random()).note_use(bearer->token.id);
  }
  return access::Principal{bearer->token.organization, bearer->user->id, bearer->user->role, bearer->token.id};
}

}  // namespace tocsin::api
