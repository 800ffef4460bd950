#include "server/serve.hpp"

#include <atomic>
#include <optional>

#include "api/api.hpp"
#include "base/log.hpp"
#include "engine/engine.hpp"
#include "server/command_line.hpp"
#include "server/installation.hpp"
#include "server/test_clock.hpp"
#include "wire/http.hpp"

namespace tocsin::server {
namespace {

wire::ServerOptions wire_options(const Settings& settings) {
  wire::ServerOptions options;
  options.address = settings.listen.address;
  options.port = settings.listen.port;
  options.threads = settings.io_threads;
  options.header_limit = settings.header_limit;
  options.body_limit = settings.body_limit;
  options.header_seconds = settings.header_seconds;
  options.body_seconds = settings.body_seconds;
  options.idle_seconds = settings.idle_seconds;
  options.write_seconds = settings.write_seconds;
  options.connection_limit = settings.connection_limit;
  if (!settings.tls_certificate.empty()) options.tls = wire::TlsFiles{settings.tls_certificate, settings.tls_key};
  options.trusted_proxies = settings.trusted_proxies;
  return options;
}

engine::EngineOptions engine_options(const Settings& settings) {
  engine::EngineOptions options;
  options.worker_threads = settings.work_threads;
  options.template_budget = settings.template_budget;
  return options;
}

/// `/tocsin` of `https://example.org/tocsin`.
std::string path_of(const std::string& url) {
  const std::size_t slash = url.find('/', url.find("://") + 3);
  return slash == std::string::npos ? std::string() : url.substr(slash);
}

std::unique_ptr<clock::Clock> clock_for(const ServeOptions& options) {
  if (options.test_clock.empty()) return std::make_unique<clock::RealClock>();
  return std::make_unique<clock::VirtualClock>(clock::RealClock().now());
}

base::Status check_test_clock(const ServeOptions& options) {
  if (options.test_clock.empty()) return {};
  if (options.settings.listen.is_loopback() && process_environment()["TOCSIN_TEST"] == "1") return {};
  return base::Error{base::ErrorKind::invalid,
                     "--test-clock is for tests: it needs a loopback address to listen on and TOCSIN_TEST=1"};
}

}  // namespace

// In the order of making; unmade the other way round.
struct Serving::Parts {
  Parts(const ServeOptions& what, std::unique_ptr<clock::Clock> time, Installation opened)
      : options(what), clock(std::move(time)), installation(std::move(opened)) {}

  base::Status open_doors();
  base::Status make_first_link();
  base::Status open_test_clock();
  void close_doors();

  ServeOptions options;
  std::unique_ptr<clock::Clock> clock;
  Installation installation;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<api::Api> api;
  std::atomic<api::Api*> open_api{nullptr};
  std::unique_ptr<wire::Server> server;
  std::unique_ptr<TestClock> test_clock;
  Address address;
  std::string first_link;
  std::optional<AddressFile> address_file;
};

// Links need the port, which is known only once it is bound: what comes before the API stands is sent away.
base::Status Serving::Parts::open_doors() {
  const Settings& settings = options.settings;
  base::Result<std::unique_ptr<wire::Server>> started =
      wire::Server::start(wire_options(settings), [this](wire::Request request, wire::Responder responder) {
        api::Api* const ready = open_api.load(std::memory_order_acquire);
        if (ready != nullptr) return ready->handle(std::move(request), std::move(responder));
        std::move(responder).send({503, "text/plain", "Tocsin is starting.\n", {{"Retry-After", "1"}}});
      });
  if (!started) return std::move(started).error();
  server = std::move(*started);
  address = address_of(settings, server->port());

  api::ApiOptions api_options;
  api_options.public_url = address.links;
  api_options.path_prefix = path_of(address.links);
  api_options.version = version();
  api_options.ingest_rate = settings.ingest_rate;
  api_options.api_rate = settings.api_rate;
  api_options.bench_endpoint = options.bench_endpoint;
  api = std::make_unique<api::Api>(*engine, api_options);
  open_api.store(api.get(), std::memory_order_release);
  base::Result<AddressFile> written = AddressFile::write(settings, address);
  if (written) {
    address_file.emplace(std::move(*written));
  } else {
    base::log(base::LogLevel::warning, "commands beside the server will not find it",
              {{"reason", written.error().message}});
  }
  return {};
}

base::Status Serving::Parts::make_first_link() {
  base::Result<std::optional<std::string>> secret = engine->accounts().make_first_link(installation.admin.id);
  if (!secret) return std::move(secret).error();
  if (*secret) first_link = sign_in_link(address.links, **secret);
  return {};
}

base::Status Serving::Parts::open_test_clock() {
  if (options.test_clock.empty()) return {};
  base::Result<std::unique_ptr<TestClock>> started = TestClock::start(
      options.test_clock, dynamic_cast<clock::VirtualClock&>(*clock), [this] { return engine->idle(); });
  if (!started) return std::move(started).error();
  test_clock = std::move(*started);
  return {};
}

// In the order of the flow, so that each finds the next one still open.
void Serving::Parts::close_doors() {
  if (test_clock) test_clock->close();
  if (api) api->begin_shutdown();
  if (server) {
    address_file.reset();
    server->stop(options.settings.shutdown_seconds);
  }
  if (engine) engine->close();
  installation.ledger->close();
}

Serving::Serving(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Serving::~Serving() {
  stop();
}

base::Result<std::unique_ptr<Serving>> Serving::start(const ServeOptions& options) {
  if (base::Status checked = check_test_clock(options); !checked) return checked.error();
  std::unique_ptr<clock::Clock> clock = clock_for(options);
  base::Result<Installation> installation = open_installation(
      options.settings, {store::LedgerOptions::Role::server, store::LedgerOptions::Open::create}, *clock);
  if (!installation) return std::move(installation).error();

  std::unique_ptr<Serving> serving(
      new Serving(std::make_unique<Parts>(options, std::move(clock), std::move(*installation))));
  Parts& parts = *serving->parts_;
  parts.engine = std::make_unique<engine::Engine>(*parts.installation.ledger, *parts.clock, parts.installation.catalog,
                                                  parts.installation.key, engine_options(options.settings));
  if (base::Status opened = parts.open_doors(); !opened) return opened.error();
  if (base::Status made = parts.make_first_link(); !made) return made.error();
  if (base::Status opened = parts.open_test_clock(); !opened) return opened.error();
  return serving;
}

const Address& Serving::address() const {
  return parts_->address;
}

const std::string& Serving::first_link() const {
  return parts_->first_link;
}

base::Status Serving::reload_tls() {
  return parts_->server->reload_tls();
}

void Serving::stop() {
  if (stopped_) return;
  stopped_ = true;
  parts_->close_doors();
}

}  // namespace tocsin::server
