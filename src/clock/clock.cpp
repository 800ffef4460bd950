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
  // A day at a time: the system's clock counts nanoseconds and could not hold a far instant. The caller looks again.
  const Instant bounded = std::min(*until, now() + std::chrono::hours(24));
  changed.wait_until(lock, std::chrono::system_clock::time_point(Duration(bounded.micros())));
}

Instant VirtualClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

/// Somebody who waits: the lock and the condition to notify.
struct VirtualClock::Waiter {
  std::mutex* mutex;
  std::condition_variable* changed;
  int notifiers = 0;  ///< threads that are about to notify it
};

// No wake-up is lost: the waiter is known before it gives up its lock, and `set` notifies under that lock. And the lock
// and the condition, which are the caller's, are not touched after the wait: it ends when nobody is notifying it.
void VirtualClock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                              std::optional<Instant> until) {
  Waiter self{lock.mutex(), &changed};
  {
    const std::lock_guard own(mutex_);
    if (until && *until <= now_) return;
    waiters_.push_back(&self);
  }
  changed.wait(lock);
  lock.unlock();
  {
    std::unique_lock own(mutex_);
    std::erase(waiters_, &self);
    released_.wait(own, [&] { return self.notifiers == 0; });
  }
  lock.lock();
}

void VirtualClock::set(Instant to) {
  std::vector<Waiter*> waiters;
  {
    const std::lock_guard own(mutex_);
    CHECK(to >= now_);
    now_ = to;
    waiters = waiters_;
    for (Waiter* const waiter : waiters) ++waiter->notifiers;
  }
  for (Waiter* const waiter : waiters) {
    {
      const std::lock_guard theirs(*waiter->mutex);
      waiter->changed->notify_all();
    }
    const std::lock_guard own(mutex_);
    --waiter->notifiers;
    released_.notify_all();
  }
}

void VirtualClock::advance(Duration by) {
  set(now() + by);
}

}  // namespace tocsin::clock
