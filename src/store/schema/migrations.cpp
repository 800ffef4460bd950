#include "store/schema/migrations.hpp"

#include <map>

namespace tocsin::store {
namespace {

// References between settings are public ids; alerts and timeline hang on the group's row number, because there are
// many of them. Times are microseconds since 1970.
constexpr std::string_view first = R"sql(
CREATE TABLE organization (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;

CREATE TABLE counter (
  organization TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (organization, name)) STRICT;

CREATE TABLE user_account (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, username TEXT NOT NULL,
  name TEXT NOT NULL, email TEXT NOT NULL, role INTEGER NOT NULL, time_zone TEXT, phone TEXT,
  active INTEGER NOT NULL, created_at INTEGER NOT NULL, UNIQUE (organization, username)) STRICT;

CREATE TABLE user_password (
  user_account TEXT PRIMARY KEY, organization TEXT NOT NULL, hash TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;

CREATE TABLE sign_in_link (
  user_account TEXT PRIMARY KEY, organization TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, purpose INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;

CREATE TABLE user_session (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, user_account TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL, address TEXT NOT NULL, user_agent TEXT NOT NULL) STRICT;
CREATE INDEX user_session_user ON user_session (user_account);

CREATE TABLE team (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, name TEXT NOT NULL, email TEXT,
  created_at INTEGER NOT NULL, UNIQUE (organization, name)) STRICT;

CREATE TABLE team_member (
  team TEXT NOT NULL, user_account TEXT NOT NULL, organization TEXT NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (team, user_account)) STRICT, WITHOUT ROWID;
CREATE INDEX team_member_user ON team_member (user_account);

CREATE TABLE api_token (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, user_account TEXT NOT NULL,
  name TEXT NOT NULL, lookup TEXT NOT NULL, digest TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
  last_used_at INTEGER, revoked_at INTEGER) STRICT;
CREATE INDEX api_token_lookup ON api_token (lookup);

CREATE TABLE integration (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, team TEXT NOT NULL,
  author TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, description TEXT, token_sealed TEXT NOT NULL,
  token_digest TEXT NOT NULL UNIQUE, templates TEXT NOT NULL, resolves_from_source INTEGER NOT NULL,
  labels TEXT NOT NULL, dynamic_labels TEXT NOT NULL, rate_per_second REAL, rate_burst REAL,
  created_at INTEGER NOT NULL, deleted_at INTEGER) STRICT;

CREATE TABLE route (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, integration TEXT NOT NULL,
  is_default INTEGER NOT NULL, position INTEGER NOT NULL, type INTEGER NOT NULL, expression TEXT,
  escalation_chain TEXT NOT NULL, channels TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE INDEX route_integration ON route (integration, is_default, position);

-- The state (0 resolved, 1 acknowledged, 2 silenced, 3 firing) follows from the times beside it; it is a column for
-- the sake of the indexes.
CREATE TABLE alert_group (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, number INTEGER NOT NULL,
  integration TEXT NOT NULL, team TEXT NOT NULL, route TEXT NOT NULL, title TEXT NOT NULL,
  grouping_key TEXT NOT NULL, distinction TEXT NOT NULL, open_for_grouping INTEGER NOT NULL, labels TEXT NOT NULL,
  source_link TEXT NOT NULL, started_at INTEGER NOT NULL, state INTEGER NOT NULL, acknowledged_at INTEGER,
  acknowledged_by INTEGER NOT NULL, acknowledged_by_user TEXT NOT NULL, resolved_at INTEGER,
  resolved_by INTEGER NOT NULL, resolved_by_user TEXT NOT NULL, silenced_at INTEGER, silenced_until INTEGER,
  silenced_by_user TEXT NOT NULL, restarted_at INTEGER, response_time INTEGER, root TEXT NOT NULL, wiped_at INTEGER,
  wiped_by TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX alert_group_open ON alert_group (integration, distinction) WHERE open_for_grouping = 1;
CREATE INDEX alert_group_resolved ON alert_group (integration, distinction, id) WHERE state = 0;
CREATE INDEX alert_group_root ON alert_group (root) WHERE root <> '';
-- Filters, counts and search are answered from the first without a look at the rows, far pages from the second, which
-- only grows at its end.
CREATE INDEX alert_group_list ON alert_group (state, number, started_at, integration, team, route, title);
CREATE INDEX alert_group_number ON alert_group (number);

-- What each joining alert changes, apart from the wide rows: a page holds hundreds of these.
CREATE TABLE alert_group_tally (
  alert_group INTEGER PRIMARY KEY, organization TEXT NOT NULL, alerts_count INTEGER NOT NULL,
  last_alert_at INTEGER NOT NULL) STRICT;

CREATE TABLE group_label (
  alert_group INTEGER NOT NULL, organization TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (key, value, alert_group)) STRICT, WITHOUT ROWID;

CREATE TABLE group_series (
  alert_group INTEGER NOT NULL, organization TEXT NOT NULL, series TEXT NOT NULL, firing INTEGER NOT NULL,
  PRIMARY KEY (alert_group, series)) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, alert_group INTEGER NOT NULL,
  received_at INTEGER NOT NULL, resolve_signal INTEGER NOT NULL, acknowledge_signal INTEGER NOT NULL,
  demo INTEGER NOT NULL, series TEXT NOT NULL, payload TEXT NOT NULL, trace TEXT NOT NULL) STRICT;
CREATE INDEX alert_group_of ON alert (alert_group);

CREATE TABLE timeline_entry (
  id INTEGER PRIMARY KEY, organization TEXT NOT NULL, alert_group INTEGER NOT NULL, kind TEXT NOT NULL,
  via INTEGER NOT NULL, user_account TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
  details TEXT NOT NULL) STRICT;
CREATE INDEX timeline_group ON timeline_entry (alert_group);

CREATE TABLE resolution_note (
  id INTEGER PRIMARY KEY, public_id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL, alert_group INTEGER NOT NULL,
  author TEXT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL, deleted_at INTEGER)
  STRICT;
CREATE INDEX resolution_note_group ON resolution_note (alert_group);

CREATE TABLE job (
  id INTEGER PRIMARY KEY, organization TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  due_at INTEGER NOT NULL, attempts INTEGER NOT NULL, lease_until INTEGER, leased_by TEXT, arguments TEXT NOT NULL,
  UNIQUE (kind, subject)) STRICT;
CREATE INDEX job_due ON job (due_at);

CREATE TABLE audit_entry (
  id INTEGER PRIMARY KEY, organization TEXT NOT NULL, via INTEGER NOT NULL, user_account TEXT NOT NULL,
  address TEXT NOT NULL, at INTEGER NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, before TEXT NOT NULL,
  after TEXT NOT NULL) STRICT;
)sql";

constexpr Migration steps[] = {{1, "first tables", first}};

/// FNV-1a over the text: tells an edited step from the one that was applied.
std::string checksum(std::string_view sql) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : sql) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return std::to_string(hash);
}

std::map<int, std::string> applied_steps(Connection& connection) {
  std::map<int, std::string> applied;
  Run run(connection, "SELECT number, checksum FROM schema_migration");
  while (run.next()) {
    const int number = static_cast<int>(run.integer());
    applied[number] = run.text();
  }
  return applied;
}

void apply(Connection& connection, const Migration& step, std::int64_t now_micros) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    // Another process may have applied it while this one waited for the lock.
    if (applied_steps(connection).count(step.number) == 0) {
      connection.execute(std::string(step.sql));
      Run(connection, "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
          std::int64_t{step.number}, step.name, checksum(step.sql), now_micros)
          .all();
    }
    connection.execute("COMMIT");
  } catch (...) {
    connection.execute("ROLLBACK");
    throw;
  }
}

}  // namespace

std::span<const Migration> migrations() {
  return steps;
}

base::Status migrate(Connection& connection, std::int64_t now_micros) {
  connection.execute(
      "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
      " checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)");
  const std::map<int, std::string> applied = applied_steps(connection);
  const int newest = std::size(steps) == 0 ? 0 : steps[std::size(steps) - 1].number;
  if (!applied.empty() && applied.rbegin()->first > newest) {
    return base::Error{base::ErrorKind::invalid, "the database was written by a newer tocsin (schema " +
                                                     std::to_string(applied.rbegin()->first) + ", this one knows " +
                                                     std::to_string(newest) + "); install that version or newer"};
  }
  for (const Migration& step : steps) {
    const auto known = applied.find(step.number);
    if (known == applied.end()) {
      apply(connection, step, now_micros);
    } else if (known->second != checksum(step.sql)) {
      return base::Error{base::ErrorKind::invalid,
                         "schema step " + std::to_string(step.number) + " differs from the one that was applied"};
    }
  }
  return {};
}

}  // namespace tocsin::store
