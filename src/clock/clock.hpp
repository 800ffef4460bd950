// Instants, and the one source of 'now'. Every timeout of the product but socket deadlines goes through a Clock,
// so that tests can set and advance time.
#pragma once

#include <chrono>
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::clock {

using Duration = std::chrono::microseconds;

/// A point in UTC, microseconds since 1970.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant from_micros(std::int64_t micros) {
    Instant i;
    i.micros_ = micros;
    return i;
  }
  static constexpr Instant from_seconds(std::int64_t seconds) { return from_micros(seconds * 1'000'000); }

  constexpr std::int64_t micros() const { return micros_; }
  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration d) const { return from_micros(micros_ + d.count()); }
  constexpr Instant operator-(Duration d) const { return from_micros(micros_ - d.count()); }
  constexpr Duration operator-(Instant other) const { return Duration(micros_ - other.micros_); }

 private:
  std::int64_t micros_ = 0;
};

/// The API's form: ISO 8601 UTC with `Z`; six fraction digits only when not zero (spec: api.md 1.7).
std::string to_iso8601(Instant instant);
/// Reads `YYYY-MM-DDTHH:MM:SS[.ffffff](Z|±HH:MM)`; without a zone it counts as UTC. Nothing when malformed.
std::optional<Instant> from_iso8601(std::string_view text);

/// Where time comes from. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;

  /// Waits on `changed` until `until` (nothing: for ever) or a notification; the caller holds `lock` and
  /// checks its condition again afterwards.
  virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                          std::optional<Instant> until) = 0;
};

/// The system's clock.
class RealClock final : public Clock {
 public:
  Instant now() const override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::optional<Instant> until) override;
};

/// A clock that stands still until a test moves it. Waiters wake when it moves. Who moves it holds no waiter's lock.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : now_(start) {}
  Instant now() const override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  std::optional<Instant> until) override;
  /// Moves to `to`; CHECKs that time does not go back.
  void set(Instant to);
  void advance(Duration by);

 private:
  struct Waiter;

  mutable std::mutex mutex_;
  Instant now_;
  std::vector<Waiter*> waiters_;
  std::condition_variable released_;  ///< some waiter is no longer being notified
};

}  // namespace tocsin::clock
