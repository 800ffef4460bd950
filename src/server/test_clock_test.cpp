#include "server/test_clock.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

namespace tocsin::server {
namespace {

/// A test clock with its socket, gone with its test.
struct Clocked {
  std::string path = (std::filesystem::temp_directory_path() / ("tocsin-clock-" + std::to_string(::getpid()))).string();
  clock::VirtualClock clock{*clock::from_iso8601("2026-03-01T12:00:00Z")};
  int asked = 0;
  std::unique_ptr<TestClock> remote;

  Clocked() {
    auto started = TestClock::start(path, clock, [this] { return ++asked > 3; });
    REQUIRE(started.ok());
    remote = std::move(*started);
  }
};

std::string ask_over_socket(const std::string& path, const std::string& lines, std::size_t answers) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::send(socket, lines.data(), lines.size(), 0) == static_cast<ssize_t>(lines.size()));
  std::string received;
  char byte = 0;
  while (answers > 0 && ::recv(socket, &byte, 1, 0) == 1) {
    received += byte;
    if (byte == '\n') --answers;
  }
  ::close(socket);
  return received;
}

TEST_CASE("time is asked for, set and advanced, and never goes back") {
  Clocked clocked;
  TestClock& remote = *clocked.remote;
  CHECK(remote.answer("now") == "2026-03-01T12:00:00Z");
  CHECK(remote.answer("advance 90s") == "2026-03-01T12:01:30Z");
  CHECK(remote.answer("set 2026-03-02T00:00:00Z") == "2026-03-02T00:00:00Z");
  CHECK(remote.answer("set 2026-03-01T00:00:00Z").starts_with("error: "));
  CHECK(remote.answer("set noon").starts_with("error: "));
  CHECK(remote.answer("advance 90").starts_with("error: "));
  CHECK(remote.answer("").starts_with("error: "));
  CHECK(clock::to_iso8601(clocked.clock.now()) == "2026-03-02T00:00:00Z");
}

TEST_CASE("idle is answered once it holds twice in a row") {
  Clocked clocked;
  CHECK(clocked.remote->answer("idle") == "idle");
  CHECK(clocked.asked == 5);
}

TEST_CASE("lines come over the socket, several at once, and one connection after another") {
  Clocked clocked;
  CHECK(ask_over_socket(clocked.path, "now\nadvance 1m\n", 2) == "2026-03-01T12:00:00Z\n2026-03-01T12:01:00Z\n");
  CHECK(ask_over_socket(clocked.path, "now\n", 1) == "2026-03-01T12:01:00Z\n");
  clocked.remote->close();
  CHECK_FALSE(std::filesystem::exists(clocked.path));
}

}  // namespace
}  // namespace tocsin::server
