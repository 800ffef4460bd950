#include "engine/pulse.hpp"

#include <algorithm>

namespace tocsin::engine {

void Pulse::Ring::add(std::int64_t step, std::uint32_t count) {
  const std::int64_t first = std::max(newest + 1, step - static_cast<std::int64_t>(steps) + 1);
  for (std::int64_t each = first; each <= step; ++each) counts[static_cast<std::size_t>(each) % steps] = 0;
  newest = std::max(newest, step);
  counts[static_cast<std::size_t>(newest) % steps] += count;
}

AlertRate Pulse::Ring::rate(std::int64_t step) const {
  constexpr std::int64_t minute = std::chrono::minutes(1) / step_length;
  AlertRate rate;
  const std::int64_t oldest = std::max<std::int64_t>(0, std::max(newest, step) - static_cast<std::int64_t>(steps) + 1);
  for (std::int64_t each = oldest; each <= newest; ++each) {
    const std::uint32_t count = counts[static_cast<std::size_t>(each) % steps];
    rate.last_hour += count;
    if (each > step - minute) rate.last_minute += count;
  }
  return rate;
}

Pulse::Pulse(store::Ledger& ledger, clock::Clock& clock) : clock_(clock) {
  ledger.listen([this](const store::Committed& committed) { note(committed); });
}

// An alert's group is in its Unit, new or changed.
void Pulse::note(const store::Committed& committed) {
  const model::Unit& unit = committed.unit;
  if (unit.alerts.empty()) return;
  const std::int64_t step = step_at(clock_.now());
  const std::lock_guard lock(mutex_);
  all_.add(step, static_cast<std::uint32_t>(unit.alerts.size()));
  for (const model::Alert& alert : unit.alerts) {
    const auto group = std::find_if(unit.groups.begin(), unit.groups.end(),
                                    [&](const model::AlertGroup& each) { return each.id == alert.group; });
    if (group != unit.groups.end()) by_integration_[group->integration.text()].add(step, 1);
  }
}

AlertRate Pulse::of(const model::IntegrationId& id, clock::Instant now) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_integration_.find(id.text());
  return found == by_integration_.end() ? AlertRate() : found->second.rate(step_at(now));
}

AlertRate Pulse::all(clock::Instant now) const {
  const std::lock_guard lock(mutex_);
  return all_.rate(step_at(now));
}

}  // namespace tocsin::engine
