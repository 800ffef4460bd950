// How much an evaluation may still do. Operations on values that may take long (printing, comparing, searching,
// multiplying large numbers) take from the meter of their thread; where no evaluation runs there is none and they are
// free. Units are a template's steps: about what one node of it or one item of a list costs.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tocsin::value {

/// Counts units down to nothing. What it counts decides results; the time that it looks at now and then only guards
/// against work that it can't see. One thread.
class Meter {
 public:
  enum class Empty { units, time };
  /// Throws: what is thrown is the owner's affair.
  using Refuse = void (*)(const Meter& meter, Empty why);

  Meter(std::uint64_t units, std::chrono::nanoseconds patience, Refuse refuse)
      : left_(std::min(units, slice)), reserve_(units - left_), units_(units), patience_(patience), refuse_(refuse) {}

  /// Takes units; refuses when there are not so many.
  void take(std::uint64_t units) {
    if (units > left_) refill(units);
    left_ -= units;
  }
  std::uint64_t units() const { return units_; }
  std::chrono::nanoseconds patience() const { return patience_; }

  /// Takes from the meter in use on this thread, if any.
  static void spend(std::uint64_t units) {
    if (current_ != nullptr) current_->take(units);
  }
  /// For a text of so many bytes that is looked at or made.
  static void spend_bytes(std::uint64_t bytes) { spend(bytes / 64); }

  /// As long as it lives the meter is the one of its thread.
  class Use {
   public:
    explicit Use(Meter& meter) : before_(current_) { current_ = &meter; }
    ~Use() { current_ = before_; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    Meter* before_;
  };

 private:
  /// So many units pass between two looks at the clock.
  static constexpr std::uint64_t slice = 1024;

  void refill(std::uint64_t units);

  static constinit inline thread_local Meter* current_ = nullptr;

  std::uint64_t left_;
  std::uint64_t reserve_;
  std::uint64_t units_;
  std::chrono::nanoseconds patience_;
  std::chrono::steady_clock::time_point start_{};  ///< of the first refill: what is shorter needs no clock
  Refuse refuse_;
};

}  // namespace tocsin::value
