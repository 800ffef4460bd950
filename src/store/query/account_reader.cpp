// The part of the Reader that knows people's accounts, and who changed what.
#include "store/query/list.hpp"
#include "store/query/rows.hpp"
#include "store/reader.hpp"

namespace tocsin::store {
namespace {

std::vector<model::UserId> members_of(Connection& connection, const model::TeamId& team) {
  return all(
      connection, "SELECT user_account FROM team_member WHERE team = ? ORDER BY place",
      [](Run& run) { return model::UserId(run.text()); }, team.text());
}

Where where_of(const AuditFilter& filter) {
  Where where;
  if (filter.user) where.add("user_account = ?", *filter.user);
  if (filter.subject) where.add("subject = ?", *filter.subject);
  if (filter.action && filter.action->ends_with('.')) {
    where.add("substr(action, 1, length(?)) = ?", *filter.action, *filter.action);
  } else if (filter.action) {
    where.add("action = ?", *filter.action);
  }
  if (filter.search) {
    const std::string pattern = containing(*filter.search);
    where.add(
        "(action LIKE ? ESCAPE '\\' OR subject LIKE ? ESCAPE '\\' OR before LIKE ? ESCAPE '\\'"
        " OR after LIKE ? ESCAPE '\\')",
        pattern, pattern, pattern, pattern);
  }
  return where;
}

}  // namespace

std::optional<model::Organization> Reader::organization() const {
  return one(connection_, "SELECT public_id, name, created_at FROM organization ORDER BY id LIMIT 1", [](Run& run) {
    model::Organization organization;
    organization.id = model::OrganizationId(run.text());
    organization.name = run.text();
    organization.created_at = instant(run.integer());
    return organization;
  });
}

std::optional<model::User> Reader::user(const model::UserId& id) const {
  return one(connection_, select(user_columns, "user_account WHERE public_id = ?"), read_user, id.text());
}

std::optional<model::User> Reader::user_by_name(std::string_view username) const {
  return one(connection_, select(user_columns, "user_account WHERE username = ?"), read_user, username);
}

Page<model::User> Reader::users(Slice slice) const {
  return page(connection_, simple_list(user_columns, "user_account"), slice, read_user);
}

std::vector<model::ApiToken> Reader::tokens_by_lookup(std::string_view lookup) const {
  return all(connection_, select(token_columns, "api_token WHERE lookup = ? AND revoked_at IS NULL"), read_token,
             lookup);
}

std::optional<model::ApiToken> Reader::token(const model::ApiTokenId& id) const {
  return one(connection_, select(token_columns, "api_token WHERE public_id = ?"), read_token, id.text());
}

Page<model::ApiToken> Reader::tokens(const model::UserId& user, Slice slice) const {
  Where where;
  where.add("user_account = ?", user.text());
  return page(connection_, simple_list(token_columns, "api_token", where), slice, read_token);
}

std::optional<model::Password> Reader::password(const model::UserId& user) const {
  return one(connection_, select(password_columns, "user_password WHERE user_account = ?"), read_password, user.text());
}

bool Reader::an_admin_has_a_password() const {
  Run run(connection_,
          "SELECT 1 FROM user_password p JOIN user_account u ON u.public_id = p.user_account"
          " WHERE u.active = 1 AND u.role = 0 LIMIT 1");
  return run.next();
}

std::optional<model::SignInLink> Reader::link_by_digest(std::string_view digest) const {
  return one(connection_, select(link_columns, "sign_in_link WHERE digest = ?"), read_link, digest);
}

std::optional<model::SignInLink> Reader::link_of(const model::UserId& user) const {
  return one(connection_, select(link_columns, "sign_in_link WHERE user_account = ?"), read_link, user.text());
}

std::optional<model::Session> Reader::session(const model::SessionId& id) const {
  return one(connection_, select(session_columns, "user_session WHERE public_id = ?"), read_session, id.text());
}

std::optional<model::Session> Reader::session_by_digest(std::string_view digest) const {
  return one(connection_, select(session_columns, "user_session WHERE digest = ?"), read_session, digest);
}

Page<model::Session> Reader::sessions(const model::UserId& user, Slice slice) const {
  Where where;
  where.add("user_account = ?", user.text());
  List list = simple_list(session_columns, "user_session", where);
  list.order = "id DESC";
  return page(connection_, list, slice, read_session);
}

Page<model::Session> Reader::live_sessions(const model::UserId& user, clock::Instant now, Slice slice) const {
  Where where;
  where.add("user_account = ? AND expires_at > ?", user.text(), now.micros());
  List list = simple_list(session_columns, "user_session", where);
  list.order = "id DESC";
  return page(connection_, list, slice, read_session);
}

std::optional<model::Team> Reader::team(const model::TeamId& id) const {
  std::optional<model::Team> team =
      one(connection_, select(team_columns, "team WHERE public_id = ?"), read_team, id.text());
  if (team) team->members = members_of(connection_, id);
  return team;
}

Page<model::Team> Reader::teams(const std::optional<std::string>& name, Slice slice) const {
  Where where;
  if (name) where.add("name = ?", *name);
  Page<model::Team> teams = page(connection_, simple_list(team_columns, "team", where), slice, read_team);
  for (model::Team& team : teams.items) team.members = members_of(connection_, team.id);
  return teams;
}

std::vector<model::TeamId> Reader::teams_of(const model::UserId& user) const {
  return all(
      connection_,
      "SELECT t.public_id FROM team_member m JOIN team t ON t.public_id = m.team WHERE m.user_account = ?"
      " ORDER BY t.id",
      [](Run& run) { return model::TeamId(run.text()); }, user.text());
}

Page<model::AuditEntry> Reader::audit(const AuditFilter& filter, Slice slice) const {
  List list = simple_list(audit_columns, "audit_entry", where_of(filter));
  list.order = "id DESC";
  return page(connection_, list, slice, read_audit);
}

Reader::Told Reader::told_since(model::Row row, std::int64_t most) const {
  Told told;
  {
    Run run(connection_, "SELECT coalesce(max(id), 0) FROM timeline_entry");
    if (run.next()) told.newest = run.integer();
  }
  if (told.newest <= row) return told;
  Run run(connection_,
          "SELECT g.public_id, t.kind FROM timeline_entry t JOIN alert_group g ON g.id = t.alert_group WHERE t.id > ?"
          " ORDER BY t.id LIMIT ?",
          row, most);
  while (run.next()) {
    model::AlertGroupId group(run.text());
    told.groups.emplace_back(std::move(group), model::timeline_kind(run.text()).value_or(model::TimelineKind{}));
  }
  return told;
}

}  // namespace tocsin::store
