// tokens: API tokens of users. The secret is shown once, in the answer that makes it.
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"

namespace tocsin::api {
namespace {

using access::Permission;

Object show_token(Call& call, const model::ApiToken& token) {
  Object object(call.arena);
  object.set("id", token.id)
      .set("user_id", token.user)
      .set("name", token.name)
      .set("created_at", token.created_at)
      .set("expires_at", token.expires_at)
      .set("last_used_at", token.last_used_at)
      .set("revoked_at", token.revoked_at);
  return object;
}

wire::Response list_tokens(Call& call) {
  const std::optional<std::string> asked = call.query.get("user_id");
  const model::UserId user = asked && !asked->empty() ? model::UserId(*asked) : call.principal.user;
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.tokens(user, slice); });
  };
  return list_answer<model::ApiToken>(call, 50, fetch,
                                      [&](const model::ApiToken& token) { return show_token(call, token).value(); });
}

wire::Response get_token(Call& call) {
  const std::optional<model::ApiToken> token =
      store::read(call.ledger(), [&](const store::Reader& reader) { return reader.token(model::ApiTokenId(call.id)); });
  return token ? ok(show_token(call, *token)) : not_found();
}

std::optional<clock::Instant> read_expiry(Call& call, Fields& fields) {
  const auto text = fields.text("expires_at", {.null = Null::allowed});
  if (!text || !text->value) return std::nullopt;
  const std::optional<clock::Instant> at = clock::from_iso8601(*text->value);
  if (!at) {
    fields.mistake("expires_at", "Datetime has wrong format. Use ISO 8601, such as 2030-01-31T12:00:00Z.");
  } else if (*at <= call.now()) {
    fields.mistake("expires_at", "This instant is over.");
  }
  return at;
}

wire::Response create_token(Call& call) {
  Fields fields(call);
  engine::TokenRequest wanted{call.principal.user, "", std::nullopt};
  if (const auto name = fields.text("name", {.presence = Presence::required, .longest = 150}))
    wanted.name = *name->value;
  if (const auto user = fields.reference("user_id"); user && user->value) {
    wanted.user = model::UserId(*user->value);
    const bool known =
        store::read(call.ledger(), [&](const store::Reader& reader) { return reader.user(wanted.user).has_value(); });
    if (!known) fields.mistake("user_id", "Object does not exist");
  }
  wanted.expires_at = read_expiry(call, fields);
  if (!fields.ok()) return fields.refused();
  const auto issued = call.edits().create_token(wanted, call.actor());
  if (!issued) return refusal(issued.error());
  return created(show_token(call, issued->token).set("token", issued->secret));
}

wire::Response revoke_token(Call& call) {
  const base::Status status = call.edits().revoke_token(model::ApiTokenId(call.id), call.actor());
  return status ? no_content() : refusal(status.error());
}

constexpr Parameter parameters[] = {{"user_id", "Tokens of this user; left out: of the caller"}};

constexpr auto addition = Endpoint::Origin::addition;

constexpr Endpoint table[] = {
    {"GET", "tokens", Permission::api_tokens_read, list_tokens, "API tokens of a user, revoked ones too", addition, "",
     "Token", true, parameters},
    {"POST", "tokens", Permission::api_tokens_write, create_token,
     "Create an API token; the answer is the only one that holds its secret", addition, "TokenRequest", "IssuedToken"},
    {"GET", "tokens/{id}", Permission::api_tokens_read, get_token, "One API token", addition, "", "Token"},
    {"DELETE", "tokens/{id}", Permission::api_tokens_write, revoke_token, "Revoke an API token", addition},
};

}  // namespace

std::span<const Endpoint> token_endpoints() {
  return table;
}

}  // namespace tocsin::api
