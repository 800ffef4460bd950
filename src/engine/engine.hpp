// The engine: performs what the pure rooms decide. Holds what its loops share and the loops themselves.
// Made by `server`, used by `api`. Every member may be used from any thread.
#pragma once

#include <memory>
#include <string>

#include "catalog/catalog.hpp"
#include "clock/clock.hpp"
#include "engine/accounts.hpp"
#include "engine/actions.hpp"
#include "engine/feed.hpp"
#include "engine/intake.hpp"
#include "engine/integrations.hpp"
#include "engine/jobs.hpp"
#include "engine/pulse.hpp"
#include "engine/workers.hpp"
#include "jinja/template.hpp"
#include "seal/seal.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

struct EngineOptions {
  unsigned worker_threads = 4;
  std::size_t work_queue_limit = 10'000;
  jinja::Budget template_budget;
};

class Engine {
 public:
  /// The ledger, clock, catalogue and key outlive the engine.
  Engine(store::Ledger& ledger, clock::Clock& clock, const catalog::Catalog& catalog, const seal::MasterKey& key,
         const EngineOptions& options);
  ~Engine();

  store::Ledger& ledger() { return ledger_; }
  clock::Clock& clock() { return clock_; }
  const catalog::Catalog& catalog() const { return catalog_; }
  const base::RandomBytes& random() const { return random_; }
  const seal::Sealer& token_sealer() const { return token_sealer_; }  ///< integration tokens
  const seal::Digester& token_digester() const { return token_digester_; }

  Workers& workers() { return workers_; }
  Integrations& integrations() { return integrations_; }
  Intake& intake() { return intake_; }
  Actions& actions() { return actions_; }
  Jobs& jobs() { return jobs_; }
  Accounts& accounts() { return accounts_; }
  Feed& feed() { return feed_; }
  const Pulse& pulse() const { return pulse_; }
  clock::Instant started_at() const { return started_at_; }

  /// Nothing waits in any queue and no job is due: for the test clock.
  bool idle() const;
  /// Ends the loops in the order of the flow, and last the ledger's: what it still commits it tells to parts of this.
  void close();

 private:
  store::Ledger& ledger_;
  clock::Clock& clock_;
  const catalog::Catalog& catalog_;
  const clock::Instant started_at_;
  const base::RandomBytes random_;
  const seal::Sealer token_sealer_;
  const seal::Digester token_digester_;
  Workers workers_;
  Integrations integrations_;
  Intake intake_;
  Actions actions_;
  Accounts accounts_;
  Feed feed_;
  Pulse pulse_;
  Jobs jobs_;
};

}  // namespace tocsin::engine
