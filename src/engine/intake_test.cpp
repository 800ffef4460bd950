#include "engine/intake.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "engine/rig_test.hpp"

using namespace tocsin;
using namespace tocsin::engine;

namespace {

std::string each(const std::string& status, int count) {
  std::string json = R"({"alerts": [)";
  for (int i = 0; i < count; ++i) {
    if (i > 0) json += ",";
    json += R"({"status": ")" + status + R"(", "labels": {"alertname": "Disk", "instance": "host)" + std::to_string(i) +
            R"("}})";
  }
  return json + "]}";
}

std::int64_t total_groups(Rig& rig) {
  return store::read(rig.ledger(), [](const store::Reader& r) { return r.groups({}, {}).total; });
}

}  // namespace

TEST_CASE("one delivery is one Unit, and the receipt names its alerts in their order") {
  Rig rig;
  const model::Integration integration = rig.integrate("legacy_alertmanager");
  std::vector<std::size_t> alerts_of_commits;
  rig.ledger().listen([&](const store::Committed& committed) {
    if (!committed.unit.alerts.empty()) alerts_of_commits.push_back(committed.unit.alerts.size());
  });
  const auto accepted = rig.deliver(integration, each("firing", 5));
  REQUIRE(accepted.ok());
  REQUIRE(accepted->alerts.size() == 5);
  REQUIRE(accepted->groups.size() == 5);
  rig.settle();
  CHECK(alerts_of_commits == std::vector<std::size_t>{5});
  for (std::size_t i = 0; i < 5; ++i) {
    const auto alert = store::read(rig.ledger(), [&](const store::Reader& r) { return r.alert(accepted->alerts[i]); });
    REQUIRE(alert.has_value());
    CHECK(alert->payload.view().find("host" + std::to_string(i)) != std::string::npos);
    CHECK(alert->group == accepted->groups[i]);
  }
}

TEST_CASE("a body without alerts is accepted and stores nothing") {
  Rig rig;
  const auto accepted = rig.deliver(rig.integrate("legacy_alertmanager"), R"({"alerts": []})");
  REQUIRE(accepted.ok());
  CHECK(accepted->alerts.empty());
  CHECK(total_groups(rig) == 0);
}

TEST_CASE("series are counted over the ledger and the delivery together") {
  Rig rig;
  model::Integration integration = rig.integrate("legacy_alertmanager");
  integration.templates["grouping_key"] = "one";
  model::Unit unit;
  unit.records = {integration};
  REQUIRE(rig.ledger().commit([&](const store::Reader&) { return unit; }).ok());

  const auto fired = rig.deliver(integration, each("firing", 3));
  REQUIRE(fired.ok());
  CHECK(std::set<model::AlertGroupId>(fired->groups.begin(), fired->groups.end()).size() == 1);
  const model::AlertGroupId id = fired->groups[0];
  REQUIRE(rig.deliver(integration, each("resolved", 2)).ok());
  CHECK(model::state_of(rig.group(id)) == model::State::firing);
  // The third resolves and a fourth fires in one body: the group goes on.
  REQUIRE(rig.deliver(integration, R"({"alerts": [{"status": "firing", "labels": {"instance": "new"}},
                                                 {"status": "resolved", "labels": {"alertname": "Disk", "instance": "host2"}}]})")
              .ok());
  CHECK(model::state_of(rig.group(id)) == model::State::firing);
  REQUIRE(rig.deliver(integration, R"({"alerts": [{"status": "resolved", "labels": {"instance": "new"}}]})").ok());
  CHECK(model::state_of(rig.group(id)) == model::State::resolved);
  CHECK(rig.group(id).alerts_count == 8);
  CHECK(total_groups(rig) == 1);
}

TEST_CASE("fired, resolved and fired again in one body: two groups, the first resolved") {
  Rig rig;
  model::Integration integration = rig.integrate("legacy_alertmanager");
  const std::string alert = R"("labels": {"alertname": "Disk"}})";
  const auto accepted =
      rig.deliver(integration, R"({"alerts": [{"status": "firing", )" + alert + R"(,{"status": "resolved", )" + alert +
                                   R"(,{"status": "firing", )" + alert + "]}");
  REQUIRE(accepted.ok());
  CHECK(accepted->groups[0] == accepted->groups[1]);
  CHECK(accepted->groups[0] != accepted->groups[2]);
  CHECK(model::state_of(rig.group(accepted->groups[0])) == model::State::resolved);
  CHECK(model::state_of(rig.group(accepted->groups[2])) == model::State::firing);
}

TEST_CASE("what comes together under one key opens one group") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < 8; ++sender) {
      senders.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          if (!rig.deliver(integration, R"({"title": "disk full", "alert_uid": "disk"})").ok()) ++failed;
        }
      });
    }
  }
  CHECK(failed == 0);
  const auto page = store::read(rig.ledger(), [](const store::Reader& r) { return r.groups({}, {}); });
  REQUIRE(page.total == 1);
  CHECK(page.items[0].alerts_count == 200);
  CHECK(store::read(rig.ledger(), [](const store::Reader& r) { return r.alerts({}, {}).total; }) == 200);
}

TEST_CASE("every delivery is answered once, also when the ledger closes meanwhile") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  std::atomic<int> stored = 0;
  std::atomic<int> refused = 0;
  const Integrations::Compiled settings = rig.engine().integrations().by_id(integration.id);
  const auto body = std::make_shared<const value::Document>(*value::read_json(R"({"alert_uid": "disk"})"));
  constexpr int deliveries = 400;
  {
    std::jthread sender([&] {
      interpret::Bench bench;
      for (int i = 0; i < deliveries; ++i) {
        model::Delivery delivery{integration.id, body, rig.clock().now(), "", model::DeliveryKind::posted};
        rig.engine().intake().take(settings, delivery, bench, [&](base::Result<Accepted> accepted) {
          if (accepted) {
            ++stored;
          } else {
            CHECK(accepted.error().kind == base::ErrorKind::unavailable);
            ++refused;
          }
        });
      }
    });
    REQUIRE(eventually([&] { return stored > 10; }));
    rig.engine().close();
  }
  CHECK(stored + refused == deliveries);
  rig.stop();
  rig.start();
  CHECK(store::read(rig.ledger(), [](const store::Reader& r) { return r.alerts({}, {}).total; }) == stored);
}

TEST_CASE("a template that fails is counted and told") {
  Rig rig;
  model::Integration integration = rig.integrate("formatted_webhook");
  integration.templates["web.title"] = "{{ payload.x / 0 }}";
  model::Unit unit;
  unit.records = {integration};
  REQUIRE(rig.ledger().commit([&](const store::Reader&) { return unit; }).ok());
  REQUIRE(rig.deliver(integration, R"({"x": 1})").ok());
  const IntegrationCounts counts = rig.engine().integrations().counts(integration.id);
  CHECK(counts.template_errors == 1);
  CHECK(counts.last_template_error.find("web.title") != std::string::npos);
}
