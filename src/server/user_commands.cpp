#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "engine/accounts.hpp"
#include "server/address.hpp"
#include "server/commands.hpp"
#include "server/desk.hpp"
#include "server/sheet.hpp"

namespace tocsin::server {
namespace {

constexpr std::array<std::string_view, 4> role_names = {"admin", "editor", "viewer", "none"};

std::optional<model::Role> role_of(std::string_view name) {
  const auto found = std::find(role_names.begin(), role_names.end(), name);
  if (found == role_names.end()) return std::nullopt;
  return static_cast<model::Role>(found - role_names.begin());
}

Record record_of(const model::User& user) {
  Record record;
  record.text("id", user.id.text()).text("username", user.username).maybe_text("name", user.name);
  record.text("role", role_names[static_cast<std::size_t>(user.role)]).maybe_text("email", user.email);
  record.maybe_text("timezone", user.time_zone.value_or("")).maybe_text("phone", user.phone.value_or(""));
  record.truth("active", user.active).instant("created_at", user.created_at);
  return record;
}

/// Makes the link, and prints it as the last word.
Exit give_link(Desk& desk, const model::User& user) {
  Invocation& invocation = desk.invocation;
  engine::Accounts accounts(desk.ledger(), desk.clock, desk.installation.random, desk.installation.key);
  const base::Result<std::string> secret = accounts.make_link(user.id, desk.actor());
  if (!secret) return fail(invocation, secret.error());
  const std::string url = sign_in_link(base_url(desk.settings), *secret);
  if (invocation.wants_json()) {
    print_record(invocation, record_of(user).text("signin_link", url));
  } else {
    invocation.out << fmt::format("{} ({}) sets a password by this link, once, within 24 hours: {}\n", user.username,
                                  role_names[static_cast<std::size_t>(user.role)], url);
  }
  return Exit::ok;
}

Exit create_user(Invocation& invocation) {
  const std::string role = invocation.arguments.maybe("role").value_or("editor");
  change::UserChange change;
  change.role = role_of(role);
  if (!change.role) {
    return misuse(invocation,
                  {base::ErrorKind::invalid, fmt::format("--role: '{}' is not admin, editor, viewer or none", role)});
  }
  change.username = invocation.arguments.text("NAME");
  change.name = invocation.arguments.maybe("full-name");
  change.email = invocation.arguments.maybe("email");
  return at_desk(invocation, [&](Desk& desk) {
    const base::Result<model::User> user = desk.edits().create_user(change, desk.actor());
    if (!user) return fail(invocation, user.error());
    return give_link(desk, *user);
  });
}

Exit list_users(Invocation& invocation) {
  return at_desk(invocation, [&](Desk& desk) {
    const auto users = store::read(desk.ledger(), [](const store::Reader& reader) {
      return reader.users({0, 1'000'000});
    });
    std::vector<Record> records;
    records.reserve(users.items.size());
    for (const model::User& user : users.items) records.push_back(record_of(user));
    print_records(invocation, records, {"id", "username", "role", "active", "name", "email", "timezone"});
    return Exit::ok;
  });
}

Exit make_signin_link(Invocation& invocation) {
  return at_desk(invocation, [&](Desk& desk) {
    const std::string name = invocation.arguments.text("NAME");
    const std::optional<model::User> user =
        store::read(desk.ledger(), [&](const store::Reader& reader) { return reader.user_by_name(name); });
    if (!user) return fail(invocation, {base::ErrorKind::not_found, fmt::format("there is no user '{}'", name)});
    return give_link(desk, *user);
  });
}

}  // namespace

std::vector<Command> user_commands() {
  const std::vector<Flag> ledger = settings_flags(Scope::ledger);
  const Positional name{"NAME", "the name that the user signs in with"};
  return {
      {"user create",
       "Make a user and print a sign-in link, as the last word",
       "By the link the user sets a password, once, within 24 hours. A running server knows the user at once.\n\n"
       "  tocsin user create --data ./data --role editor anna",
       joined({{"role", "ROLE", "admin, editor, viewer or none [editor]"},
               {"full-name", "NAME", "the name as others read it"},
               {"email", "ADDRESS", "the e-mail address"}},
              ledger),
       {name},
       create_user},
      {"user list",
       "List the users",
       "  tocsin user list --data ./data\n  tocsin user list --data ./data --output json",
       ledger,
       {},
       list_users},
      {"user signin-link",
       "Print a one-time sign-in link for a user, as the last word",
       "For one who is locked out: by the link the user sets a password, once, within 24 hours. A link made before\n"
       "stops working; sessions end once the password is set. Works beside a running server.\n\n"
       "  tocsin user signin-link --data ./data admin",
       ledger,
       {name},
       make_signin_link},
  };
}

}  // namespace tocsin::server
