// The runner of due jobs: one thread named `clock` that sleeps until the next due instant, leases what is due, and
// commits each job's effect together with its completion. A job that fails is tried again with growing delays.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "clock/clock.hpp"
#include "model/job.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

/// What a kind of job does: a decision on the state, at the time it runs. Its Unit needs not name the job.
using JobDecision = std::function<base::Result<model::Unit>(const store::Reader&, const model::Job&, clock::Instant)>;

class Jobs {
 public:
  static constexpr clock::Duration lease_length = std::chrono::seconds(60);

  Jobs(store::Ledger& ledger, clock::Clock& clock);
  ~Jobs();

  /// Before `start`.
  void handle(model::JobKind kind, JobDecision decision);
  void start();
  void close();

  /// Looks at the ledger again soon: a job may be due earlier than known.
  void wake();
  /// No job is due now and none is under way.
  bool idle() const;

 private:
  void run();
  std::optional<clock::Instant> work_on_due();
  void work_on(const std::vector<model::Job>& leased);
  std::future<base::Result<store::Committed>> start(const model::Job& job, clock::Instant now);
  void give_back(const model::Job& job, const base::Error& error, clock::Instant now);

  store::Ledger& ledger_;
  clock::Clock& clock_;
  std::map<model::JobKind, JobDecision> decisions_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = true;
  bool closing_ = false;
  bool working_ = false;
  std::jthread thread_;
};

/// The delay before the next try: 1 s doubled each time, at most 10 minutes.
clock::Duration retry_delay(int attempts);

}  // namespace tocsin::engine
