#include "value/meter.hpp"

#include <string>
#include <thread>

#include "value/python_compare.hpp"
#include "value/value.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using value::Meter;

namespace {

struct Refused {
  Meter::Empty why;
};

void refuse(const Meter&, Meter::Empty why) {
  throw Refused{why};
}

constexpr auto hour = std::chrono::hours(1);

}  // namespace

TEST_CASE("a meter gives exactly its units, however they are taken") {
  for (const std::uint64_t piece : {1u, 7u, 1000u, 5000u}) {
    CAPTURE(piece);
    Meter meter(10'000, hour, refuse);
    std::uint64_t taken = 0;
    try {
      for (;; taken += piece) meter.take(piece);
    } catch (const Refused& refused) {
      CHECK(refused.why == Meter::Empty::units);
    }
    CHECK(taken == 10'000 / piece * piece);
  }
}

TEST_CASE("work is taken from the meter of its thread, and is free where there is none") {
  value::Arena arena;
  value::List* list = value::new_list(arena);
  for (int i = 0; i < 10'000; ++i) value::append(arena, *list, value::Value::integer(i));
  value::List* same = value::new_list(arena);
  for (int i = 0; i < 10'000; ++i) value::append(arena, *same, value::Value::integer(i));
  const auto compare = [&] { return value::equal(value::Value::list(list), value::Value::list(same)); };
  CHECK(compare());
  Meter small(100, hour, refuse);
  {
    const Meter::Use in_use(small);
    CHECK_THROWS_AS(compare(), Refused);
    bool elsewhere = false;
    std::thread([&] { elsewhere = compare(); }).join();
    CHECK(elsewhere);
    Meter large(10'000, hour, refuse);
    const Meter::Use other(large);
    CHECK(compare());
  }
  CHECK(compare());
}

TEST_CASE("patience ends, but not before the clock was looked at twice") {
  Meter meter(1'000'000, std::chrono::nanoseconds(0), refuse);
  for (int i = 0; i < 2048; ++i) meter.take(1);
  try {
    meter.take(1);
    FAIL("it was not refused");
  } catch (const Refused& refused) {
    CHECK(refused.why == Meter::Empty::time);
  }
}
