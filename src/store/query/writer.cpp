#include "store/query/writer.hpp"

#include "store/query/rows.hpp"

namespace tocsin::store {
namespace {

int state_number(const model::AlertGroup& group) {
  return static_cast<int>(model::state_of(group));
}

}  // namespace

void Writer::write(model::Unit& unit) {
  rows_.clear();
  for (const model::Record& record : unit.records) {
    if (!std::holds_alternative<model::ResolutionNote>(record))
      std::visit([&](const auto& r) { write_record(r); }, record);
  }
  for (model::AlertGroup& group : unit.groups) write_group(group);
  for (model::Alert& alert : unit.alerts) write_alert(alert);
  for (const model::Record& record : unit.records) {
    if (const auto* note = std::get_if<model::ResolutionNote>(&record)) write_record(*note);
  }
  for (model::TimelineEntry& entry : unit.timeline) write_timeline(entry);
  for (const model::JobKey& key : unit.cancelled) {
    Run(connection_, "DELETE FROM job WHERE kind = ? AND subject = ?", model::name_of(key.kind), key.subject).all();
  }
  // One that was scheduled anew while it was worked on has no lease: it stays.
  for (const model::Row job : unit.finished) {
    Run(connection_, "DELETE FROM job WHERE id = ? AND lease_until IS NOT NULL", job).all();
  }
  for (const model::Job& job : unit.jobs) write_job(job);
  for (const model::AlertGroupId& group : unit.scrubbed) scrub(group);
  for (const model::AuditEntry& entry : unit.audit) write_audit(entry);
  for (const model::Removal& removal : unit.removals) std::visit([&](const auto& id) { remove(id); }, removal);
}

void Writer::write_group(model::AlertGroup& group) {
  if (group.row == 0) {
    insert_group(group);
  } else {
    replace_group(group);
  }
  rows_[group.id.text()] = group.row;
}

void Writer::insert_group(model::AlertGroup& group) {
  {
    Run number(connection_,
               "INSERT INTO counter (organization, name, value) VALUES (?, 'alert_group', 1)"
               " ON CONFLICT (organization, name) DO UPDATE SET value = counter.value + 1 RETURNING value",
               group.organization.text());
    number.next();
    group.number = number.integer();
    number.all();
  }
  const std::string labels = json_of(group.labels);
  Run insert(connection_,
             "INSERT INTO alert_group (public_id, organization, number, integration, team, route, title, grouping_key,"
             " distinction, open_for_grouping, labels, source_link, started_at, state,"
             " acknowledged_at, acknowledged_by, acknowledged_by_user, resolved_at, resolved_by, resolved_by_user,"
             " silenced_at, silenced_until, silenced_by_user, restarted_at, response_time, root, wiped_at, wiped_by)"
             " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
             group.id.text(), group.organization.text(), group.number, group.integration.text(), group.team.text(),
             group.route.text(), group.title, group.grouping_key, group.distinction, group.open_for_grouping, labels,
             group.source_link, group.started_at.micros(), state_number(group), micros(group.acknowledged_at),
             static_cast<int>(group.acknowledged_by), group.acknowledged_by_user.text(), micros(group.resolved_at),
             static_cast<int>(group.resolved_by), group.resolved_by_user.text(), micros(group.silenced_at),
             micros(group.silenced_until), group.silenced_by_user.text(), micros(group.restarted_at),
             group.response_time ? std::optional(group.response_time->count()) : std::nullopt, group.root.text(),
             micros(group.wiped_at), group.wiped_by.text());
  group.row = insert.insert();
  Run(connection_,
      "INSERT INTO alert_group_tally (alert_group, organization, alerts_count, last_alert_at) VALUES (?, ?, ?, ?)",
      group.row, group.organization.text(), group.alerts_count, group.last_alert_at.micros())
      .all();
  for (const auto& [key, text] : group.labels) {
    Run(connection_, "INSERT INTO group_label (alert_group, organization, key, value) VALUES (?, ?, ?, ?)", group.row,
        group.organization.text(), key, text)
        .all();
  }
}

void Writer::replace_group(const model::AlertGroup& group) {
  if (!add_alerts(group)) change_group(group);
}

// Most alerts join a group and change nothing else of it: then the group's own row stays as it is. False when a state,
// the root or the grouping has changed; nothing else of a group changes without one of these.
bool Writer::add_alerts(const model::AlertGroup& group) {
  Run run(connection_,
          "UPDATE alert_group_tally SET alerts_count = ?, last_alert_at = ? WHERE alert_group = (SELECT id"
          " FROM alert_group WHERE id = ? AND state = ? AND open_for_grouping = ? AND root = ?"
          " AND acknowledged_at IS NOT DISTINCT FROM ? AND resolved_at IS NOT DISTINCT FROM ?"
          " AND silenced_at IS NOT DISTINCT FROM ? AND silenced_until IS NOT DISTINCT FROM ?"
          " AND restarted_at IS NOT DISTINCT FROM ? AND wiped_at IS NOT DISTINCT FROM ?)",
          group.alerts_count, group.last_alert_at.micros(), group.row, state_number(group), group.open_for_grouping,
          group.root.text(), micros(group.acknowledged_at), micros(group.resolved_at), micros(group.silenced_at),
          micros(group.silenced_until), micros(group.restarted_at), micros(group.wiped_at));
  return run.change() == 1;
}

// What never changes after the insert (ids, number, integration, key, labels, start) is not written again.
void Writer::change_group(const model::AlertGroup& group) {
  Run(connection_,
      "UPDATE alert_group SET open_for_grouping = ?, state = ?,"
      " acknowledged_at = ?, acknowledged_by = ?, acknowledged_by_user = ?, resolved_at = ?, resolved_by = ?,"
      " resolved_by_user = ?, silenced_at = ?, silenced_until = ?, silenced_by_user = ?, restarted_at = ?,"
      " response_time = ?, root = ?, wiped_at = ?, wiped_by = ? WHERE id = ?",
      group.open_for_grouping, state_number(group), micros(group.acknowledged_at),
      static_cast<int>(group.acknowledged_by), group.acknowledged_by_user.text(), micros(group.resolved_at),
      static_cast<int>(group.resolved_by), group.resolved_by_user.text(), micros(group.silenced_at),
      micros(group.silenced_until), group.silenced_by_user.text(), micros(group.restarted_at),
      group.response_time ? std::optional(group.response_time->count()) : std::nullopt, group.root.text(),
      micros(group.wiped_at), group.wiped_by.text(), group.row)
      .all();
  Run(connection_, "UPDATE alert_group_tally SET alerts_count = ?, last_alert_at = ? WHERE alert_group = ?",
      group.alerts_count, group.last_alert_at.micros(), group.row)
      .all();
}

model::Row Writer::row_of(const model::AlertGroupId& group) {
  if (const auto known = rows_.find(group.text()); known != rows_.end()) return known->second;
  Run run(connection_, "SELECT id FROM alert_group WHERE public_id = ?", group.text());
  if (!run.next()) throw DatabaseError(DatabaseError::Kind::constraint, "no alert group " + group.text());
  const model::Row row = run.integer();
  rows_[group.text()] = row;
  return row;
}

void Writer::write_alert(model::Alert& alert) {
  const model::Row group = row_of(alert.group);
  Run insert(connection_,
             "INSERT INTO alert (public_id, organization, alert_group, received_at, resolve_signal,"
             " acknowledge_signal, demo, series, payload, trace) VALUES (?,?,?,?,?,?,?,?,?,?)",
             alert.id.text(), alert.organization.text(), group, alert.received_at.micros(), alert.resolve_signal,
             alert.acknowledge_signal, alert.demo, alert.series, alert.payload.view(), alert.trace.view());
  alert.row = insert.insert();
  if (alert.series.empty()) return;
  Run(connection_,
      "INSERT INTO group_series (alert_group, organization, series, firing) VALUES (?, ?, ?, ?)"
      " ON CONFLICT (alert_group, series) DO UPDATE SET firing = excluded.firing",
      group, alert.organization.text(), alert.series, !alert.resolve_signal)
      .all();
}

void Writer::write_timeline(model::TimelineEntry& entry) {
  Run insert(connection_,
             "INSERT INTO timeline_entry (organization, alert_group, kind, via, user_account, address, at, reason,"
             " details) VALUES (?,?,?,?,?,?,?,?,?)",
             entry.organization.text(), row_of(entry.group), model::name_of(entry.kind),
             static_cast<int>(entry.actor.via), entry.actor.user.text(), entry.actor.address, entry.at.micros(),
             entry.reason, entry.details);
  entry.row = insert.insert();
}

void Writer::write_job(const model::Job& job) {
  Run(connection_,
      "INSERT INTO job (organization, kind, subject, due_at, attempts, arguments) VALUES (?, ?, ?, ?, 0, ?)"
      " ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at, attempts = 0, lease_until = NULL,"
      " leased_by = NULL, arguments = excluded.arguments",
      job.organization.text(), model::name_of(job.kind), job.subject, job.due_at.micros(), job.arguments)
      .all();
}

void Writer::write_audit(const model::AuditEntry& entry) {
  Run(connection_,
      "INSERT INTO audit_entry (organization, via, user_account, address, at, action, subject, before, after)"
      " VALUES (?,?,?,?,?,?,?,?,?)",
      entry.organization.text(), static_cast<int>(entry.actor.via), entry.actor.user.text(), entry.actor.address,
      entry.at.micros(), entry.action, entry.subject, entry.before, entry.after)
      .all();
}

void Writer::scrub(const model::AlertGroupId& group) {
  const model::Row row = row_of(group);
  remove_labels(row);
  Run(connection_, "UPDATE alert SET payload = '{}', trace = '{}', series = '' WHERE alert_group = ?", row).all();
  Run(connection_, "DELETE FROM group_series WHERE alert_group = ?", row).all();
  Run(connection_,
      "UPDATE alert_group SET title = '', grouping_key = '', distinction = '', source_link = '', labels = '{}'"
      " WHERE id = ?",
      row)
      .all();
}

// Labels are found by key and value only; what a group has it knows itself.
void Writer::remove_labels(model::Row group) {
  TextMap labels;
  {
    Run run(connection_, "SELECT labels FROM alert_group WHERE id = ?", group);
    if (run.next()) labels = map_of(run.text());
  }
  for (const auto& [key, text] : labels) {
    Run(connection_, "DELETE FROM group_label WHERE key = ? AND value = ? AND alert_group = ?", key, text, group).all();
  }
}

// Its groups show no route from now on: see group_columns.
void Writer::remove(const model::RouteId& id) {
  Run(connection_, "DELETE FROM route WHERE public_id = ?", id.text()).all();
}

void Writer::remove(const model::AlertGroupId& id) {
  const model::Row row = row_of(id);
  remove_labels(row);
  Run(connection_, "DELETE FROM alert WHERE alert_group = ?", row).all();
  Run(connection_, "DELETE FROM timeline_entry WHERE alert_group = ?", row).all();
  Run(connection_, "DELETE FROM resolution_note WHERE alert_group = ?", row).all();
  Run(connection_, "DELETE FROM group_series WHERE alert_group = ?", row).all();
  Run(connection_, "DELETE FROM job WHERE subject = ?", id.text()).all();
  Run(connection_, "DELETE FROM alert_group_tally WHERE alert_group = ?", row).all();
  Run(connection_, "DELETE FROM alert_group WHERE id = ?", row).all();
}

void Writer::write_record(const model::Organization& organization) {
  Run(connection_,
      "INSERT INTO organization (public_id, name, created_at) VALUES (?, ?, ?)"
      " ON CONFLICT (public_id) DO UPDATE SET name = excluded.name",
      organization.id.text(), organization.name, organization.created_at.micros())
      .all();
}

void Writer::write_record(const model::User& user) {
  Run(connection_,
      "INSERT INTO user_account (public_id, organization, username, name, email, role, time_zone, phone, active,"
      " created_at) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (public_id) DO UPDATE SET username = excluded.username,"
      " name = excluded.name, email = excluded.email, role = excluded.role, time_zone = excluded.time_zone,"
      " phone = excluded.phone, active = excluded.active",
      user.id.text(), user.organization.text(), user.username, user.name, user.email, static_cast<int>(user.role),
      user.time_zone, user.phone, user.active, user.created_at.micros())
      .all();
}

void Writer::write_record(const model::ApiToken& token) {
  Run(connection_,
      "INSERT INTO api_token (public_id, organization, user_account, name, lookup, digest, created_at, expires_at,"
      " last_used_at, revoked_at) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (public_id) DO UPDATE SET"
      " name = excluded.name, expires_at = excluded.expires_at, last_used_at = excluded.last_used_at,"
      " revoked_at = excluded.revoked_at",
      token.id.text(), token.organization.text(), token.user.text(), token.name, token.lookup, token.digest,
      token.created_at.micros(), micros(token.expires_at), micros(token.last_used_at), micros(token.revoked_at))
      .all();
}

void Writer::write_record(const model::Integration& integration) {
  const std::string templates = json_of(integration.templates);
  const std::string labels = json_of(integration.labels);
  const std::string dynamic_labels = json_of(integration.dynamic_labels);
  Run(connection_,
      "INSERT INTO integration (public_id, organization, team, author, type, name, description, token_sealed,"
      " token_digest, templates, resolves_from_source, labels, dynamic_labels, rate_per_second, rate_burst,"
      " created_at, deleted_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (public_id) DO UPDATE SET"
      " team = excluded.team, type = excluded.type, name = excluded.name, description = excluded.description,"
      " token_sealed = excluded.token_sealed, token_digest = excluded.token_digest, templates = excluded.templates,"
      " resolves_from_source = excluded.resolves_from_source, labels = excluded.labels,"
      " dynamic_labels = excluded.dynamic_labels, rate_per_second = excluded.rate_per_second,"
      " rate_burst = excluded.rate_burst, deleted_at = excluded.deleted_at",
      integration.id.text(), integration.organization.text(), integration.team.text(), integration.author.text(),
      integration.type, integration.name, integration.description, integration.token_sealed, integration.token_digest,
      templates, integration.resolves_from_source, labels, dynamic_labels, integration.rate_per_second,
      integration.rate_burst, integration.created_at.micros(), micros(integration.deleted_at))
      .all();
}

void Writer::write_record(const model::Route& route) {
  Run(connection_,
      "INSERT INTO route (public_id, organization, integration, is_default, position, type, expression,"
      " escalation_chain, channels, created_at) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (public_id) DO UPDATE SET"
      " position = excluded.position, type = excluded.type, expression = excluded.expression,"
      " escalation_chain = excluded.escalation_chain, channels = excluded.channels",
      route.id.text(), route.organization.text(), route.integration.text(), route.is_default, route.position,
      static_cast<int>(route.type), route.expression, route.escalation_chain.text(), route.channels,
      route.created_at.micros())
      .all();
}

void Writer::write_record(const model::ResolutionNote& note) {
  Run(connection_,
      "INSERT INTO resolution_note (public_id, organization, alert_group, author, source, text, created_at,"
      " deleted_at) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (public_id) DO UPDATE SET text = excluded.text,"
      " deleted_at = excluded.deleted_at",
      note.id.text(), note.organization.text(), row_of(note.group), note.author.text(), note.source, note.text,
      note.created_at.micros(), micros(note.deleted_at))
      .all();
}

std::vector<model::Job> Writer::lease(clock::Instant now, clock::Duration length, int most, const std::string& boot) {
  std::vector<model::Job> jobs;
  Run run(connection_,
          "UPDATE job SET lease_until = ?, leased_by = ?, attempts = attempts + 1 WHERE id IN (SELECT id FROM job"
          " WHERE due_at <= ? AND (lease_until IS NULL OR lease_until <= ?) ORDER BY due_at, id LIMIT ?)"
          " RETURNING organization, id, kind, subject, due_at, attempts, arguments",
          (now + length).micros(), boot, now.micros(), now.micros(), most);
  while (run.next()) jobs.push_back(read_job(run));
  return jobs;
}

void Writer::retry(model::Row job, clock::Instant due_at) {
  Run(connection_,
      "UPDATE job SET due_at = ?, lease_until = NULL, leased_by = NULL WHERE id = ? AND lease_until IS NOT NULL",
      due_at.micros(), job)
      .all();
}

void Writer::void_leases(const std::string& boot) {
  Run(connection_, "UPDATE job SET lease_until = NULL, leased_by = NULL WHERE leased_by IS NOT NULL AND leased_by <> ?",
      boot)
      .all();
}

}  // namespace tocsin::store
