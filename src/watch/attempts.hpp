// Attempts at guessing something, counted by who is guessed and by where the guesses come from. Bounded however many
// names and addresses turn up. Pure: the time comes in. Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "watch/request_window.hpp"

namespace tocsin::watch {

class Attempts {
 public:
  explicit Attempts(const Window& window) : window_(window) {}

  /// Counts the attempt, or says how long until the next is allowed.
  Admission admit(std::string_view key, clock::Instant now);
  /// It was no guess: nothing is held against the key.
  void forgive(std::string_view key);

  std::size_t size() const { return admitted_.size(); }
  static constexpr std::size_t most_keys = 20'000;

 private:
  void make_room(clock::Instant now);

  const Window window_;
  std::unordered_map<std::string, Admitted> admitted_;
};

/// The part of an address that one person has in hand: an IPv4 address, the /64 of an IPv6 address.
std::string attempt_origin(std::string_view address);

}  // namespace tocsin::watch
