#include "engine/workers.hpp"

#include <pthread.h>

#include <exception>
#include <string>

#include "base/log.hpp"

namespace tocsin::engine {

Workers::Workers(unsigned threads, std::size_t queue_limit) : queue_(queue_limit) {
  for (unsigned n = 0; n < threads; ++n) threads_.emplace_back([this, n] { run(n); });
}

Workers::~Workers() {
  close();
}

bool Workers::submit(Work work) {
  pending_.fetch_add(1);
  if (queue_.try_push(std::move(work))) return true;
  pending_.fetch_sub(1);
  return false;
}

std::size_t Workers::pending() const {
  return pending_.load();
}

void Workers::close() {
  queue_.close();
  threads_.clear();
}

void Workers::run(unsigned number) {
  pthread_setname_np(pthread_self(), ("work-" + std::to_string(number)).c_str());
  interpret::Bench bench;
  while (std::optional<Work> work = queue_.pop()) {
    try {
      (*work)(bench);
    } catch (const std::exception& failure) {
      base::log(base::LogLevel::error, "a worker's job threw", {{"what", failure.what()}});
    }
    // What the work holds (a responder, say) goes before the pool counts as idle.
    work.reset();
    pending_.fetch_sub(1);
  }
}

}  // namespace tocsin::engine
