#include "engine/integrations.hpp"

#include <doctest/doctest.h>

#include <future>

#include "engine/rig_test.hpp"

using namespace tocsin;
using namespace tocsin::engine;

TEST_CASE("a change of settings counts for the next delivery") {
  Rig rig;
  model::Integration integration = rig.integrate("formatted_webhook");
  Integrations& integrations = rig.engine().integrations();
  CHECK(integrations.known_by_token(integration.token_digest) == nullptr);
  CHECK(integrations.by_token(integration.token_digest)->integration().name == "integration 1");
  CHECK(integrations.known_by_token(integration.token_digest) != nullptr);
  CHECK(integrations.by_token("unknown") == nullptr);
  CHECK(integrations.by_id(model::IntegrationId("CNONE")) == nullptr);

  model::Unit unit;
  integration.name = "renamed";
  unit.records = {integration};
  REQUIRE(rig.ledger().commit([&](const store::Reader&) { return unit; }).ok());
  CHECK(integrations.known_by_token(integration.token_digest) == nullptr);
  CHECK(integrations.by_token(integration.token_digest)->integration().name == "renamed");

  integration.deleted_at = rig.clock().now();
  unit.records = {integration};
  REQUIRE(rig.ledger().commit([&](const store::Reader&) { return unit; }).ok());
  CHECK(integrations.by_token(integration.token_digest) == nullptr);
  CHECK(integrations.by_id(integration.id) != nullptr);
}

TEST_CASE("another process's change of settings is seen soon") {
  Rig rig;
  model::Integration integration = rig.integrate("formatted_webhook");
  Integrations& integrations = rig.engine().integrations();
  REQUIRE(integrations.by_id(integration.id)->integration().name == "integration 1");
  auto beside = rig.beside();
  model::Unit unit;
  integration.name = "from the command line";
  unit.records = {integration};
  REQUIRE(beside->commit([&](const store::Reader&) { return unit; }).ok());
  CHECK(eventually([&] { return integrations.by_id(integration.id)->integration().name == "from the command line"; }));
}

TEST_CASE("each integration has a bucket of its own, at the server's rate or its own") {
  Rig rig;
  const model::Integration first = rig.integrate("formatted_webhook");
  model::Integration second = rig.integrate("formatted_webhook");
  second.rate_per_second = 1;
  second.rate_burst = 2;
  model::Unit unit;
  unit.records = {second};
  REQUIRE(rig.ledger().commit([&](const store::Reader&) { return unit; }).ok());
  Integrations& integrations = rig.engine().integrations();
  const watch::Rate rate{10, 5};
  const auto admit = [&](const model::Integration& integration, double cost) {
    return integrations.admit(*integrations.by_id(integration.id), rate, cost, rig.clock().now());
  };
  CHECK(admit(first, 5).admitted);
  CHECK_FALSE(admit(first, 1).admitted);
  CHECK(admit(first, 1).retry_after == std::chrono::milliseconds(100));
  CHECK(admit(second, 2).admitted);
  CHECK(admit(second, 1).retry_after == std::chrono::seconds(1));
  rig.clock().advance(std::chrono::seconds(1));
  CHECK(admit(second, 1).admitted);
  CHECK_FALSE(admit(second, 1).admitted);
}

TEST_CASE("the pool refuses when full, survives what throws, and finishes what waits") {
  Workers workers(1, 2);
  std::promise<void> begun;
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::atomic<int> done = 0;
  REQUIRE(workers.submit([&, opened](interpret::Bench&) {
    begun.set_value();
    opened.wait();
    ++done;
    throw std::runtime_error("bad");
  }));
  begun.get_future().wait();
  CHECK(workers.submit([&](interpret::Bench&) { ++done; }));
  CHECK(workers.submit([&](interpret::Bench&) { ++done; }));
  CHECK_FALSE(workers.submit([&](interpret::Bench&) { ++done; }));
  CHECK(workers.pending() == 3);
  gate.set_value();
  workers.close();
  CHECK(done == 3);
  CHECK(workers.pending() == 0);
  CHECK_FALSE(workers.submit([&](interpret::Bench&) { ++done; }));
}
