// What happened to an alert group, in words that stay: who, from where, when (spec: escalation.md 1.8).
#pragma once

#include <optional>
#include <string>

#include "clock/clock.hpp"
#include "model/alert_group.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

enum class TimelineKind {
  registered,
  route_assigned,
  alert_added,
  acknowledged,
  unacknowledged,
  resolved,
  unresolved,
  silenced,
  unsilenced,
  attached,
  unattached,
  restarted,
  wiped,
  note_added,
  note_changed,
  note_removed,
};
std::string_view name_of(TimelineKind kind);
std::optional<TimelineKind> timeline_kind(std::string_view name);

/// Through which door a change came.
enum class Via { source, api, cli, web, system };
std::string_view name_of(Via via);

/// Who acts, from where. A user is empty for the source and for the system itself.
struct Actor {
  Via via = Via::system;
  UserId user;
  std::string address;  ///< peer address for api, web and source; empty else
};

struct TimelineEntry {
  OrganizationId organization;
  AlertGroupId group;
  Row row = 0;
  TimelineKind kind = TimelineKind::registered;
  Actor actor;
  clock::Instant at;
  std::string reason;          ///< plain words, may be empty: `silence of 30 minutes is over`
  std::string details = "{}";  ///< JSON object: alert, route, until, delay, other group …
};

/// A change of settings by a person.
struct AuditEntry {
  OrganizationId organization;
  Row row = 0;
  Actor actor;
  clock::Instant at;
  std::string action;           ///< `integration.created` …
  std::string subject;          ///< public id
  std::string before = "null";  ///< JSON
  std::string after = "null";   ///< JSON
};

}  // namespace tocsin::model
