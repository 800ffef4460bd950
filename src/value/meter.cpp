#include "value/meter.hpp"

namespace tocsin::value {

void Meter::refill(std::uint64_t units) {
  if (units > left_ && units - left_ > reserve_) {
    left_ = reserve_ = 0;
    refuse_(*this, Empty::units);
  }
  const auto now = std::chrono::steady_clock::now();
  if (start_ == std::chrono::steady_clock::time_point{}) {
    start_ = now;
  } else if (now - start_ >= patience_) {
    refuse_(*this, Empty::time);
  }
  const std::uint64_t all = left_ + reserve_;
  left_ = std::min(all, std::max(units, slice));
  reserve_ = all - left_;
}

}  // namespace tocsin::value
