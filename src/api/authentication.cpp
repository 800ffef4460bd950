#include "api/authentication.hpp"

#include "api/cookie.hpp"
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

base::Result<Caller> caller_by_token(engine::Engine& engine, std::string_view secret) {
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
  return Caller{{bearer->token.organization, bearer->user->id, bearer->user->role, bearer->token.id, {}}, {}};
}

bool changes_nothing(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

base::Result<Caller> caller_by_session(engine::Engine& engine, const wire::Request& request, std::string_view secret) {
  const std::optional<engine::SessionHolder> holder = engine.accounts().session(secret);
  if (!holder || !holder->user.active) return refused("Not signed in.");
  Caller caller;
  caller.csrf_token = engine.accounts().csrf_token(secret);
  if (!changes_nothing(request.method) &&
      !seal::equal_in_constant_time(request.header("x-csrf-token"), caller.csrf_token)) {
    return refused("CSRF token is missing or wrong.");
  }
  caller.principal = {holder->session.organization, holder->user.id, holder->user.role, {}, holder->session.id};
  if (holder->session.last_seen_at + note_interval <= engine.clock().now()) {
    engine.accounts().note_seen(holder->session.id);
  }
  return caller;
}

}  // namespace

base::Result<Caller> authenticate(engine::Engine& engine, const wire::Request& request) {
  const std::string_view token = base::trimmed(request.header("authorization"));
  if (!token.empty()) return caller_by_token(engine, token);
  const std::string_view secret = session_secret(request);
  if (!secret.empty()) return caller_by_session(engine, request, secret);
  // Pages send this header with whatever they change, also when the browser has lost the cookie.
  return refused(request.header("x-csrf-token").empty() ? "Invalid token." : "Not signed in.");
}

}  // namespace tocsin::api
