// A ledger in a folder of its own, a clock that stands still, and an engine that can be started anew on both.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "catalog/catalog.hpp"
#include "engine/engine.hpp"

namespace tocsin::engine {

class Rig {
 public:
  Rig();
  ~Rig();

  Engine& engine() { return *engine_; }
  store::Ledger& ledger() { return *ledger_; }
  clock::VirtualClock& clock() { return clock_; }

  /// A ledger beside the server's, as the command line opens one.
  std::unique_ptr<store::Ledger> beside() const;
  /// Ends engine and ledger; time may pass before `start`.
  void stop();
  void start();

  /// Makes an integration of that type with a default route.
  model::Integration integrate(const std::string& type);
  /// Takes a body as the ingest endpoint does, and waits for the answer.
  base::Result<Accepted> deliver(const model::Integration& integration, const std::string& json);
  model::AlertGroup group(const model::AlertGroupId& id) const;
  /// Waits until nothing waits in the engine.
  void settle();

 private:
  std::string folder_;
  clock::VirtualClock clock_;
  catalog::Catalog catalog_;
  seal::MasterKey key_;
  std::unique_ptr<store::Ledger> ledger_;
  std::unique_ptr<Engine> engine_;
  int made_ = 0;
};

/// Waits until it holds: for what other threads do, ten seconds at most.
bool eventually(const std::function<bool()>& holds);

extern const model::Actor person;

}  // namespace tocsin::engine
