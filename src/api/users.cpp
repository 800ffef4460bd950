// users, organizations (spec: api.md 2.10, 2.11), and the small lists that clients read: teams, chat channels and
// groups, of which there are none yet.
#include <algorithm>

#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

using access::Permission;
using value::Value;

constexpr std::string_view role_names[] = {"admin", "editor", "viewer", "none"};

enum class Shape { full, brief };

Object show_user(Call& call, const model::User& user, Shape shape) {
  Object object(call.arena);
  // There is no Grafana here whose number a user could have.
  object.set("id", user.id).set("grafana_id", 0).set("email", user.email);
  if (shape == Shape::full) object.set("slack", Value::none());
  object.set("username", user.username)
      .set("role", role_names[static_cast<int>(user.role)])
      .set("is_phone_number_verified", false);
  if (shape == Shape::full) object.set("timezone", user.time_zone).set("teams", list_of(call.arena, {}));
  return object;
}

struct UserFilter {
  std::optional<std::string> username;
  std::optional<std::string> email;
  std::vector<model::Role> roles;

  bool fits(const model::User& user) const {
    if (!user.active) return false;
    if (username && !base::same_ignoring_case(*username, user.username)) return false;
    if (email && !base::same_ignoring_case(*email, user.email)) return false;
    return roles.empty() || std::find(roles.begin(), roles.end(), user.role) != roles.end();
  }
};

std::optional<std::string> not_empty(std::optional<std::string> text) {
  return text && text->empty() ? std::nullopt : text;
}

std::optional<wire::Response> read_filter(Call& call, UserFilter& filter) {
  filter.username = not_empty(call.query.get("username"));
  filter.email = not_empty(call.query.get("email"));
  for (const std::string& role : call.query.all("roles")) {
    if (role.size() != 1 || role[0] < '0' || role[0] > '3') {
      return refusal({base::ErrorKind::invalid,
                      "Select a valid choice. " + role + " is not one of the available choices.", "roles"});
    }
    filter.roles.push_back(static_cast<model::Role>(role[0] - '0'));
  }
  return std::nullopt;
}

/// The slice of what fits. Users are few: the filters run here, not in the ledger.
store::Page<model::User> users_of(const store::Reader& reader, const UserFilter& filter, store::Slice slice) {
  std::vector<model::User> users = reader.users({0, 1'000'000}).items;
  std::erase_if(users, [&](const model::User& user) { return !filter.fits(user); });
  store::Page<model::User> page;
  page.total = static_cast<std::int64_t>(users.size());
  const std::int64_t first = std::min(slice.offset, page.total);
  const std::int64_t last = std::min(first + slice.limit, page.total);
  page.items.assign(users.begin() + first, users.begin() + last);
  return page;
}

wire::Response list_users(Call& call) {
  UserFilter filter;
  if (auto refused = read_filter(call, filter)) return std::move(*refused);
  const Shape shape =
      base::same_ignoring_case(call.query.get("short").value_or(""), "true") ? Shape::brief : Shape::full;
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return users_of(reader, filter, slice); });
  };
  return list_answer<model::User>(call, 100, fetch,
                                  [&](const model::User& user) { return show_user(call, user, shape).value(); });
}

wire::Response answer_user(Call& call, const model::UserId& id) {
  const std::optional<model::User> user =
      store::read(call.ledger(), [&](const store::Reader& reader) { return reader.user(id); });
  return user && user->active ? ok(show_user(call, *user, Shape::full)) : not_found();
}

wire::Response get_user(Call& call) {
  return answer_user(call, model::UserId(call.id));
}
wire::Response get_current_user(Call& call) {
  return answer_user(call, call.principal.user);
}

change::UserChange read_user(Fields& fields, Presence username) {
  change::UserChange change;
  if (const auto given = fields.text("username", {.presence = username, .longest = 150})) {
    change.username = given->value;
  }
  if (const auto given = fields.text("name", {.blank = Blank::allowed, .longest = 150})) change.name = given->value;
  if (const auto given = fields.text("email", {.blank = Blank::allowed, .longest = 254})) change.email = given->value;
  if (const auto given = fields.text("timezone", {.null = Null::allowed})) change.time_zone = given->value;
  if (const auto given = fields.boolean("active", Null::refused)) change.active = given->value;
  if (const auto given = fields.text("role", {})) {
    const auto role = std::find(std::begin(role_names), std::end(role_names), *given->value);
    if (role == std::end(role_names)) {
      fields.mistake("role", "\"" + *given->value + "\" is not a valid choice.");
    } else {
      change.role = static_cast<model::Role>(role - std::begin(role_names));
    }
  }
  return change;
}

wire::Response create_user(Call& call) {
  Fields fields(call);
  const change::UserChange change = read_user(fields, Presence::required);
  if (!fields.ok()) return fields.refused();
  const auto user = call.edits().create_user(change, call.actor());
  return user ? created(show_user(call, *user, Shape::full)) : refusal(user.error());
}

wire::Response change_user(Call& call) {
  Fields fields(call);
  const change::UserChange change = read_user(fields, Presence::optional);
  if (!fields.ok()) return fields.refused();
  const auto user = call.edits().change_user(model::UserId(call.id), change, call.actor());
  return user ? ok(show_user(call, *user, Shape::full)) : refusal(user.error());
}

Object show_organization(Call& call) {
  Object object(call.arena);
  return object.set("id", call.principal.organization);
}

wire::Response list_organizations(Call& call) {
  return page_answer(call, PageRequest{1, PageRequest::of(call, 25).size}, 1, {show_organization(call).value()});
}

// Whatever the id: OnCall answers with the organisation of the token.
wire::Response get_organization(Call& call) {
  return ok(show_organization(call));
}

wire::Response list_nothing(Call& call) {
  return page_answer(call, PageRequest{1, PageRequest::of(call, 50).size}, 0, {});
}

wire::Response get_nothing(Call&) {
  return not_found();
}

wire::Response get_info(Call& call) {
  Object object(call.arena);
  return ok(object.set("url", call.options.public_url));
}

constexpr Parameter user_parameters[] = {
    {"username", "Users of this name, whatever the case"},
    {"email", "Users of this address, whatever the case"},
    {"roles", "Users of this role: 0 admin, 1 editor, 2 viewer, 3 none; may be repeated"},
    {"short", "`true`: without slack, timezone and teams"},
};

constexpr auto users_read = Permission::user_settings_read;
constexpr auto settings_read = Permission::other_settings_read;
constexpr auto settings_write = Permission::other_settings_write;
constexpr auto oncall = Endpoint::Origin::oncall;
constexpr auto addition = Endpoint::Origin::addition;

// Who may change users may make admins, so it takes an admin.
constexpr Endpoint table[] = {
    {"GET", "users", users_read, list_users, "Active users", oncall, "", "User", true, user_parameters},
    {"POST", "users", settings_write, create_user, "Create a user", addition, "UserChange", "User"},
    {"GET", "users/current", users_read, get_current_user, "The user whom the token belongs to", oncall, "", "User"},
    {"GET", "users/{id}", users_read, get_user, "One user", oncall, "", "User"},
    {"PUT", "users/{id}", settings_write, change_user, "Change a user; what is left out stays", addition, "UserChange",
     "User"},
    {"PATCH", "users/{id}", settings_write, change_user, "Change a user; what is left out stays", addition,
     "UserChange", "User"},
    {"GET", "organizations", settings_read, list_organizations, "The organisation of the token", oncall, "",
     "Organization", true},
    {"GET", "organizations/{id}", settings_read, get_organization, "The organisation of the token", oncall, "",
     "Organization"},
    {"GET", "teams", users_read, list_nothing, "Teams; there are none yet", oncall, "", "Team", true},
    {"GET", "teams/{id}", users_read, get_nothing, "One team", oncall, "", "Team"},
    {"GET", "slack_channels", settings_read, list_nothing, "Slack channels; none without Slack", oncall, "",
     "SlackChannel", true},
    {"GET", "user_groups", settings_read, list_nothing, "Slack user groups; none without Slack", oncall, "",
     "UserGroup", true},
    {"GET", "info", settings_read, get_info, "The address of this server", oncall, "", "ServerAddress"},
};

}  // namespace

std::span<const Endpoint> user_endpoints() {
  return table;
}

}  // namespace tocsin::api
