#include "watch/rate_limit.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using clock::Instant;

namespace {
constexpr Instant start = Instant::from_seconds(1000);
constexpr clock::Duration second = std::chrono::seconds(1);
}  // namespace

TEST_CASE("a new bucket is full and refuses past its burst") {
  watch::Bucket bucket;
  const watch::Rate rate{2, 3};
  for (int i = 0; i < 3; ++i) CHECK(watch::admit(bucket, rate, 1, start).admitted);
  const watch::Admission refused = watch::admit(bucket, rate, 1, start);
  CHECK_FALSE(refused.admitted);
  CHECK(refused.retry_after == clock::Duration(500'000));
}

TEST_CASE("tokens come back with time, up to the burst") {
  watch::Bucket bucket;
  const watch::Rate rate{2, 3};
  CHECK(watch::admit(bucket, rate, 3, start).admitted);
  CHECK(watch::admit(bucket, rate, 2, start + second).admitted);
  CHECK_FALSE(watch::admit(bucket, rate, 1, start + second).admitted);
  CHECK(watch::admit(bucket, rate, 3, start + 100 * second).admitted);
  CHECK_FALSE(watch::admit(bucket, rate, 1, start + 100 * second).admitted);
}

TEST_CASE("a cost above the burst needs a full bucket, and a clock that steps back gives nothing") {
  watch::Bucket bucket;
  const watch::Rate rate{1, 4};
  CHECK(watch::admit(bucket, rate, 9, start).admitted);
  CHECK_FALSE(watch::admit(bucket, rate, 1, start - second).admitted);
  CHECK_FALSE(watch::admit(bucket, rate, 9, start + 3 * second).admitted);
  CHECK(watch::admit(bucket, rate, 9, start + 4 * second).admitted);
}
