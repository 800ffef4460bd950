// From a Delivery to a durable alert: interpret on the calling worker, decide and commit on the ledger thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "clock/clock.hpp"
#include "engine/integrations.hpp"
#include "model/delivery.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

/// What was made, after the commit: the alerts of one delivery, all in one Unit.
struct Accepted {
  std::vector<model::AlertId> alerts;
  std::vector<model::AlertGroupId> groups;  ///< of the alerts, position by position
};

class Intake {
 public:
  using Answer = std::function<void(base::Result<Accepted>)>;

  Intake(store::Ledger& ledger, Integrations& integrations, const base::RandomBytes& random);

  /// Runs on a worker. `answer` is called once: on the ledger thread after the commit, or at once when there is
  /// nothing to store or the ledger refuses (unavailable).
  void take(const Integrations::Compiled& settings, const model::Delivery& delivery, interpret::Bench& bench,
            const Answer& answer);
  /// The same on a thread that must not be held up: false when the templates need a worker (then nothing was done).
  bool take_briefly(const Integrations::Compiled& settings, const model::Delivery& delivery, interpret::Bench& bench,
                    const Answer& answer);

 private:
  std::string key_seed(const model::Delivery& delivery) const;
  void store(const model::IntegrationId& id, std::vector<model::Reading> readings, const Answer& answer);
  void count_readings(const model::IntegrationId& id, const std::vector<model::Reading>& readings);

  store::Ledger& ledger_;
  Integrations& integrations_;
  const base::RandomBytes& random_;
  base::IdSource ids_;
};

}  // namespace tocsin::engine
