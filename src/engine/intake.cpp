#include "engine/intake.hpp"

#include <map>
#include <utility>

#include "group/group.hpp"

namespace tocsin::engine {
namespace {

/// A Reading with the ids its alert and, if need be, its group will bear; drawn before the transaction, so that
/// the decision stays a pure function and may be run twice.
struct Numbered {
  model::Reading reading;
  model::AlertId alert;
  model::AlertGroupId fresh_group;
};

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

/// Alerts of one delivery that share a key see each other: what the first decided stands in the Unit only.
const model::AlertGroup* group_in(const model::Unit& unit, const model::Reading& reading) {
  for (auto group = unit.groups.rbegin(); group != unit.groups.rend(); ++group) {
    if (group->integration == reading.integration && group->distinction == reading.distinction) return &*group;
  }
  return nullptr;
}

// Counts over the stored alerts and those of this Unit together: of each series the latest alert tells.
std::int64_t other_series_firing(const store::Reader& reader, const model::Unit& unit, const model::Reading& reading,
                                 const model::AlertGroupId& group) {
  // No label set hashes to this text, so the match leaves nothing out.
  constexpr std::string_view none = "-";
  const auto stored_without = [&](std::string_view series) {
    return reader.match(reading.integration, reading.distinction, series).other_series_firing;
  };
  std::map<std::string, bool> latest;
  for (const model::Alert& alert : unit.alerts) {
    if (alert.group == group) latest[alert.series] = !alert.resolve_signal;
  }
  latest[reading.series] = false;
  const std::int64_t stored = stored_without(none);
  std::int64_t firing = stored;
  for (const auto& [series, fires] : latest) firing += (fires ? 1 : 0) - (stored - stored_without(series));
  return firing;
}

group::Candidates candidates_for(const store::Reader& reader, const model::Unit& unit, const model::Reading& reading) {
  store::GroupMatch match = reader.match(reading.integration, reading.distinction, reading.series);
  group::Candidates candidates{std::move(match.open), std::move(match.resolved), match.other_series_firing, {}};
  if (const model::AlertGroup* decided = group_in(unit, reading)) {
    candidates.open.reset();
    (decided->open_for_grouping ? candidates.open : candidates.resolved) = *decided;
    if (!reading.series.empty()) candidates.other_series_firing = other_series_firing(reader, unit, reading, decided->id);
  }
  const bool may_cascade = reading.resolve || reading.acknowledge;
  if (may_cascade && candidates.open && candidates.open->row != 0) {
    candidates.attached = reader.attached_to(candidates.open->id);
  }
  return candidates;
}

void put_group(model::Unit& unit, model::AlertGroup group) {
  for (model::AlertGroup& known : unit.groups) {
    if (known.id == group.id) {
      known = std::move(group);
      return;
    }
  }
  unit.groups.push_back(std::move(group));
}

void add_fold(model::Unit& unit, model::Fold fold) {
  for (model::AlertGroup& group : fold.groups) put_group(unit, std::move(group));
  model::Unit rest;
  rest.timeline = std::move(fold.timeline);
  rest.jobs = std::move(fold.jobs);
  rest.cancelled = std::move(fold.cancelled);
  rest.scrubbed = std::move(fold.scrubbed);
  model::merge(unit, std::move(rest));
}

base::Result<model::Unit> decide(const store::Reader& reader, const std::vector<Numbered>& batch) {
  model::Unit unit;
  for (const Numbered& numbered : batch) {
    model::Fold fold = group::receive(numbered.reading, numbered.alert,
                                      candidates_for(reader, unit, numbered.reading), numbered.fresh_group);
    CHECK(!fold.groups.empty());
    unit.alerts.push_back(alert_of(numbered, fold.groups.front().id));
    add_fold(unit, std::move(fold));
  }
  return unit;
}

Accepted accepted_of(const store::Committed& committed) {
  Accepted accepted;
  for (const model::Alert& alert : committed.unit.alerts) {
    accepted.alerts.push_back(alert.id);
    accepted.groups.push_back(alert.group);
  }
  return accepted;
}

}  // namespace

Intake::Intake(store::Ledger& ledger, Integrations& integrations, const base::RandomBytes& random)
    : ledger_(ledger), integrations_(integrations), random_(random) {}

void Intake::take(const Integrations::Compiled& settings, const model::Delivery& delivery, interpret::Bench& bench,
                  Answer answer) {
  const std::string key_seed = base::random_text(random_, base::id_alphabet, base::id_random_length);
  std::vector<model::Reading> readings = interpret::interpret(*settings, delivery, key_seed, bench);
  count_readings(settings->integration().id, readings);
  if (readings.empty()) {
    answer(Accepted{});
    return;
  }
  auto batch = std::make_shared<std::vector<Numbered>>();
  batch->reserve(readings.size());
  for (model::Reading& reading : readings) {
    batch->push_back({std::move(reading), base::new_id<model::AlertKind>(random_),
                      base::new_id<model::AlertGroupKind>(random_)});
  }
  const bool queued = ledger_.submit(
      [batch](const store::Reader& reader) { return decide(reader, *batch); },
      [answer](base::Result<store::Committed> committed) {
        if (committed) {
          answer(accepted_of(*committed));
        } else {
          answer(std::move(committed).error());
        }
      });
  if (!queued) answer(base::Error{base::ErrorKind::unavailable, "the server is busy storing alerts; send it again"});
}

void Intake::count_readings(const model::IntegrationId& id, const std::vector<model::Reading>& readings) {
  const model::Reading* failed = nullptr;
  std::uint64_t failures = 0;
  for (const model::Reading& reading : readings) {
    if (reading.first_error.empty()) continue;
    failed = &reading;
    ++failures;
  }
  if (failed == nullptr) return;
  integrations_.count(id, [&](IntegrationCounts& counts) {
    counts.template_errors += failures;
    counts.last_template_error = failed->first_error;
  });
}

}  // namespace tocsin::engine
