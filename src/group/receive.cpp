#include "group/effects.hpp"
#include "group/group.hpp"

namespace tocsin::group {
namespace {

using model::AlertGroup;
using model::ChangedBy;
using model::Fold;
using model::Reading;
using model::TimelineKind;

AlertGroup fresh_group(const Reading& reading, const model::AlertGroupId& id) {
  AlertGroup group;
  group.id = id;
  group.organization = reading.organization;
  group.integration = reading.integration;
  group.team = reading.team;
  group.route = reading.route;
  group.title = reading.title;
  group.grouping_key = reading.grouping_key;
  group.distinction = reading.distinction;
  group.labels = reading.labels;
  group.source_link = reading.source_link;
  group.started_at = reading.received_at;
  return group;
}

void tell_birth(Telling& telling, const AlertGroup& group, const model::AlertId& alert) {
  telling.entry(group, TimelineKind::registered, "", {{"alert", alert.text()}});
  telling.entry(group, TimelineKind::route_assigned, "", {{"route", group.route.text()}});
}

/// Series that are counted resolve their group when none of them fires any more.
bool resolves(const Reading& reading, const Candidates& candidates) {
  return reading.resolve && (reading.series.empty() || candidates.other_series_firing == 0);
}

Fold open_group(const Reading& reading, const model::AlertId& alert, const Candidates& candidates,
                const model::AlertGroupId& fresh) {
  Fold fold;
  Telling telling(fold, {model::Via::source, {}, reading.peer}, reading.received_at);
  AlertGroup group = fresh_group(reading, fresh);
  group.alerts_count = 1;
  group.last_alert_at = reading.received_at;
  tell_birth(telling, group, alert);
  if (resolves(reading, candidates)) {
    // Nothing of this was firing here: the record is kept, nobody is told, nothing escalates.
    group.open_for_grouping = false;
    group.resolved_at = reading.received_at;
    group.resolved_by = ChangedBy::source;
    telling.entry(group, TimelineKind::resolved, "the source says resolved, and no group with this key was firing", {});
  } else if (reading.acknowledge) {
    set_acknowledged(group, ChangedBy::source, {}, reading.received_at);
    telling.entry(group, TimelineKind::acknowledged, "the source says acknowledged", {{"alert", alert.text()}});
  }
  fold.groups.push_back(std::move(group));
  return fold;
}

Fold join_resolved(const Reading& reading, AlertGroup group) {
  Fold fold;
  ++group.alerts_count;
  group.last_alert_at = reading.received_at;
  fold.groups.push_back(std::move(group));
  return fold;
}

Fold join_open(const Reading& reading, const model::AlertId& alert, const Candidates& candidates) {
  Fold fold;
  Telling telling(fold, {model::Via::source, {}, reading.peer}, reading.received_at);
  AlertGroup group = *candidates.open;
  ++group.alerts_count;
  group.last_alert_at = reading.received_at;
  const bool resolve = resolves(reading, candidates);
  const bool acknowledge = !resolve && reading.acknowledge && !group.acknowledged_at;
  const auto apply = [&](AlertGroup& each) {
    if (resolve) {
      resolve_group(telling, each, {ChangedBy::source, "the source says resolved", {{"alert", alert.text()}}});
    } else if (acknowledge && !each.acknowledged_at) {
      acknowledge_group(telling, each, {ChangedBy::source, "the source says acknowledged", {{"alert", alert.text()}}});
    }
  };
  apply(group);
  fold.groups.push_back(std::move(group));
  if (!resolve && !acknowledge) return fold;
  for (AlertGroup attached : candidates.attached) {
    if (attached.resolved_at) continue;
    apply(attached);
    fold.groups.push_back(std::move(attached));
  }
  return fold;
}

}  // namespace

Fold receive(const Reading& reading, const model::AlertId& alert, const Candidates& candidates,
             const model::AlertGroupId& fresh) {
  if (candidates.open) return join_open(reading, alert, candidates);
  if (resolves(reading, candidates) && candidates.resolved) return join_resolved(reading, *candidates.resolved);
  return open_group(reading, alert, candidates, fresh);
}

}  // namespace tocsin::group
