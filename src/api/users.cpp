// users, organizations (spec: api.md 2.10, 2.11), and the small lists that clients read: chat channels and groups,
// of which there are none yet.
#include <algorithm>

#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"
#include "api/user_view.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

using access::Permission;
using value::Value;

bool contains(const model::User& user, std::string_view text) {
  const std::string part = base::ascii_lower(text);
  for (const std::string* of : {&user.username, &user.name, &user.email}) {
    if (base::ascii_lower(*of).find(part) != std::string::npos) return true;
  }
  return user.id.text() == text;
}

struct UserFilter {
  enum class Who { active, all } who = Who::active;
  std::optional<std::string> search;
  std::optional<std::string> username;
  std::optional<std::string> email;
  std::vector<model::Role> roles;

  bool fits(const model::User& user) const {
    if (who == Who::active && !user.active) return false;
    if (search && !contains(user, *search)) return false;
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
store::Page<UserView> users_of(const store::Reader& reader, const UserFilter& filter, store::Slice slice) {
  std::vector<model::User> users = reader.users({0, 1'000'000}).items;
  std::erase_if(users, [&](const model::User& user) { return !filter.fits(user); });
  store::Page<UserView> page;
  page.total = static_cast<std::int64_t>(users.size());
  const std::int64_t first = std::min(slice.offset, page.total);
  const std::int64_t last = std::min(first + slice.limit, page.total);
  for (std::int64_t i = first; i < last; ++i) {
    page.items.push_back(user_view(reader, std::move(users[static_cast<std::size_t>(i)])));
  }
  return page;
}

template <class Show>
wire::Response list_shown(Call& call, const UserFilter& filter, Show show) {
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return users_of(reader, filter, slice); });
  };
  return list_answer<UserView>(call, 100, fetch, [&](const UserView& view) { return show(call, view).value(); });
}

wire::Response list_users(Call& call) {
  UserFilter filter;
  if (auto refused = read_filter(call, filter)) return std::move(*refused);
  const bool is_brief = base::same_ignoring_case(call.query.get("short").value_or(""), "true");
  return list_shown(call, filter, [&](Call& here, const UserView& view) {
    return show_user(here, view, is_brief ? Shape::brief : Shape::full);
  });
}

wire::Response list_details(Call& call) {
  UserFilter filter;
  if (auto refused = read_filter(call, filter)) return std::move(*refused);
  filter.who = UserFilter::Who::all;
  filter.search = not_empty(call.query.get("search"));
  return list_shown(call, filter, show_user_details);
}

std::optional<UserView> find_user(Call& call, const model::UserId& id) {
  return store::read(call.ledger(), [&](const store::Reader& reader) -> std::optional<UserView> {
    std::optional<model::User> user = reader.user(id);
    if (!user) return std::nullopt;
    return user_view(reader, std::move(*user));
  });
}

wire::Response answer_user(Call& call, const model::UserId& id) {
  const std::optional<UserView> view = find_user(call, id);
  return view && view->user.active ? ok(show_user(call, *view, Shape::full)) : not_found();
}

wire::Response get_user(Call& call) {
  return answer_user(call, model::UserId(call.id));
}
wire::Response get_current_user(Call& call) {
  return answer_user(call, call.principal.user);
}

wire::Response get_details(Call& call) {
  const std::optional<UserView> view = find_user(call, model::UserId(call.id));
  return view ? ok(show_user_details(call, *view)) : not_found();
}

change::UserChange read_user(Fields& fields, Presence username) {
  change::UserChange change;
  if (const auto given = fields.text("username", {.presence = username, .longest = 150})) {
    change.username = given->value;
  }
  if (const auto given = fields.text("name", {.blank = Blank::allowed, .longest = 150})) change.name = given->value;
  if (const auto given = fields.text("email", {.blank = Blank::allowed, .longest = 254})) change.email = given->value;
  if (const auto given = fields.text("timezone", {.null = Null::allowed})) change.time_zone = given->value;
  if (const auto given = fields.text("phone", {.blank = Blank::allowed, .null = Null::allowed, .longest = 40})) {
    change.phone = given->value;
  }
  if (const auto given = fields.boolean("active", Null::refused)) change.active = given->value;
  if (const auto given = fields.text("role", {})) {
    change.role = role_of(*given->value);
    if (!change.role) fields.mistake("role", "\"" + *given->value + "\" is not a valid choice.");
  }
  return change;
}

wire::Response answer_details(Call& call, const model::User& user, int status) {
  const std::optional<UserView> view = find_user(call, user.id);
  return json_answer(status, show_user_details(call, view ? *view : UserView{user, {}}).value());
}

wire::Response create_user(Call& call) {
  Fields fields(call);
  const change::UserChange change = read_user(fields, Presence::required);
  if (!fields.ok()) return fields.refused();
  const auto user = call.edits().create_user(change, call.actor());
  return user ? answer_details(call, *user, 201) : refusal(user.error());
}

// People change their own profile; everything else, and other people, are an admin's business.
bool may_change(const Call& call, const model::UserId& id, const change::UserChange& change) {
  if (access::may(call.principal, Permission::user_settings_admin)) return true;
  return id == call.principal.user && !change.role && !change.active && !change.username;
}

wire::Response change_user(Call& call) {
  Fields fields(call);
  const change::UserChange change = read_user(fields, Presence::optional);
  const model::UserId id(call.id);
  if (!may_change(call, id, change)) return detail(403, "You do not have permission to perform this action.");
  if (!fields.ok()) return fields.refused();
  const auto user = call.edits().change_user(id, change, call.actor());
  return user ? answer_details(call, *user, 200) : refusal(user.error());
}

wire::Response make_link(Call& call) {
  const base::Result<std::string> secret = call.engine.accounts().make_link(model::UserId(call.id), call.actor());
  if (!secret) return refusal(secret.error());
  Object object(call.arena);
  wire::Response response =
      ok(object.set("url", call.link("/sign-in/" + *secret)).set("expires_at", call.now() + access::link_length));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
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

constexpr Parameter details_parameters[] = {
    {"username", "Users of this name, whatever the case"},
    {"email", "Users of this address, whatever the case"},
    {"roles", "Users of this role: 0 admin, 1 editor, 2 viewer, 3 none; may be repeated"},
    {"search", "Part of the username, name or e-mail address, or the exact id"},
};

constexpr auto users_read = Permission::user_settings_read;
constexpr auto users_write = Permission::user_settings_write;
constexpr auto users_admin = Permission::user_settings_admin;
constexpr auto settings_read = Permission::other_settings_read;
constexpr auto oncall = Endpoint::Origin::oncall;
constexpr auto addition = Endpoint::Origin::addition;

constexpr Endpoint table[] = {
    {"GET", "users", users_read, list_users, "Active users", oncall, "", "User", true, user_parameters},
    {"POST", "users", users_admin, create_user, "Create a user", addition, "UserChange", "UserDetails"},
    {"GET", "users/current", users_read, get_current_user, "The user whom the token belongs to", oncall, "", "User"},
    {"GET", "users/details", users_read, list_details,
     "Users with their profiles, deactivated ones too; phone numbers of others are shown to admins only", addition, "",
     "UserDetails", true, details_parameters},
    {"GET", "users/{id}", users_read, get_user, "One user", oncall, "", "User"},
    {"PUT", "users/{id}", users_write, change_user,
     "Change a user; what is left out stays. Who is no admin may change the own profile", addition, "UserChange",
     "UserDetails"},
    {"PATCH", "users/{id}", users_write, change_user,
     "Change a user; what is left out stays. Who is no admin may change the own profile. Who is deactivated is signed "
     "out everywhere, and the user's tokens are revoked",
     addition, "UserChange", "UserDetails"},
    {"GET", "users/{id}/details", users_read, get_details, "One user with the profile", addition, "", "UserDetails"},
    {"POST", "users/{id}/signin_link", users_admin, make_link,
     "Make a one-time link by which the user sets a password; one made before stops working", addition, "",
     "SignInUrl"},
    {"GET", "organizations", settings_read, list_organizations, "The organisation of the token", oncall, "",
     "Organization", true},
    {"GET", "organizations/{id}", settings_read, get_organization, "The organisation of the token", oncall, "",
     "Organization"},
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
