#include "group/effects.hpp"

#include "base/text.hpp"

namespace tocsin::group {
namespace {

using model::AlertGroup;
using model::ChangedBy;
using model::TimelineKind;

std::string json_object(const Details& details) {
  std::string json = "{";
  for (const auto& [key, text] : details) {
    if (json.size() > 1) json += ',';
    json += base::json_quoted(key) + ":" + base::json_quoted(text);
  }
  return json + "}";
}

}  // namespace

void Telling::entry(const AlertGroup& group, TimelineKind kind, std::string reason, const Details& details) {
  model::TimelineEntry entry;
  entry.organization = group.organization;
  entry.group = group.id;
  entry.kind = kind;
  entry.actor = actor_;
  entry.at = now_;
  entry.reason = std::move(reason);
  entry.details = json_object(details);
  fold_.timeline.push_back(std::move(entry));
}

void Telling::schedule_unsilence(const AlertGroup& group) {
  model::Job job;
  job.organization = group.organization;
  job.kind = model::JobKind::unsilence;
  job.subject = group.id.text();
  job.due_at = *group.silenced_until;
  fold_.jobs.push_back(std::move(job));
}

void Telling::cancel_unsilence(const AlertGroup& group) {
  fold_.cancelled.push_back({model::JobKind::unsilence, group.id.text()});
}

void note_reaction(AlertGroup& group, clock::Instant now) {
  if (!group.response_time) group.response_time = now - group.started_at;
}

void set_acknowledged(AlertGroup& group, ChangedBy by, const model::UserId& user, clock::Instant now) {
  group.acknowledged_at = now;
  group.acknowledged_by = by;
  group.acknowledged_by_user = user;
  note_reaction(group, now);
}

void acknowledge_group(Telling& telling, AlertGroup& group, const Cause& cause) {
  lift_silence(telling, group, "acknowledged");
  set_acknowledged(group, cause.by, telling.actor().user, telling.now());
  telling.entry(group, TimelineKind::acknowledged, cause.reason, cause.details);
}

void resolve_group(Telling& telling, AlertGroup& group, const Cause& cause) {
  lift_silence(telling, group, "resolved");
  group.resolved_at = telling.now();
  group.resolved_by = cause.by;
  group.resolved_by_user = telling.actor().user;
  group.open_for_grouping = false;
  note_reaction(group, telling.now());
  telling.entry(group, TimelineKind::resolved, cause.reason, cause.details);
}

void lift_silence(Telling& telling, AlertGroup& group, const std::string& reason) {
  if (!group.silenced_at) return;
  if (group.silenced_until) telling.cancel_unsilence(group);
  group.silenced_at.reset();
  group.silenced_until.reset();
  group.silenced_by_user = {};
  group.restarted_at = telling.now();
  telling.entry(group, TimelineKind::unsilenced, reason, {});
}

void lift_acknowledgement(Telling& telling, AlertGroup& group, const std::string& reason) {
  lift_silence(telling, group, reason);
  if (!group.acknowledged_at) return;
  group.acknowledged_at.reset();
  group.acknowledged_by = ChangedBy::nobody;
  group.acknowledged_by_user = {};
  group.restarted_at = telling.now();
  telling.entry(group, TimelineKind::unacknowledged, reason, {});
}

void lift_resolution(Telling& telling, AlertGroup& group, const std::string& reason, Grouping grouping) {
  lift_acknowledgement(telling, group, reason);
  if (!group.resolved_at) return;
  group.resolved_at.reset();
  group.resolved_by = ChangedBy::nobody;
  group.resolved_by_user = {};
  group.restarted_at = telling.now();
  group.open_for_grouping = grouping == Grouping::opens;
  telling.entry(group, TimelineKind::unresolved, reason, {});
}

}  // namespace tocsin::group
