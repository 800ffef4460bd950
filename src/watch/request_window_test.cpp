#include "watch/request_window.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using clock::Instant;
using std::chrono::seconds;

TEST_CASE("a window admits so many, and again when the oldest has left it") {
  watch::Admitted admitted;
  const watch::Window window{2, seconds(60)};
  CHECK(watch::admit(admitted, window, Instant::from_seconds(0)).admitted);
  CHECK(watch::admit(admitted, window, Instant::from_seconds(20)).admitted);

  const watch::Admission refused = watch::admit(admitted, window, Instant::from_seconds(30));
  CHECK_FALSE(refused.admitted);
  CHECK(refused.retry_after == seconds(30));
  CHECK(admitted.size() == 2);  // what was refused does not count

  CHECK(watch::admit(admitted, window, Instant::from_seconds(60)).admitted);
  CHECK_FALSE(watch::admit(admitted, window, Instant::from_seconds(79)).admitted);
  CHECK(watch::admit(admitted, window, Instant::from_seconds(80)).admitted);
}

TEST_CASE("a rate of five a second with a burst of 300 is 300 a minute") {
  const watch::Window window = watch::Window::of({5, 300});
  CHECK(window.most == 300);
  CHECK(window.length == seconds(60));
}
