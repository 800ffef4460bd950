// Alerts and the alert groups they gather in (spec: ingest.md 2, escalation.md 1).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/shared_text.hpp"
#include "clock/clock.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

/// Database row number; 0: not stored yet. Orders rows by creation.
using Row = std::int64_t;

/// One alert as it came. Never changed, but for a wipe.
struct Alert {
  AlertId id;
  OrganizationId organization;
  AlertGroupId group;
  Row row = 0;
  base::SharedText payload;     ///< JSON
  base::SharedText trace;       ///< JSON: how title, grouping key, signals, route and labels were found
  bool resolve_signal = false;  ///< the resolve template said so and the integration lets the source resolve
  bool acknowledge_signal = false;
  bool demo = false;
  std::string series;  ///< for sources that are resolved by counting: hash of the label set; else empty
  clock::Instant received_at;
};

/// States, strongest first when several flags are set (spec: escalation.md 1.2).
enum class State { resolved, acknowledged, silenced, firing };

/// Who brought a state about.
enum class ChangedBy { nobody, source, user, last_step, wipe, maintenance, system };

/// A group of alerts that tell one problem.
struct AlertGroup {
  AlertGroupId id;
  OrganizationId organization;
  Row row = 0;
  std::int64_t number = 0;  ///< counts from 1 in the organisation; the store assigns it at insert
  IntegrationId integration;
  TeamId team;                    ///< the integration's team
  RouteId route;                  ///< empty once the route is deleted
  std::string title;              ///< web title of the first alert
  std::string grouping_key;       ///< the rendered key, or the fallback
  std::string distinction;        ///< MD5 hex of the key; empty after a wipe
  bool open_for_grouping = true;  ///< takes further alerts with the same key; one group per (integration, distinction)
  std::map<std::string, std::string> labels;
  std::string source_link;  ///< empty: none
  std::int64_t alerts_count = 0;

  clock::Instant started_at;
  clock::Instant last_alert_at;
  std::optional<clock::Instant> acknowledged_at;
  ChangedBy acknowledged_by = ChangedBy::nobody;
  UserId acknowledged_by_user;
  std::optional<clock::Instant> resolved_at;
  ChangedBy resolved_by = ChangedBy::nobody;
  UserId resolved_by_user;
  std::optional<clock::Instant> silenced_at;
  std::optional<clock::Instant> silenced_until;  ///< absent while silenced: for ever
  UserId silenced_by_user;
  std::optional<clock::Instant> restarted_at;
  std::optional<clock::Duration> response_time;  ///< first reaction minus start
  AlertGroupId root;                             ///< the group it is attached to; empty: none
  std::optional<clock::Instant> wiped_at;
  UserId wiped_by;
};

/// The state that people see.
State state_of(const AlertGroup& group);
/// `firing`, `acknowledged`, `resolved`, `silenced`.
std::string_view name_of(State state);

/// A remark of a person on how it was resolved.
struct ResolutionNote {
  ResolutionNoteId id;
  OrganizationId organization;
  AlertGroupId group;
  UserId author;  ///< empty: none
  std::string source = "Web";
  std::string text;
  clock::Instant created_at;
  std::optional<clock::Instant> deleted_at;
};

}  // namespace tocsin::model
