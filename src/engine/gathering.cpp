#include "engine/gathering.hpp"

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "group/group.hpp"

namespace tocsin::engine {
namespace {

model::Alert alert_of(const Numbered& numbered, const model::AlertGroupId& group) {
  model::Alert alert;
  alert.id = numbered.alert;
  alert.organization = numbered.reading.organization;
  alert.group = group;
  alert.payload = numbered.reading.payload;
  alert.trace = numbered.reading.trace;
  alert.resolve_signal = numbered.reading.resolve;
  alert.acknowledge_signal = numbered.reading.acknowledge;
  alert.demo = numbered.reading.demo;
  alert.series = numbered.reading.series;
  alert.received_at = numbered.reading.received_at;
  return alert;
}

/// Alerts of one delivery see each other: what the first decided stands only in the Unit that is being made.
class Gathering {
 public:
  explicit Gathering(const store::Reader& reader) : reader_(reader) {}

  void add(const Numbered& numbered) {
    model::Fold fold =
        group::receive(numbered.reading, numbered.alert, candidates_for(numbered.reading), numbered.fresh_group);
    CHECK(!fold.groups.empty());
    unit_.alerts.push_back(alert_of(numbered, fold.groups.front().id));
    latest_of_key_[key_of(numbered.reading)] = fold.groups.front().id.text();
    for (model::AlertGroup& group : fold.groups) put(std::move(group));
    fold.groups.clear();
    model::merge(unit_, unit_of(std::move(fold)));
  }

  model::Unit take() { return std::move(unit_); }

 private:
  static std::string key_of(const model::Reading& reading) { return reading.integration.text() + reading.distinction; }

  /// The group as this Unit leaves it, if it touches it.
  const model::AlertGroup* decided(const std::string& id) const {
    const auto known = places_.find(id);
    return known == places_.end() ? nullptr : &unit_.groups[known->second];
  }

  void put(model::AlertGroup group) {
    const auto [place, is_new] = places_.try_emplace(group.id.text(), unit_.groups.size());
    if (is_new) {
      unit_.groups.push_back(std::move(group));
    } else {
      unit_.groups[place->second] = std::move(group);
    }
  }

  group::Candidates candidates_for(const model::Reading& reading) const {
    group::Candidates candidates;
    std::optional<model::AlertGroup> last = last_of_key(reading);
    if (last && !last->open_for_grouping) {
      candidates.resolved = std::move(last);
      return candidates;
    }
    if (!last) {
      if (reading.resolve)
        candidates.resolved = reader_.newest_resolved_group(reading.integration, reading.distinction);
      return candidates;
    }
    if (reading.resolve) candidates.other_series_firing = count_other_series(reading, *last);
    const bool may_cascade = reading.resolve || reading.acknowledge;
    if (may_cascade && last->row != 0) candidates.attached = attached_to(*last);
    candidates.open = std::move(last);
    return candidates;
  }

  /// The group that took the key's last alert in this Unit, else the open one of the ledger as this Unit leaves it.
  std::optional<model::AlertGroup> last_of_key(const model::Reading& reading) const {
    const auto known = latest_of_key_.find(key_of(reading));
    if (known != latest_of_key_.end()) return *decided(known->second);
    std::optional<model::AlertGroup> open = reader_.open_group(reading.integration, reading.distinction);
    if (!open) return open;
    const model::AlertGroup* changed = decided(open->id.text());
    return changed ? std::optional(*changed) : std::move(open);
  }

  std::vector<model::AlertGroup> attached_to(const model::AlertGroup& root) const {
    std::vector<model::AlertGroup> attached = reader_.attached_to(root.id);
    for (model::AlertGroup& group : attached) {
      if (const model::AlertGroup* changed = decided(group.id.text())) group = *changed;
    }
    return attached;
  }

  // Of each series the latest alert tells, be it stored or of this Unit.
  std::int64_t count_other_series(const model::Reading& reading, const model::AlertGroup& group) const {
    if (reading.series.empty()) return 0;
    std::set<std::string> firing;
    if (group.row != 0) {
      for (std::string& series : reader_.firing_series(group.row)) firing.insert(std::move(series));
    }
    for (const model::Alert& alert : unit_.alerts) {
      if (alert.group != group.id || alert.series.empty()) continue;
      if (alert.resolve_signal) {
        firing.erase(alert.series);
      } else {
        firing.insert(alert.series);
      }
    }
    firing.erase(reading.series);
    return static_cast<std::int64_t>(firing.size());
  }

  const store::Reader& reader_;
  model::Unit unit_;
  std::unordered_map<std::string, std::size_t> places_;         ///< of a group's id in `unit_.groups`
  std::unordered_map<std::string, std::string> latest_of_key_;  ///< the group that took the key's last alert
};

}  // namespace

model::Unit unit_of(model::Fold fold) {
  model::Unit unit;
  unit.groups = std::move(fold.groups);
  unit.timeline = std::move(fold.timeline);
  unit.jobs = std::move(fold.jobs);
  unit.cancelled = std::move(fold.cancelled);
  unit.scrubbed = std::move(fold.scrubbed);
  for (model::AlertGroupId& id : fold.removed) unit.removals.emplace_back(std::move(id));
  return unit;
}

base::Result<model::Unit> gather(const store::Reader& reader, const std::vector<Numbered>& delivery) {
  Gathering gathering(reader);
  for (const Numbered& numbered : delivery) gathering.add(numbered);
  return gathering.take();
}

}  // namespace tocsin::engine
