#include "watch/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::watch {

Admission admit(Bucket& bucket, const Rate& rate, double cost, clock::Instant now) {
  if (bucket.tokens < 0) {
    bucket.tokens = rate.burst;
  } else if (now > bucket.filled_at) {
    const double seconds = std::chrono::duration<double>(now - bucket.filled_at).count();
    bucket.tokens = std::min(rate.burst, bucket.tokens + seconds * rate.per_second);
  }
  bucket.filled_at = std::max(bucket.filled_at, now);

  const double needed = std::min(cost, rate.burst);
  if (bucket.tokens >= needed) {
    bucket.tokens -= needed;
    return {};
  }
  const double wait = rate.per_second > 0 ? (needed - bucket.tokens) / rate.per_second : 3600.0;
  return {false, clock::Duration(static_cast<std::int64_t>(std::ceil(wait * 1e6)))};
}

}  // namespace tocsin::watch
