// The way onto an io thread from any other: a list that is handed over whole, with one wake-up for all that gathers
// while the thread is busy. Inside the room.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "wire/exchange.hpp"

namespace boost::asio {
class io_context;
}

namespace tocsin::wire {

class LaneDoor final : public Door, public std::enable_shared_from_this<LaneDoor> {
 public:
  explicit LaneDoor(boost::asio::io_context& context) : context_(&context) {}

  bool is_here() const override;
  bool post(std::function<void()> work) override;

  /// On the io thread, first thing: this is the one.
  void settle();
  /// No more work is taken, and what waits is dropped.
  void shut();

 private:
  void work_off();

  std::atomic<std::thread::id> here_{};
  std::mutex mutex_;
  boost::asio::io_context* context_;  ///< null once shut
  std::vector<std::function<void()>> waiting_;
  std::vector<std::function<void()>> running_;  ///< the io thread's own; its memory is used again
};

}  // namespace tocsin::wire
