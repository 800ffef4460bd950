#include "store/query/rows.hpp"

#include "base/check.hpp"
#include "value/json.hpp"

namespace tocsin::store {

std::string json_of(const TextMap& map) {
  if (map.empty()) return "{}";
  value::Arena arena;
  value::Dict* dict = value::new_dict(arena, static_cast<std::uint32_t>(map.size()));
  for (const auto& [key, text] : map) value::set(arena, *dict, key, value::Value::text(text));
  return value::to_json(value::Value::dict(dict));
}

TextMap map_of(std::string_view json) {
  TextMap map;
  if (json == "{}") return map;
  const auto document = value::read_json(json);
  if (!document || !document->root().is_dict()) throw DatabaseError(DatabaseError::Kind::other, "a map is damaged");
  for (const value::Entry& entry : *document->root().as_dict()) {
    map.emplace(entry.key.as_text(), entry.value.is_string() ? entry.value.as_text() : std::string_view());
  }
  return map;
}

const std::string_view user_columns =
    "public_id, organization, username, name, email, role, time_zone, phone, active, created_at";

model::User read_user(Run& run) {
  model::User user;
  user.id = model::UserId(run.text());
  user.organization = model::OrganizationId(run.text());
  user.username = run.text();
  user.name = run.text();
  user.email = run.text();
  user.role = static_cast<model::Role>(run.integer());
  user.time_zone = run.maybe_text();
  user.phone = run.maybe_text();
  user.active = run.truth();
  user.created_at = instant(run.integer());
  return user;
}

const std::string_view token_columns =
    "public_id, organization, user_account, name, lookup, digest, created_at, expires_at, last_used_at, revoked_at";

model::ApiToken read_token(Run& run) {
  model::ApiToken token;
  token.id = model::ApiTokenId(run.text());
  token.organization = model::OrganizationId(run.text());
  token.user = model::UserId(run.text());
  token.name = run.text();
  token.lookup = run.text();
  token.digest = run.text();
  token.created_at = instant(run.integer());
  token.expires_at = maybe_instant(run.maybe_integer());
  token.last_used_at = maybe_instant(run.maybe_integer());
  token.revoked_at = maybe_instant(run.maybe_integer());
  return token;
}

const std::string_view team_columns = "public_id, organization, name, email, created_at";

model::Team read_team(Run& run) {
  model::Team team;
  team.id = model::TeamId(run.text());
  team.organization = model::OrganizationId(run.text());
  team.name = run.text();
  team.email = run.maybe_text();
  team.created_at = instant(run.integer());
  return team;
}

const std::string_view password_columns = "user_account, organization, hash, changed_at";

model::Password read_password(Run& run) {
  model::Password password;
  password.user = model::UserId(run.text());
  password.organization = model::OrganizationId(run.text());
  password.hash = run.text();
  password.changed_at = instant(run.integer());
  return password;
}

const std::string_view link_columns = "user_account, organization, digest, purpose, created_at, expires_at";

model::SignInLink read_link(Run& run) {
  model::SignInLink link;
  link.user = model::UserId(run.text());
  link.organization = model::OrganizationId(run.text());
  link.digest = run.text();
  link.purpose = static_cast<model::LinkPurpose>(run.integer());
  link.created_at = instant(run.integer());
  link.expires_at = instant(run.integer());
  return link;
}

const std::string_view session_columns =
    "public_id, organization, user_account, digest, created_at, expires_at, last_seen_at, address, user_agent";

model::Session read_session(Run& run) {
  model::Session session;
  session.id = model::SessionId(run.text());
  session.organization = model::OrganizationId(run.text());
  session.user = model::UserId(run.text());
  session.digest = run.text();
  session.created_at = instant(run.integer());
  session.expires_at = instant(run.integer());
  session.last_seen_at = instant(run.integer());
  session.address = run.text();
  session.user_agent = run.text();
  return session;
}

const std::string_view integration_columns =
    "public_id, organization, team, author, type, name, description, token_sealed, token_digest, templates,"
    " resolves_from_source, labels, dynamic_labels, rate_per_second, rate_burst, created_at, deleted_at";

model::Integration read_integration(Run& run) {
  model::Integration integration;
  integration.id = model::IntegrationId(run.text());
  integration.organization = model::OrganizationId(run.text());
  integration.team = model::TeamId(run.text());
  integration.author = model::UserId(run.text());
  integration.type = run.text();
  integration.name = run.text();
  integration.description = run.maybe_text();
  integration.token_sealed = run.text();
  integration.token_digest = run.text();
  integration.templates = map_of(run.text());
  integration.resolves_from_source = run.truth();
  integration.labels = map_of(run.text());
  integration.dynamic_labels = map_of(run.text());
  integration.rate_per_second = run.maybe_real();
  integration.rate_burst = run.maybe_real();
  integration.created_at = instant(run.integer());
  integration.deleted_at = maybe_instant(run.maybe_integer());
  return integration;
}

const std::string_view route_columns =
    "public_id, organization, integration, is_default, position, type, expression, escalation_chain, channels,"
    " created_at";

model::Route read_route(Run& run) {
  model::Route route;
  route.id = model::RouteId(run.text());
  route.organization = model::OrganizationId(run.text());
  route.integration = model::IntegrationId(run.text());
  route.is_default = run.truth();
  route.position = run.integer();
  route.type = static_cast<model::RouteType>(run.integer());
  route.expression = run.maybe_text();
  route.escalation_chain = model::EscalationChainId(run.text());
  route.channels = run.text();
  route.created_at = instant(run.integer());
  return route;
}

// A route that was deleted is not shown; looking it up here spares the deletion a walk over all its groups.
const std::string_view group_columns =
    "id, public_id, organization, number, integration, team,"
    " (SELECT r.public_id FROM route r WHERE r.public_id = alert_group.route), title, grouping_key, distinction,"
    " open_for_grouping, labels, source_link,"
    " (SELECT t.alerts_count FROM alert_group_tally t WHERE t.alert_group = alert_group.id), started_at,"
    " (SELECT t.last_alert_at FROM alert_group_tally t WHERE t.alert_group = alert_group.id), acknowledged_at,"
    " acknowledged_by, acknowledged_by_user, resolved_at, resolved_by, resolved_by_user, silenced_at, silenced_until,"
    " silenced_by_user, restarted_at, response_time, root, wiped_at, wiped_by";

namespace {

void read_group_states(Run& run, model::AlertGroup& group) {
  group.acknowledged_at = maybe_instant(run.maybe_integer());
  group.acknowledged_by = static_cast<model::ChangedBy>(run.integer());
  group.acknowledged_by_user = model::UserId(run.text());
  group.resolved_at = maybe_instant(run.maybe_integer());
  group.resolved_by = static_cast<model::ChangedBy>(run.integer());
  group.resolved_by_user = model::UserId(run.text());
  group.silenced_at = maybe_instant(run.maybe_integer());
  group.silenced_until = maybe_instant(run.maybe_integer());
  group.silenced_by_user = model::UserId(run.text());
  group.restarted_at = maybe_instant(run.maybe_integer());
  if (const auto length = run.maybe_integer()) group.response_time = clock::Duration(*length);
  group.root = model::AlertGroupId(run.text());
  group.wiped_at = maybe_instant(run.maybe_integer());
  group.wiped_by = model::UserId(run.text());
}

}  // namespace

model::AlertGroup read_group(Run& run) {
  model::AlertGroup group;
  group.row = run.integer();
  group.id = model::AlertGroupId(run.text());
  group.organization = model::OrganizationId(run.text());
  group.number = run.integer();
  group.integration = model::IntegrationId(run.text());
  group.team = model::TeamId(run.text());
  group.route = model::RouteId(run.text());
  group.title = run.text();
  group.grouping_key = run.text();
  group.distinction = run.text();
  group.open_for_grouping = run.truth();
  group.labels = map_of(run.text());
  group.source_link = run.text();
  group.alerts_count = run.integer();
  group.started_at = instant(run.integer());
  group.last_alert_at = instant(run.integer());
  read_group_states(run, group);
  return group;
}

const std::string_view alert_columns =
    "a.id, a.public_id, a.organization, g.public_id, a.received_at, a.resolve_signal, a.acknowledge_signal, a.demo,"
    " a.series, a.payload, a.trace";

model::Alert read_alert(Run& run) {
  model::Alert alert;
  alert.row = run.integer();
  alert.id = model::AlertId(run.text());
  alert.organization = model::OrganizationId(run.text());
  alert.group = model::AlertGroupId(run.text());
  alert.received_at = instant(run.integer());
  alert.resolve_signal = run.truth();
  alert.acknowledge_signal = run.truth();
  alert.demo = run.truth();
  alert.series = run.text();
  alert.payload = run.text();
  alert.trace = run.text();
  return alert;
}

const std::string_view timeline_columns =
    "t.id, t.organization, g.public_id, t.kind, t.via, t.user_account, t.address, t.at, t.reason, t.details";

model::TimelineEntry read_timeline(Run& run) {
  model::TimelineEntry entry;
  entry.row = run.integer();
  entry.organization = model::OrganizationId(run.text());
  entry.group = model::AlertGroupId(run.text());
  const std::optional<model::TimelineKind> kind = model::timeline_kind(run.text());
  if (!kind) throw DatabaseError(DatabaseError::Kind::other, "a timeline entry is of an unknown kind");
  entry.kind = *kind;
  entry.actor.via = static_cast<model::Via>(run.integer());
  entry.actor.user = model::UserId(run.text());
  entry.actor.address = run.text();
  entry.at = instant(run.integer());
  entry.reason = run.text();
  entry.details = run.text();
  return entry;
}

const std::string_view note_columns =
    "n.public_id, n.organization, g.public_id, n.author, n.source, n.text, n.created_at, n.deleted_at";

model::ResolutionNote read_note(Run& run) {
  model::ResolutionNote note;
  note.id = model::ResolutionNoteId(run.text());
  note.organization = model::OrganizationId(run.text());
  note.group = model::AlertGroupId(run.text());
  note.author = model::UserId(run.text());
  note.source = run.text();
  note.text = run.text();
  note.created_at = instant(run.integer());
  note.deleted_at = maybe_instant(run.maybe_integer());
  return note;
}

const std::string_view job_columns = "organization, id, kind, subject, due_at, attempts, arguments";

model::Job read_job(Run& run) {
  model::Job job;
  job.organization = model::OrganizationId(run.text());
  job.row = run.integer();
  const std::optional<model::JobKind> kind = model::job_kind(run.text());
  if (!kind) throw DatabaseError(DatabaseError::Kind::other, "a job is of an unknown kind");
  job.kind = *kind;
  job.subject = run.text();
  job.due_at = instant(run.integer());
  job.attempts = static_cast<int>(run.integer());
  job.arguments = run.text();
  return job;
}

const std::string_view audit_columns =
    "id, organization, via, user_account, address, at, action, subject, before, after";

model::AuditEntry read_audit(Run& run) {
  model::AuditEntry entry;
  entry.row = run.integer();
  entry.organization = model::OrganizationId(run.text());
  entry.actor.via = static_cast<model::Via>(run.integer());
  entry.actor.user = model::UserId(run.text());
  entry.actor.address = run.text();
  entry.at = instant(run.integer());
  entry.action = run.text();
  entry.subject = run.text();
  entry.before = run.text();
  entry.after = run.text();
  return entry;
}

}  // namespace tocsin::store
