// The yardstick of the ingest benchmark: the least that an HTTP server on this machine can cost. Threads with an epoll
// and a listening socket (SO_REUSEPORT) each; reads head and Content-Length body, answers 200 "Ok.". No limits, no
// deadlines, no chunks: never for use.
//
// Usage: bare_server PORT [THREADS]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n\"Ok.\"";

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int listen_on(std::uint16_t port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (listen(listener, SOMAXCONN) != 0) fail("listen");
  return listener;
}

/// The value of Content-Length in a whole head, 0 without one.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "content-length:";
  for (std::size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
    const std::string_view line = head.substr(at + 1);
    if (line.size() > name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0) {
      return std::strtoul(line.data() + name.size(), nullptr, 10);
    }
  }
  return 0;
}

/// The size of the first request in these bytes, 0 when it is not whole.
std::size_t request_size(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const std::size_t size = end + 4 + content_length(bytes.substr(0, end + 2));
  return size <= bytes.size() ? size : 0;
}

/// False when the connection is over.
bool serve(int connection, std::string& kept) {
  static thread_local std::array<char, 64 * 1024> buffer;
  const ssize_t size = recv(connection, buffer.data(), buffer.size(), 0);
  if (size == 0 || (size < 0 && errno != EAGAIN)) return false;
  if (size < 0) return true;
  std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
  if (!kept.empty()) bytes = kept.append(bytes);
  static thread_local std::string answers;
  answers.clear();
  while (const std::size_t taken = request_size(bytes)) {
    answers += answer;
    bytes.remove_prefix(taken);
  }
  if (!kept.empty() || !bytes.empty()) kept = std::string(bytes);
  return answers.empty() || send(connection, answers.data(), answers.size(), MSG_NOSIGNAL) >= 0;
}

void watch(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

void accept_all(int epoll, int listener, std::vector<std::string>& kept) {
  while (true) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    if (connection < 0) return;
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (kept.size() <= static_cast<std::size_t>(connection)) kept.resize(static_cast<std::size_t>(connection) + 1);
    watch(epoll, connection);
  }
}

void run(int listener) {
  const int epoll = epoll_create1(0);
  watch(epoll, listener);
  std::vector<std::string> kept;  // by descriptor: what came of a request that is not whole
  std::array<epoll_event, 256> events;
  while (true) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int n = 0; n < count; ++n) {
      const int descriptor = events[static_cast<std::size_t>(n)].data.fd;
      if (descriptor == listener) {
        accept_all(epoll, listener, kept);
      } else if (!serve(descriptor, kept[static_cast<std::size_t>(descriptor)])) {
        kept[static_cast<std::size_t>(descriptor)].clear();
        close(descriptor);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "Usage: bare_server PORT [THREADS]\n");
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const int threads = argc > 2 ? std::atoi(argv[2]) : 2;
  std::vector<std::thread> running;
  for (int n = 0; n < threads; ++n) {
    const int listener = listen_on(port);
    running.emplace_back([listener] { run(listener); });
  }
  std::printf("%u\n", port);
  std::fflush(stdout);
  for (std::thread& thread : running) thread.join();
}
