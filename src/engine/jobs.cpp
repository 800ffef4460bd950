#include "engine/jobs.hpp"

#include <pthread.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/metric.hpp"

namespace tocsin::engine {
namespace {

constexpr int leased_at_once = 64;

/// When the ledger itself fails, the runner looks again after this long.
constexpr clock::Duration look_again = std::chrono::seconds(1);

base::Histogram& lateness() {
  static base::Histogram histogram("tocsin_job_lateness_seconds", "How long after its due time a job was started",
                                   {0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120});
  return histogram;
}

}  // namespace

clock::Duration retry_delay(int attempts) {
  constexpr clock::Duration longest = std::chrono::minutes(10);
  const int doublings = std::clamp(attempts - 1, 0, 20);
  return std::min<clock::Duration>(clock::Duration(std::chrono::seconds(1)) * (std::int64_t{1} << doublings), longest);
}

Jobs::Jobs(store::Ledger& ledger, clock::Clock& clock) : ledger_(ledger), clock_(clock) {}

Jobs::~Jobs() {
  close();
}

void Jobs::handle(model::JobKind kind, JobDecision decision) {
  decisions_[kind] = std::move(decision);
}

void Jobs::start() {
  ledger_.listen([this](const store::Committed& committed) {
    if (!committed.unit.jobs.empty()) wake();
  });
  thread_ = std::jthread([this] { run(); });
}

void Jobs::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Jobs::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool Jobs::idle() const {
  {
    const std::lock_guard lock(mutex_);
    if (working_ || woken_) return false;
  }
  const std::optional<clock::Instant> due =
      store::read(ledger_, [](const store::Reader& reader) { return reader.next_due(); });
  return !due || *due > clock_.now();
}

void Jobs::run() {
  pthread_setname_np(pthread_self(), "clock");
  std::unique_lock lock(mutex_);
  while (!closing_) {
    woken_ = false;
    working_ = true;
    lock.unlock();
    std::optional<clock::Instant> next = work_on_due();
    lock.lock();
    working_ = false;
    while (!closing_ && !woken_ && (!next || clock_.now() < *next)) clock_.wait_until(lock, changed_, next);
  }
}

// Works until nothing is due; gives the next due instant, if there is one.
std::optional<clock::Instant> Jobs::work_on_due() {
  try {
    while (true) {
      base::Result<std::vector<model::Job>> leased = ledger_.lease(clock_.now(), lease_length, leased_at_once);
      if (!leased) {
        base::log(base::LogLevel::warning, "due jobs could not be leased", {{"reason", leased.error().message}});
        return clock_.now() + look_again;
      }
      if (leased->empty()) break;
      work_on(*leased);
    }
    return store::read(ledger_, [](const store::Reader& reader) { return reader.next_due(); });
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "the job runner threw", {{"what", failure.what()}});
    return clock_.now() + look_again;
  }
}

// All leased jobs go to the ledger together, so that they share its commits.
void Jobs::work_on(const std::vector<model::Job>& leased) {
  const clock::Instant now = clock_.now();
  std::vector<std::future<base::Result<store::Committed>>> outcomes;
  for (const model::Job& job : leased) {
    lateness().observe(std::chrono::duration<double>(now - job.due_at).count());
    outcomes.push_back(start(job, now));
  }
  for (std::size_t i = 0; i < leased.size(); ++i) {
    const base::Result<store::Committed> outcome = outcomes[i].get();
    if (!outcome) give_back(leased[i], outcome.error(), now);
  }
}

std::future<base::Result<store::Committed>> Jobs::start(const model::Job& job, clock::Instant now) {
  const auto decision = decisions_.find(job.kind);
  CHECK(decision != decisions_.end());
  auto promise = std::make_shared<std::promise<base::Result<store::Committed>>>();
  std::future<base::Result<store::Committed>> outcome = promise->get_future();
  const bool queued = ledger_.submit(
      [&decide = decision->second, job, now](const store::Reader& reader) {
        base::Result<model::Unit> unit = decide(reader, job, now);
        if (unit) unit->finished.push_back(job.row);
        return unit;
      },
      [promise](base::Result<store::Committed> committed) { promise->set_value(std::move(committed)); });
  if (!queued)
    promise->set_value(base::Error{base::ErrorKind::unavailable, "the ledger is closing or its queue is full"});
  return outcome;
}

void Jobs::give_back(const model::Job& job, const base::Error& error, clock::Instant now) {
  const clock::Instant again = now + retry_delay(job.attempts);
  base::log(base::LogLevel::warning, "a job failed and will be tried again",
            {{"job", model::name_of(job.kind)},
             {"subject", job.subject},
             {"attempts", job.attempts},
             {"reason", error.message},
             {"again_at", clock::to_iso8601(again)}});
  const base::Status given_back = ledger_.retry(job.row, again);
  if (!given_back) {
    base::log(base::LogLevel::error, "a failed job could not be given back; its lease will run out",
              {{"subject", job.subject}, {"reason", given_back.error().message}});
  }
}

}  // namespace tocsin::engine
