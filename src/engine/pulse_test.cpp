#include "engine/pulse.hpp"

#include <doctest/doctest.h>

#include "engine/rig_test.hpp"

using namespace tocsin;
using namespace tocsin::engine;

TEST_CASE("alerts are counted for a minute and an hour, by integration and together") {
  Rig rig;
  const model::Integration one = rig.integrate("formatted_webhook"), other = rig.integrate("formatted_webhook");
  const Pulse& pulse = rig.engine().pulse();
  const auto deliver = [&](const model::Integration& integration) {
    REQUIRE(rig.deliver(integration, R"({"alert_uid":"disk"})").ok());
  };
  const auto rate = [&](const model::Integration& of) { return pulse.of(of.id, rig.clock().now()); };
  CHECK(rate(one).last_hour == 0);
  deliver(one);
  deliver(one);  // joins the group
  deliver(other);
  CHECK(rate(one).last_minute == 2);
  CHECK(rate(other).last_minute == 1);
  CHECK(pulse.all(rig.clock().now()).last_minute == 3);
  rig.clock().advance(std::chrono::minutes(1));
  CHECK(rate(one).last_minute == 0);
  CHECK(rate(one).last_hour == 2);
  rig.clock().advance(std::chrono::minutes(30));
  deliver(one);
  CHECK(rate(one).last_minute == 1);
  CHECK(rate(one).last_hour == 3);
  rig.clock().advance(std::chrono::minutes(30));
  CHECK(rate(one).last_hour == 1);
  CHECK(pulse.all(rig.clock().now()).last_hour == 1);
  rig.clock().advance(std::chrono::hours(50));
  CHECK(rate(one).last_hour == 0);
  deliver(one);
  CHECK(rate(one).last_hour == 1);
}
