#include "wire/lane_door.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace tocsin::wire {
namespace {

TEST_CASE("much work costs one wake-up") {
  boost::asio::io_context context;
  const auto door = std::make_shared<LaneDoor>(context);
  std::vector<int> order;
  for (int n = 0; n < 1000; ++n) CHECK(door->post([&order, n] { order.push_back(n); }));
  CHECK(context.poll() == 1);
  REQUIRE(order.size() == 1000);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("work may bring further work") {
  boost::asio::io_context context;
  const auto door = std::make_shared<LaneDoor>(context);
  int done = 0;
  door->post([&] { door->post([&] { ++done; }); });
  context.poll();
  CHECK(done == 1);
}

TEST_CASE("a shut door takes nothing and drops what waits") {
  auto context = std::make_unique<boost::asio::io_context>();
  const auto door = std::make_shared<LaneDoor>(*context);
  const auto held = std::make_shared<int>(1);
  CHECK(door->post([held] { FAIL("dropped work was done"); }));
  CHECK(held.use_count() == 2);
  door->shut();
  CHECK(held.use_count() == 1);
  context->poll();
  context.reset();
  CHECK_FALSE(door->post([] {}));
}

TEST_CASE("a door knows its thread") {
  boost::asio::io_context context;
  const auto door = std::make_shared<LaneDoor>(context);
  CHECK_FALSE(door->is_here());
  door->settle();
  CHECK(door->is_here());
  std::thread([&] { CHECK_FALSE(door->is_here()); }).join();
}

}  // namespace
}  // namespace tocsin::wire
