// A sliding window over requests: so many in so long a time, refused ones not counted (spec: api.md 1.4). Pure: the
// state and the time come in.
#pragma once

#include <cstddef>
#include <deque>

#include "clock/clock.hpp"
#include "watch/rate_limit.hpp"

namespace tocsin::watch {

/// At most `most` requests in any span of `length`.
struct Window {
  std::size_t most = 300;
  clock::Duration length = std::chrono::seconds(60);

  /// The window that a burst at this rate fills: as many as the burst, in the time the rate needs for them.
  static Window of(const Rate& rate);
};

/// When requests were admitted, oldest first.
using Admitted = std::deque<clock::Instant>;

/// Admits and notes the request, or says how long until the next would be.
Admission admit(Admitted& admitted, const Window& window, clock::Instant now);

}  // namespace tocsin::watch
