#include "engine/rig_test.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include "catalog/embedded.hpp"

namespace tocsin::engine {
namespace {

std::string new_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-engine-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

std::unique_ptr<store::Ledger> open_ledger(const std::string& folder, store::LedgerOptions::Role role) {
  store::LedgerOptions options;
  options.directory = folder;
  options.role = role;
  auto ledger = store::Ledger::open(options);
  REQUIRE(ledger.ok());
  return std::move(*ledger);
}

catalog::Catalog load_catalog() {
  const std::vector<catalog::File> files = catalog::embedded_files();
  auto loaded = catalog::Catalog::load(files);
  REQUIRE(loaded.ok());
  return std::move(*loaded);
}

}  // namespace

const model::Actor person{model::Via::api, model::UserId("UAAAAAAAAAAAA"), "10.0.0.1"};

Rig::Rig()
    : folder_(new_folder()),
      clock_(clock::Instant::from_seconds(1'700'000'000)),
      catalog_(load_catalog()),
      key_(seal::MasterKey::from_bytes(std::string(32, 'k'))) {
  start();
}

Rig::~Rig() {
  stop();
  std::filesystem::remove_all(folder_);
}

std::unique_ptr<store::Ledger> Rig::beside() const {
  return open_ledger(folder_, store::LedgerOptions::Role::beside);
}

void Rig::stop() {
  if (engine_) engine_->close();
  engine_.reset();
  ledger_.reset();
}

void Rig::start() {
  ledger_ = open_ledger(folder_, store::LedgerOptions::Role::server);
  engine_ = std::make_unique<Engine>(*ledger_, clock_, catalog_, key_, EngineOptions{});
}

model::Integration Rig::integrate(const std::string& type) {
  const std::string number = std::to_string(++made_);
  model::Integration integration;
  integration.id = model::IntegrationId("C" + number);
  integration.organization = model::OrganizationId("O1");
  integration.type = type;
  integration.name = "integration " + number;
  integration.token_digest = "digest " + number;
  integration.created_at = clock_.now();
  model::Route route;
  route.id = model::RouteId("R" + number);
  route.organization = integration.organization;
  route.integration = integration.id;
  route.is_default = true;
  model::Unit unit;
  unit.records = {integration, route};
  REQUIRE(ledger_->commit([&](const store::Reader&) { return unit; }).ok());
  return integration;
}

base::Result<Accepted> Rig::deliver(const model::Integration& integration, const std::string& json) {
  base::Result<value::Document> body = value::read_json(json);
  REQUIRE(body.ok());
  model::Delivery delivery;
  delivery.integration = integration.id;
  delivery.body = std::make_shared<const value::Document>(std::move(*body));
  delivery.received_at = clock_.now();
  const Integrations::Compiled settings = engine_->integrations().by_id(integration.id);
  REQUIRE(settings != nullptr);
  std::promise<base::Result<Accepted>> promise;
  interpret::Bench bench;
  engine_->intake().take(settings, delivery, bench,
                         [&promise](base::Result<Accepted> accepted) { promise.set_value(std::move(accepted)); });
  return promise.get_future().get();
}

model::AlertGroup Rig::group(const model::AlertGroupId& id) const {
  auto group = store::read(*ledger_, [&](const store::Reader& reader) { return reader.group(id); });
  REQUIRE(group.has_value());
  return *group;
}

void Rig::settle() {
  REQUIRE(eventually([this] { return engine_->idle(); }));
}

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace tocsin::engine
