// The token bucket that limits alerts per integration. Pure: the state and the time come in.
#pragma once

#include "clock/clock.hpp"

namespace tocsin::watch {

/// Tokens a second, and how many may be saved up.
struct Rate {
  double per_second = 200;
  double burst = 10'000;
};

/// A bucket; starts full at its first use.
struct Bucket {
  double tokens = -1;  ///< negative: not used yet
  clock::Instant filled_at;
};

/// Admitted, or how long until it would be.
struct Admission {
  bool admitted = true;
  clock::Duration retry_after{0};
};

/// Takes `cost` tokens if they are there (a cost above the burst needs a full bucket).
Admission admit(Bucket& bucket, const Rate& rate, double cost, clock::Instant now);

}  // namespace tocsin::watch
