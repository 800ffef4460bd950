// A small world for the room's tests: groups, alerts, jobs and timeline in memory, kept as the ledger keeps them, and
// a clock that runs due jobs as it moves. Used by the case runner and by the model tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "group/group.hpp"

namespace tocsin::group {

/// What a source sends.
struct Signal {
  std::string key;
  bool resolve = false;
  bool acknowledge = false;
  std::string series;
  std::string route = "R1";
};

class World {
 public:
  using Name = std::string;  ///< `#1` for the first group, and so on

  clock::Instant now() const { return now_; }
  /// Moves the clock; jobs that fall due on the way run at their instants.
  void advance_to(clock::Instant to);

  /// The group that the alert went to.
  Name receive(const Signal& signal);
  /// The refusal's text, or nothing.
  std::string act(const Name& name, const Action& action, const model::Actor& actor);
  std::string attach(const Name& name, const Name& root, const model::Actor& actor);

  const model::AlertGroup* find(const Name& name) const;
  const std::map<Name, model::AlertGroup>& groups() const { return groups_; }
  /// Due instants of unsilence jobs by group.
  const std::map<Name, clock::Instant>& jobs() const { return jobs_; }
  const std::vector<model::TimelineEntry>& timeline() const { return timeline_; }
  /// Alerts by group; those of deleted groups are gone, `received()` counts all.
  std::int64_t alerts_in(const Name& name) const;
  std::int64_t received() const { return received_; }
  std::int64_t deleted_alerts() const { return deleted_alerts_; }
  const std::vector<Name>& scrubbed() const { return scrubbed_; }

 private:
  std::vector<model::AlertGroup> attached_to(const Name& root) const;
  Scene scene_of(const Name& name) const;
  Candidates candidates_for(const model::Reading& reading) const;
  void apply(const model::Fold& fold);

  clock::Instant now_ = clock::Instant::from_seconds(0);
  std::map<Name, model::AlertGroup> groups_;
  std::map<Name, std::map<std::string, bool>> series_;  ///< group → series → fires
  std::map<Name, std::int64_t> alerts_;
  std::map<Name, clock::Instant> jobs_;
  std::vector<model::TimelineEntry> timeline_;
  std::vector<Name> scrubbed_;
  std::int64_t numbered_ = 0;
  std::int64_t received_ = 0;
  std::int64_t deleted_alerts_ = 0;
};

}  // namespace tocsin::group
