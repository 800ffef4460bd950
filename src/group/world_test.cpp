#include "group/world_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace tocsin::group {
namespace {

const model::OrganizationId organization("O1");
const model::IntegrationId integration("C1");

model::Reading reading_of(const Signal& signal, clock::Instant now) {
  model::Reading reading;
  reading.integration = integration;
  reading.organization = organization;
  reading.title = "about " + signal.key;
  reading.grouping_key = signal.key;
  reading.distinction = signal.key;
  reading.acknowledge = signal.acknowledge;
  reading.resolve = signal.resolve;
  reading.route = model::RouteId(signal.route);
  reading.labels = {{"key", signal.key}};
  reading.source_link = "https://source.test/" + signal.key;
  reading.series = signal.series;
  reading.received_at = now;
  return reading;
}

}  // namespace

void World::advance_to(clock::Instant to) {
  while (true) {
    auto first = jobs_.end();
    for (auto job = jobs_.begin(); job != jobs_.end(); ++job) {
      if (job->second <= to && (first == jobs_.end() || job->second < first->second)) first = job;
    }
    if (first == jobs_.end()) break;
    const Name name = first->first;
    now_ = std::max(now_, first->second);
    jobs_.erase(first);
    const model::AlertGroup* group = find(name);
    REQUIRE(group != nullptr);
    REQUIRE(model::state_of(*group) == model::State::silenced);
    REQUIRE(act(name, Unsilence{"the silence is over"}, model::Actor{}).empty());
  }
  now_ = to;
}

World::Name World::receive(const Signal& signal) {
  const model::Reading reading = reading_of(signal, now_);
  const model::AlertId alert("A" + std::to_string(++received_));
  const model::Fold fold =
      group::receive(reading, alert, candidates_for(reading), model::AlertGroupId("#" + std::to_string(numbered_ + 1)));
  REQUIRE(!fold.groups.empty());
  apply(fold);
  const Name name = fold.groups[0].id.text();
  ++alerts_[name];
  if (!signal.series.empty()) series_[name][signal.series] = !signal.resolve;
  return name;
}

std::string World::act(const Name& name, const Action& action, const model::Actor& actor) {
  const base::Result<model::Fold> fold = group::act(scene_of(name), action, actor, now_);
  if (!fold) {
    CHECK(fold.error().kind == base::ErrorKind::conflict);
    return fold.error().message;
  }
  apply(*fold);
  return {};
}

std::string World::attach(const Name& name, const Name& root, const model::Actor& actor) {
  return act(name, Attach{groups_.at(root)}, actor);
}

const model::AlertGroup* World::find(const Name& name) const {
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : &found->second;
}

std::int64_t World::alerts_in(const Name& name) const {
  const auto found = alerts_.find(name);
  return found == alerts_.end() ? 0 : found->second;
}

std::vector<model::AlertGroup> World::attached_to(const Name& root) const {
  std::vector<model::AlertGroup> attached;
  for (const auto& [name, group] : groups_) {
    if (group.root.text() == root) attached.push_back(group);
  }
  return attached;
}

Scene World::scene_of(const Name& name) const {
  Scene scene{groups_.at(name), attached_to(name), {}};
  const auto look_at = [&](const model::AlertGroup& group) {
    for (const auto& [other_name, other] : groups_) {
      const bool same = !group.distinction.empty() && other.distinction == group.distinction;
      if (same && other.open_for_grouping && other_name != group.id.text()) scene.overtaken.push_back(group.id);
    }
  };
  look_at(scene.group);
  for (const model::AlertGroup& attached : scene.attached) look_at(attached);
  return scene;
}

Candidates World::candidates_for(const model::Reading& reading) const {
  Candidates candidates;
  for (const auto& [name, group] : groups_) {
    if (group.distinction != reading.distinction) continue;
    if (group.open_for_grouping) candidates.open = group;
    const bool newer = !candidates.resolved || candidates.resolved->row < group.row;
    if (group.resolved_at && newer) candidates.resolved = group;
  }
  if (!candidates.open) return candidates;
  const Name open = candidates.open->id.text();
  candidates.attached = attached_to(open);
  if (const auto known = series_.find(open); known != series_.end()) {
    for (const auto& [series, fires] : known->second) {
      if (fires && series != reading.series) ++candidates.other_series_firing;
    }
  }
  return candidates;
}

// As the ledger writes a Unit: cancellations before jobs, removals last.
void World::apply(const model::Fold& fold) {
  for (model::AlertGroup group : fold.groups) {
    if (group.row == 0) group.number = group.row = ++numbered_;
    groups_[group.id.text()] = group;
  }
  timeline_.insert(timeline_.end(), fold.timeline.begin(), fold.timeline.end());
  for (const model::JobKey& key : fold.cancelled) jobs_.erase(key.subject);
  for (const model::Job& job : fold.jobs) jobs_[job.subject] = job.due_at;
  for (const model::AlertGroupId& id : fold.scrubbed) scrubbed_.push_back(id.text());
  for (const model::AlertGroupId& id : fold.removed) {
    deleted_alerts_ += alerts_in(id.text());
    alerts_.erase(id.text());
    series_.erase(id.text());
    groups_.erase(id.text());
    jobs_.erase(id.text());
    std::erase_if(timeline_, [&](const model::TimelineEntry& entry) { return entry.group == id; });
  }
}

}  // namespace tocsin::group
