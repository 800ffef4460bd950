#include "wire/lane_door.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace tocsin::wire {

bool LaneDoor::is_here() const {
  return here_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

bool LaneDoor::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (context_ == nullptr) return false;
  waiting_.push_back(std::move(work));
  // Under the lock, so that the context is still there; only the first of a batch comes here.
  if (waiting_.size() == 1) boost::asio::post(*context_, [self = shared_from_this()] { self->work_off(); });
  return true;
}

void LaneDoor::settle() {
  here_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void LaneDoor::shut() {
  std::vector<std::function<void()>> dropped;
  const std::lock_guard lock(mutex_);
  context_ = nullptr;
  dropped.swap(waiting_);
}

void LaneDoor::work_off() {
  {
    const std::lock_guard lock(mutex_);
    running_.swap(waiting_);
  }
  for (std::function<void()>& work : running_) std::exchange(work, nullptr)();
  running_.clear();
}

}  // namespace tocsin::wire
