// How often somebody may try to sign in: by account and by address. Any thread.
#pragma once

#include <mutex>
#include <string>

#include "clock/clock.hpp"
#include "watch/attempts.hpp"

namespace tocsin::api {

class SignInGate {
 public:
  /// Ten tries on an account in five minutes; thirty from an address, behind which an office may sit.
  static constexpr watch::Window account_window{10, std::chrono::minutes(5)};
  static constexpr watch::Window address_window{30, std::chrono::minutes(5)};

  /// Counts a try on the account (empty: on none) from the address.
  watch::Admission admit(const std::string& account, const std::string& address, clock::Instant now);
  /// The try was right: those before it on the account are forgotten.
  void forgive(const std::string& account);

 private:
  std::mutex mutex_;
  watch::Attempts accounts_{account_window};
  watch::Attempts addresses_{address_window};
};

}  // namespace tocsin::api
