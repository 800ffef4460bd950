#include "server/test_clock.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "server/measure.hpp"

namespace tocsin::server {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds idle_limit{30};
/// How soon a wait sees that the server closes.
constexpr int look_milliseconds = 100;
constexpr std::size_t line_limit = 4096;

base::Error unavailable(const std::string& path) {
  return {base::ErrorKind::unavailable, "the test clock's socket " + path + " can't be made: " + std::strerror(errno)};
}

bool is_readable(int descriptor) {
  pollfd wanted{descriptor, POLLIN, 0};
  return ::poll(&wanted, 1, look_milliseconds) > 0;
}

}  // namespace

base::Result<std::unique_ptr<TestClock>> TestClock::start(const std::string& path, clock::VirtualClock& clock,
                                                          Idle idle) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return base::Error{base::ErrorKind::invalid, "the test clock's socket " + path + " has too long a path"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return unavailable(path);
  ::unlink(path.c_str());
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 8) != 0) {
    base::Error error = unavailable(path);
    ::close(listener);
    return error;
  }
  return std::unique_ptr<TestClock>(new TestClock(path, listener, clock, std::move(idle)));
}

TestClock::TestClock(std::string path, int listener, clock::VirtualClock& clock, Idle idle)
    : path_(std::move(path)), listener_(listener), clock_(clock), idle_(std::move(idle)), thread_([this] { run(); }) {}

TestClock::~TestClock() {
  close();
  ::close(listener_);
}

void TestClock::close() {
  if (closing_.exchange(true)) return;
  thread_.join();
  ::unlink(path_.c_str());
}

void TestClock::run() {
  pthread_setname_np(pthread_self(), "test-clock");
  while (!closing_) {
    if (!is_readable(listener_)) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve(connection);
    ::close(connection);
  }
}

void TestClock::serve(int connection) {
  std::string received;
  char bytes[512];
  while (!closing_) {
    if (!is_readable(connection)) continue;
    const ssize_t count = ::recv(connection, bytes, sizeof bytes, 0);
    if (count <= 0) return;
    received.append(bytes, static_cast<std::size_t>(count));
    for (std::size_t end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
      const std::string line = answer(base::trimmed(std::string_view(received).substr(0, end))) + '\n';
      received.erase(0, end + 1);
      if (::send(connection, line.data(), line.size(), MSG_NOSIGNAL) < 0) return;
    }
    if (received.size() > line_limit) return;
  }
}

std::string TestClock::answer(std::string_view line) {
  if (line == "now") return clock::to_iso8601(clock_.now());
  if (line == "idle") return wait_until_idle();
  if (line.starts_with("set ")) {
    const std::optional<clock::Instant> to = clock::from_iso8601(line.substr(4));
    return to ? move_to(*to)
              : "error: '" + std::string(line.substr(4)) + "' is not a time such as 2026-03-01T12:00:00Z";
  }
  if (line.starts_with("advance ")) {
    const base::Result<clock::Duration> by = read_duration(line.substr(8));
    return by ? move_to(clock_.now() + *by) : "error: " + by.error().message;
  }
  return "error: not one of: now, set TIME, advance 90s, idle";
}

std::string TestClock::move_to(clock::Instant to) {
  if (to < clock_.now()) return "error: it is " + clock::to_iso8601(clock_.now()) + " and time does not go back";
  clock_.set(to);
  return clock::to_iso8601(clock_.now());
}

// Idle is asked twice: between two queues work can be in neither for a moment.
std::string TestClock::wait_until_idle() const {
  const auto limit = std::chrono::steady_clock::now() + idle_limit;
  int times = 0;
  while (!closing_ && std::chrono::steady_clock::now() < limit) {
    times = idle_() ? times + 1 : 0;
    if (times == 2) return "idle";
    std::this_thread::sleep_for(milliseconds(1));
  }
  return "busy";
}

}  // namespace tocsin::server
