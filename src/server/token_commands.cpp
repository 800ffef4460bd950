#include <fmt/format.h>

#include <ostream>

#include "server/commands.hpp"
#include "server/desk.hpp"
#include "server/measure.hpp"
#include "server/sheet.hpp"

namespace tocsin::server {
namespace {

constexpr std::int64_t page = 10'000;

base::Result<model::User> owner_of(Desk& desk) {
  const std::optional<std::string> name = desk.invocation.arguments.maybe("user");
  if (!name) return desk.installation.admin;
  std::optional<model::User> user =
      store::read(desk.ledger(), [&](const store::Reader& reader) { return reader.user_by_name(*name); });
  if (!user) return base::Error{base::ErrorKind::not_found, fmt::format("there is no user '{}'", *name)};
  return std::move(*user);
}

Record record_of(const model::ApiToken& token, const std::string& username) {
  Record record;
  record.text("id", token.id.text()).text("name", token.name).text("user", username).text("begins_with", token.lookup);
  record.instant("created_at", token.created_at).instant("expires_at", token.expires_at);
  record.instant("last_used_at", token.last_used_at).instant("revoked_at", token.revoked_at);
  return record;
}

/// `--expires`: a length from now on, or an instant.
base::Result<std::optional<clock::Instant>> end_of(const Arguments& arguments) {
  const std::optional<std::string> text = arguments.maybe("expires");
  if (!text) return std::optional<clock::Instant>();
  if (const auto instant = clock::from_iso8601(*text)) return instant;
  const base::Result<clock::Duration> length = read_duration(*text);
  if (length) return std::optional(clock::RealClock().now() + *length);
  return base::Error{base::ErrorKind::invalid, "--expires: " + length.error().message + ", or 2027-01-01T00:00:00Z"};
}

Exit create_token(Invocation& invocation) {
  const base::Result<std::optional<clock::Instant>> end = end_of(invocation.arguments);
  if (!end) return misuse(invocation, end.error());
  return at_desk(invocation, store::LedgerOptions::Open::create, [&](Desk& desk) {
    const base::Result<model::User> owner = owner_of(desk);
    if (!owner) return fail(invocation, owner.error());
    engine::TokenRequest request;
    request.user = owner->id;
    request.name = invocation.arguments.text("name");
    request.expires_at = *end;
    const base::Result<engine::IssuedToken> issued = desk.edits().create_token(request, desk.actor());
    if (!issued) return fail(invocation, issued.error());
    if (invocation.wants_json()) {
      print_record(invocation, record_of(issued->token, owner->username).text("token", issued->secret));
    } else {
      invocation.out << fmt::format("Token {} ({}) acts as {}. It is shown this once: {}\n", issued->token.id.text(),
                                    issued->token.name, owner->username, issued->secret);
    }
    return Exit::ok;
  });
}

Exit list_tokens(Invocation& invocation) {
  return at_desk(invocation, [&](Desk& desk) {
    std::vector<Record> records;
    desk.ledger().read([&](const store::Reader& reader) {
      for (const model::User& user : reader.users({0, page}).items) {
        for (const model::ApiToken& token : reader.tokens(user.id, {0, page}).items) {
          records.push_back(record_of(token, user.username));
        }
      }
    });
    print_records(invocation, records, {"id", "name", "user", "begins_with", "created_at", "expires_at", "revoked_at"});
    return Exit::ok;
  });
}

Exit revoke_token(Invocation& invocation) {
  return at_desk(invocation, [&](Desk& desk) {
    const model::ApiTokenId id(invocation.arguments.text("ID"));
    const base::Status revoked = desk.edits().revoke_token(id, desk.actor());
    if (!revoked) return fail(invocation, revoked.error());
    if (invocation.wants_json()) {
      print_record(invocation, Record().text("id", id.text()).truth("revoked", true));
    } else {
      invocation.out << fmt::format("Token {} is revoked.\n", id.text());
    }
    return Exit::ok;
  });
}

}  // namespace

std::vector<Command> token_commands() {
  const std::vector<Flag> ledger = settings_flags(Scope::ledger);
  return {
      {"token create",
       "Make an API token and print it, as the last word",
       "The token acts as the admin unless --user names another. It is shown once: the ledger keeps a hash only.\n"
       "An empty data folder is made ready first. A running server knows the token at once.\n\n"
       "  tocsin token create --data ./data --name terraform\n"
       "  tocsin token create --data ./data --name report --user anna --expires 90d",
       joined({{"name", "NAME", "what the token is for", Flag::Need::required},
               {"user", "NAME", "the user that it acts as [the admin]"},
               {"expires", "TIME", "how long it is valid, or until when: 90d, 2027-01-01T00:00:00Z [for ever]"}},
              ledger),
       {},
       create_token},
      {"token list",
       "List the API tokens, without their secrets",
       "  tocsin token list --data ./data\n  tocsin token list --data ./data --output json",
       ledger,
       {},
       list_tokens},
      {"token revoke",
       "Make an API token useless from now on",
       "  tocsin token revoke --data ./data KABC123DEF456Z",
       ledger,
       {{"ID", "the token's id, as `tocsin token list` shows it"}},
       revoke_token},
  };
}

}  // namespace tocsin::server
