// session, sessions, signin_links, the own password: how people sign in to the pages. All of it is Tocsin's own.
#include "api/answer.hpp"
#include "api/cookie.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"
#include "api/user_view.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

using access::Permission;

/// A text as it was typed, blanks included; a mistake when it is absent or no text.
std::string read_secret(Fields& fields, std::string_view name) {
  const value::Value* given = fields.find(name);
  if (given == nullptr || !given->is_string()) {
    fields.mistake(name, given == nullptr ? "This field is required." : "Not a valid string.");
    return {};
  }
  return std::string(given->as_text());
}

/// Another site's form can post here, but not with this type: who is signed in is never its choice.
std::optional<wire::Response> refuse_forms(const Call& call) {
  if (base::ascii_lower(call.request.header("content-type")).starts_with("application/json")) return std::nullopt;
  return detail(415, "The body must be application/json.");
}

engine::Visitor visitor(const Call& call) {
  return {call.request.peer, std::string(call.request.header("user-agent"))};
}

UserView view_of(Call& call, const model::User& user) {
  return store::read(call.ledger(), [&](const store::Reader& reader) { return user_view(reader, user); });
}

wire::Response session_answer(Call& call, const model::User& user, clock::Instant expires_at) {
  // Who has just signed in is not yet the one who asks.
  call.principal.user = user.id;
  Object object(call.arena);
  object.set("user", show_user_details(call, view_of(call, user)))
      .set("csrf_token", call.csrf_token)
      .set("expires_at", expires_at);
  wire::Response response = ok(object);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

wire::Response signed_in_answer(Call& call, const engine::SignedIn& signed_in) {
  call.csrf_token = call.engine.accounts().csrf_token(signed_in.secret);
  wire::Response response = session_answer(call, signed_in.user, signed_in.session.expires_at);
  response.headers.emplace_back("Set-Cookie",
                                session_cookie(call.request, call.options, signed_in.secret, access::session_length));
  return response;
}

wire::Response sign_in(Call& call) {
  if (auto refused = refuse_forms(call)) return std::move(*refused);
  Fields fields(call);
  engine::Credentials credentials;
  if (const auto name = fields.text("username", {.presence = Presence::required, .longest = 150})) {
    if (name->value) credentials.username = *name->value;
  }
  credentials.password = read_secret(fields, "password");
  if (!fields.ok()) return fields.refused();
  const watch::Admission admission = call.gate.admit(credentials.username, call.request.peer, call.now());
  if (!admission.admitted) return throttled(admission.retry_after);
  const auto signed_in = call.engine.accounts().sign_in(credentials, visitor(call));
  if (!signed_in) return refusal(signed_in.error());
  call.gate.forgive(credentials.username);
  return signed_in_answer(call, *signed_in);
}

wire::Response get_session(Call& call) {
  const auto session =
      store::read(call.ledger(), [&](const store::Reader& reader) { return reader.session(call.principal.session); });
  const auto user =
      store::read(call.ledger(), [&](const store::Reader& reader) { return reader.user(call.principal.user); });
  if (!session || !user) return detail(403, "Not signed in.");
  return session_answer(call, *user, session->expires_at);
}

wire::Response sign_out(Call& call) {
  const base::Status ended = call.engine.accounts().end_session(call.principal.session, call.actor());
  // Who reads "signed out" must be: one that ended meanwhile is.
  if (!ended && ended.error().kind != base::ErrorKind::not_found) return refusal(ended.error());
  wire::Response response = no_content();
  response.headers.emplace_back("Set-Cookie", ended_session_cookie(call.request, call.options));
  return response;
}

Object show_session(Call& call, const model::Session& session) {
  Object object(call.arena);
  object.set("id", session.id)
      .set("user_id", session.user)
      .set("created_at", session.created_at)
      .set("expires_at", session.expires_at)
      .set("last_seen_at", session.last_seen_at)
      .set("address", session.address)
      .set("user_agent", session.user_agent)
      .set("current", session.id == call.principal.session);
  return object;
}

bool may_see_sessions_of(const Call& call, const model::UserId& user) {
  return user == call.principal.user || access::may(call.principal, Permission::user_settings_admin);
}

wire::Response list_sessions(Call& call) {
  const std::optional<std::string> asked = call.query.get("user_id");
  const model::UserId user = asked && !asked->empty() ? model::UserId(*asked) : call.principal.user;
  if (!may_see_sessions_of(call, user)) return detail(403, "You do not have permission to perform this action.");
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(),
                       [&](const store::Reader& reader) { return reader.live_sessions(user, call.now(), slice); });
  };
  return list_answer<model::Session>(call, 50, fetch,
                                     [&](const model::Session& each) { return show_session(call, each).value(); });
}

wire::Response end_session(Call& call) {
  const model::SessionId id(call.id);
  const auto session = store::read(call.ledger(), [&](const store::Reader& reader) { return reader.session(id); });
  if (!session || !may_see_sessions_of(call, session->user)) return not_found();
  const base::Status ended = call.engine.accounts().end_session(id, call.actor());
  return ended ? no_content() : refusal(ended.error());
}

wire::Response get_link(Call& call) {
  const watch::Admission admission = call.gate.admit("", call.request.peer, call.now());
  if (!admission.admitted) return throttled(admission.retry_after);
  const auto holder = call.engine.accounts().link(call.id);
  if (!holder) return not_found();
  Object object(call.arena);
  return ok(object.set("username", holder->user.username)
                .set("name", holder->user.name)
                .set("email", holder->user.email)
                .set("purpose", model::name_of(holder->link.purpose)));
}

wire::Response use_link(Call& call) {
  if (auto refused = refuse_forms(call)) return std::move(*refused);
  const watch::Admission admission = call.gate.admit("", call.request.peer, call.now());
  if (!admission.admitted) return throttled(admission.retry_after);
  Fields fields(call);
  change::UserChange profile;
  if (const auto given = fields.text("username", {.longest = 150})) profile.username = given->value;
  if (const auto given = fields.text("name", {.blank = Blank::allowed, .longest = 150})) profile.name = given->value;
  if (const auto given = fields.text("email", {.blank = Blank::allowed, .longest = 254})) profile.email = given->value;
  const std::string password = read_secret(fields, "password");
  if (!fields.ok()) return fields.refused();
  const auto signed_in = call.engine.accounts().use_link(call.id, profile, password, visitor(call));
  if (!signed_in) return refusal(signed_in.error());
  call.gate.forgive(signed_in->user.username);
  return signed_in_answer(call, *signed_in);
}

wire::Response change_password(Call& call) {
  Fields fields(call);
  const engine::PasswordChange change{read_secret(fields, "current_password"), read_secret(fields, "password")};
  if (!fields.ok()) return fields.refused();
  const watch::Admission admission = call.gate.admit(call.principal.user.text(), call.request.peer, call.now());
  if (!admission.admitted) return throttled(admission.retry_after);
  const base::Status changed =
      call.engine.accounts().change_password(call.principal.user, change, call.principal.session, call.actor());
  if (!changed) return refusal(changed.error());
  call.gate.forgive(call.principal.user.text());
  return no_content();
}

constexpr Parameter session_parameters[] = {
    {"user_id", "Sessions of this user; left out: of the caller. Those of others are for admins"}};

constexpr auto addition = Endpoint::Origin::addition;
constexpr auto open = Endpoint::Access::open;
constexpr auto session = Endpoint::Access::session;
constexpr auto none = Permission::none;

constexpr Endpoint table[] = {
    {"GET",
     "session",
     none,
     get_session,
     "Who is signed in with the session cookie",
     addition,
     "",
     "Session",
     false,
     {},
     session},
    {"POST",
     "session",
     none,
     sign_in,
     "Sign in by name and password: sets the session cookie",
     addition,
     "Credentials",
     "Session",
     false,
     {},
     open},
    {"DELETE", "session", none, sign_out, "Sign out", addition, "", "", false, {}, session},
    {"GET", "sessions", none, list_sessions, "Live sessions of a user", addition, "", "SessionRow", true,
     session_parameters},
    {"DELETE", "sessions/{id}", none, end_session, "End a session: its browser is signed out", addition},
    {"GET",
     "signin_links/{id}",
     none,
     get_link,
     "Whom a one-time sign-in link is for",
     addition,
     "",
     "SignInLink",
     false,
     {},
     open},
    {"POST",
     "signin_links/{id}",
     none,
     use_link,
     "Set the password by a one-time sign-in link, and sign in: sets the session cookie",
     addition,
     "SignInLinkUse",
     "Session",
     false,
     {},
     open},
    {"POST",
     "session/password",
     none,
     change_password,
     "Change the own password; other sessions end",
     addition,
     "PasswordChange",
     "",
     false,
     {},
     session},
};

}  // namespace

std::span<const Endpoint> session_endpoints() {
  return table;
}

}  // namespace tocsin::api
