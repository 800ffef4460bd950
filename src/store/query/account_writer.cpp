// The part of the writer that keeps people's accounts: teams, passwords, links, sessions.
#include "store/query/rows.hpp"
#include "store/query/writer.hpp"

namespace tocsin::store {

void Writer::write_record(const model::Team& team) {
  Run(connection_,
      "INSERT INTO team (public_id, organization, name, email, created_at) VALUES (?,?,?,?,?)"
      " ON CONFLICT (public_id) DO UPDATE SET name = excluded.name, email = excluded.email",
      team.id.text(), team.organization.text(), team.name, team.email, team.created_at.micros())
      .all();
  Run(connection_, "DELETE FROM team_member WHERE team = ?", team.id.text()).all();
  std::int64_t place = 0;
  for (const model::UserId& member : team.members) {
    Run(connection_, "INSERT INTO team_member (team, user_account, organization, place) VALUES (?,?,?,?)",
        team.id.text(), member.text(), team.organization.text(), ++place)
        .all();
  }
}

void Writer::write_record(const model::Password& password) {
  Run(connection_,
      "INSERT INTO user_password (user_account, organization, hash, changed_at) VALUES (?,?,?,?)"
      " ON CONFLICT (user_account) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
      password.user.text(), password.organization.text(), password.hash, password.changed_at.micros())
      .all();
}

void Writer::write_record(const model::SignInLink& link) {
  Run(connection_,
      "INSERT INTO sign_in_link (user_account, organization, digest, purpose, created_at, expires_at)"
      " VALUES (?,?,?,?,?,?) ON CONFLICT (user_account) DO UPDATE SET digest = excluded.digest,"
      " purpose = excluded.purpose, created_at = excluded.created_at, expires_at = excluded.expires_at",
      link.user.text(), link.organization.text(), link.digest, static_cast<int>(link.purpose), link.created_at.micros(),
      link.expires_at.micros())
      .all();
}

// Only the time it was last seen ever changes.
void Writer::write_record(const model::Session& session) {
  Run(connection_,
      "INSERT INTO user_session (public_id, organization, user_account, digest, created_at, expires_at, last_seen_at,"
      " address, user_agent) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (public_id) DO UPDATE SET"
      " last_seen_at = excluded.last_seen_at",
      session.id.text(), session.organization.text(), session.user.text(), session.digest, session.created_at.micros(),
      session.expires_at.micros(), session.last_seen_at.micros(), session.address, session.user_agent)
      .all();
}

void Writer::remove(const model::TeamId& id) {
  for (const char* sql :
       {"DELETE FROM team_member WHERE team = ?", "DELETE FROM team WHERE public_id = ?",
        "UPDATE integration SET team = '' WHERE team = ?", "UPDATE alert_group SET team = '' WHERE team = ?"}) {
    Run(connection_, sql, id.text()).all();
  }
}

void Writer::remove(const model::SignInLinkOf& link) {
  Run(connection_, "DELETE FROM sign_in_link WHERE user_account = ?", link.user.text()).all();
}

void Writer::remove(const model::SessionId& id) {
  Run(connection_, "DELETE FROM user_session WHERE public_id = ?", id.text()).all();
}

}  // namespace tocsin::store
