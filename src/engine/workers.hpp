// The pool of `work-n` threads: interpret, render, hash, and everything of the API that may wait for the ledger.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/queue.hpp"
#include "interpret/interpret.hpp"

namespace tocsin::engine {

/// Work for one thread of the pool; the bench is that thread's own.
using Work = std::function<void(interpret::Bench&)>;

class Workers {
 public:
  Workers(unsigned threads, std::size_t queue_limit);
  ~Workers();

  /// False when the queue is full or closed: refuse at the door.
  bool submit(Work work);
  /// Work waiting or under way: zero is idle.
  std::size_t pending() const;
  /// Finishes what waits, then ends the threads.
  void close();

 private:
  void run(unsigned number);

  base::BoundedQueue<Work> queue_;
  std::atomic<std::size_t> pending_{0};
  std::vector<std::jthread> threads_;
};

}  // namespace tocsin::engine
