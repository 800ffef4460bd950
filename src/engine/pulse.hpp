// How many alerts come: counted by integration at each commit, kept for an hour in steps of ten seconds.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "clock/clock.hpp"
#include "model/ids.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

struct AlertRate {
  std::uint64_t last_minute = 0;  ///< the step that is under way and the five before it
  std::uint64_t last_hour = 0;
};

class Pulse {
 public:
  Pulse(store::Ledger& ledger, clock::Clock& clock);

  AlertRate of(const model::IntegrationId& id, clock::Instant now) const;
  AlertRate all(clock::Instant now) const;

 private:
  static constexpr std::size_t steps = 360;
  static constexpr clock::Duration step_length = std::chrono::seconds(10);
  static std::int64_t step_at(clock::Instant now) { return now.micros() / step_length.count(); }

  /// Counts by step, in a ring; those between `newest` and now are none.
  struct Ring {
    std::array<std::uint32_t, steps> counts{};
    std::int64_t newest = 0;

    void add(std::int64_t step, std::uint32_t count);
    AlertRate rate(std::int64_t step) const;
  };

  void note(const store::Committed& committed);

  clock::Clock& clock_;
  mutable std::mutex mutex_;
  Ring all_;
  std::unordered_map<std::string, Ring> by_integration_;
};

}  // namespace tocsin::engine
