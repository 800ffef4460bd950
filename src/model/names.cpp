#include <iterator>

#include "model/job.hpp"
#include "model/timeline.hpp"
#include "model/unit.hpp"

namespace tocsin::model {

State state_of(const AlertGroup& group) {
  if (group.resolved_at) return State::resolved;
  if (group.acknowledged_at) return State::acknowledged;
  if (group.silenced_at) return State::silenced;
  return State::firing;
}

std::string_view name_of(State state) {
  constexpr std::string_view names[] = {"resolved", "acknowledged", "silenced", "firing"};
  return names[static_cast<int>(state)];
}

namespace {

constexpr std::string_view timeline_names[] = {
    "registered", "route assigned", "alert added",  "acknowledged", "unacknowledged", "resolved",
    "unresolved", "silenced",       "unsilenced",   "attached",     "unattached",     "restarted",
    "wiped",      "note added",     "note changed", "note removed",
};

}  // namespace

std::string_view name_of(TimelineKind kind) {
  return timeline_names[static_cast<int>(kind)];
}

std::optional<TimelineKind> timeline_kind(std::string_view name) {
  for (std::size_t i = 0; i < std::size(timeline_names); ++i) {
    if (timeline_names[i] == name) return static_cast<TimelineKind>(i);
  }
  return std::nullopt;
}

std::string_view name_of(Via via) {
  constexpr std::string_view names[] = {"source", "api", "cli", "web", "system"};
  return names[static_cast<int>(via)];
}

std::string_view name_of(LinkPurpose purpose) {
  constexpr std::string_view names[] = {"first", "invite", "reset"};
  return names[static_cast<int>(purpose)];
}

std::string_view name_of(JobKind kind) {
  constexpr std::string_view names[] = {"unsilence"};
  return names[static_cast<int>(kind)];
}

std::optional<JobKind> job_kind(std::string_view name) {
  if (name == "unsilence") return JobKind::unsilence;
  return std::nullopt;
}

namespace {

template <class T>
void move_to(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void merge(Unit& unit, Unit&& more) {
  move_to(unit.groups, more.groups);
  move_to(unit.alerts, more.alerts);
  move_to(unit.timeline, more.timeline);
  move_to(unit.jobs, more.jobs);
  move_to(unit.cancelled, more.cancelled);
  move_to(unit.finished, more.finished);
  move_to(unit.records, more.records);
  move_to(unit.removals, more.removals);
  move_to(unit.scrubbed, more.scrubbed);
  move_to(unit.audit, more.audit);
}

}  // namespace tocsin::model
