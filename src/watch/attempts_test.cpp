#include "watch/attempts.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using clock::Instant;
using std::chrono::seconds;

TEST_CASE("attempts are counted by key, and forgiven") {
  watch::Attempts attempts({2, seconds(60)});
  const Instant now = Instant::from_seconds(1000);
  CHECK(attempts.admit("ann", now).admitted);
  CHECK(attempts.admit("ann", now).admitted);
  CHECK(attempts.admit("ann", now + seconds(10)).retry_after == seconds(50));
  CHECK(attempts.admit("bob", now).admitted);
  CHECK(attempts.admit("ann", now + seconds(60)).admitted);

  attempts.forgive("ann");
  CHECK(attempts.admit("ann", now + seconds(61)).admitted);
  CHECK(attempts.admit("ann", now + seconds(61)).admitted);
  CHECK_FALSE(attempts.admit("ann", now + seconds(61)).admitted);
}

TEST_CASE("a flood of keys does not grow for ever, and old ones go first") {
  watch::Attempts attempts({1, seconds(60)});
  const Instant now = Instant::from_seconds(1000);
  for (std::size_t i = 0; i < watch::Attempts::most_keys; ++i) attempts.admit(std::to_string(i), now);
  attempts.admit("late", now + seconds(61));
  CHECK(attempts.size() == 1);
  for (std::size_t i = 0; i < watch::Attempts::most_keys + 5; ++i) attempts.admit(std::to_string(i), now + seconds(62));
  CHECK(attempts.size() == watch::Attempts::most_keys);
}

TEST_CASE("an origin is an IPv4 address, or the /64 of an IPv6 one") {
  CHECK(watch::attempt_origin("192.0.2.7") == "192.0.2.7");
  CHECK(watch::attempt_origin("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::");
  CHECK(watch::attempt_origin("2001:db8:1:2:9::1") == "2001:db8:1:2::");
  CHECK(watch::attempt_origin("2001:db8::1") == "2001:db8::");
  CHECK(watch::attempt_origin("::1") == "::");
  CHECK(watch::attempt_origin("::ffff:192.0.2.7") == "::ffff:192.0.2.7");
  CHECK(watch::attempt_origin("") == "");
}
