// The clock's remote control for tests: a Unix socket that takes lines and answers each with one line.
//
//   now           → the clock's time, ISO 8601
//   set TIME      → the same; time never goes back
//   advance 90s   → the same
//   idle          → `idle` once nothing waits in any queue and no job is due, or `busy` after 30 seconds
//
// What is not understood, or not possible, is answered `error: …`. One connection at a time.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"
#include "clock/clock.hpp"

namespace tocsin::server {

class TestClock {
 public:
  using Idle = std::function<bool()>;

  /// Listens on the path (a socket that is left there is replaced). The clock and what `idle` asks outlive it.
  static base::Result<std::unique_ptr<TestClock>> start(const std::string& path, clock::VirtualClock& clock, Idle idle);
  ~TestClock();
  /// Ends the thread and removes the socket.
  void close();

  /// The answer to one line, without the newline.
  std::string answer(std::string_view line);

 private:
  TestClock(std::string path, int listener, clock::VirtualClock& clock, Idle idle);
  void run();
  void serve(int connection);
  std::string move_to(clock::Instant to);
  std::string wait_until_idle() const;

  const std::string path_;
  const int listener_;
  clock::VirtualClock& clock_;
  const Idle idle_;
  std::atomic<bool> closing_{false};
  std::thread thread_;
};

}  // namespace tocsin::server
