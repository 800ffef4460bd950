#include "watch/attempts.hpp"

namespace tocsin::watch {

Admission Attempts::admit(std::string_view key, clock::Instant now) {
  auto found = admitted_.find(std::string(key));
  if (found == admitted_.end()) {
    if (admitted_.size() >= most_keys) make_room(now);
    found = admitted_.emplace(key, Admitted()).first;
  }
  return watch::admit(found->second, window_, now);
}

void Attempts::forgive(std::string_view key) {
  admitted_.erase(std::string(key));
}

// Those whose window is over go. If all are fresh somebody floods the door with names: some of them are forgotten,
// which gives each of these one more window of guesses.
void Attempts::make_room(clock::Instant now) {
  std::erase_if(admitted_,
                [&](const auto& entry) { return entry.second.empty() || entry.second.back() + window_.length <= now; });
  while (admitted_.size() >= most_keys) admitted_.erase(admitted_.begin());
}

std::string attempt_origin(std::string_view address) {
  if (address.find('.') != std::string_view::npos || address.find(':') == std::string_view::npos) {
    return std::string(address);
  }
  // Four groups, or what stands before the gap when that comes earlier.
  std::size_t end = 0;
  for (int groups = 0; groups < 4; ++groups) {
    const std::size_t colon = address.find(':', end);
    if (colon == std::string_view::npos) return std::string(address);
    if (colon + 1 < address.size() && address[colon + 1] == ':') return std::string(address.substr(0, colon)) + "::";
    end = colon + 1;
  }
  return std::string(address.substr(0, end)) + ":";
}

}  // namespace tocsin::watch
