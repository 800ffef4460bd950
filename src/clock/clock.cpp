#include "clock/clock.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/check.hpp"
#include "clock/civil.hpp"

namespace tocsin::clock {

std::string to_iso8601(Instant instant) {
  const DateTime utc = utc_of(instant);
  char text[40];
  if (utc.microsecond != 0) {
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", utc.year, utc.month, utc.day, utc.hour,
                  utc.minute, utc.second, utc.microsecond);
  } else {
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", utc.year, utc.month, utc.day, utc.hour,
                  utc.minute, utc.second);
  }
  return text;
}

std::optional<Instant> from_iso8601(std::string_view text) {
  if (text.size() < 19 || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  const std::optional<DateTime> parsed = from_isoformat(text);
  if (!parsed) return std::nullopt;
  return instant_of(*parsed);
}

Instant RealClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Instant::from_micros(std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count());
}

void RealClock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                           std::optional<Instant> until) {
  if (!until) {
    changed.wait(lock);
    return;
  }
  changed.wait_until(lock, std::chrono::system_clock::time_point(Duration(until->micros())));
}

Instant VirtualClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

// The waiter registers before it gives up its own lock, and `set` notifies under the waiter's lock, so a move of
// the clock between the check and the wait is not missed.
void VirtualClock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                              std::optional<Instant> until) {
  {
    const std::lock_guard own(mutex_);
    if (until && *until <= now_) return;
    waiters_.push_back({lock.mutex(), &changed});
  }
  changed.wait(lock);
  const std::lock_guard own(mutex_);
  const auto mine = std::find_if(waiters_.begin(), waiters_.end(),
                                 [&](const Waiter& waiter) { return waiter.changed == &changed; });
  if (mine != waiters_.end()) waiters_.erase(mine);
}

void VirtualClock::set(Instant to) {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    CHECK(to >= now_);
    now_ = to;
    waiters = waiters_;
  }
  for (const Waiter& waiter : waiters) {
    const std::lock_guard lock(*waiter.mutex);
    waiter.changed->notify_all();
  }
}

void VirtualClock::advance(Duration by) { set(now() + by); }

}  // namespace tocsin::clock
