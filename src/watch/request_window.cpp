#include "watch/request_window.hpp"

#include <algorithm>

namespace tocsin::watch {

Window Window::of(const Rate& rate) {
  const double burst = std::max(1.0, rate.burst);
  const double seconds = burst / std::max(rate.per_second, 1e-6);
  return {static_cast<std::size_t>(burst), clock::Duration(static_cast<std::int64_t>(seconds * 1e6))};
}

Admission admit(Admitted& admitted, const Window& window, clock::Instant now) {
  while (!admitted.empty() && admitted.front() + window.length <= now) admitted.pop_front();
  if (admitted.size() >= window.most) return {false, admitted.front() + window.length - now};
  admitted.push_back(now);
  return {true, clock::Duration{0}};
}

}  // namespace tocsin::watch
