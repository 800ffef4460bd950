#include "server/http_post.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace tocsin::server {
namespace {

/// For each of connecting, sending and receiving.
constexpr timeval patience{30, 0};

struct Target {
  std::string host;
  std::string port = "80";
  std::string authority;
  std::string path = "/";
};

base::Result<Target> target_of(const std::string& url) {
  if (url.starts_with("https://")) {
    return base::Error{base::ErrorKind::unsupported,
                       "https is not spoken here: name the server's own http address with --server, or use "
                       "curl -H 'Content-Type: application/json' --data-binary @FILE URL"};
  }
  if (!url.starts_with("http://")) return base::Error{base::ErrorKind::invalid, fmt::format("'{}' is not a URL", url)};
  Target target;
  const std::size_t slash = url.find('/', 7);
  target.authority = url.substr(7, slash == std::string::npos ? slash : slash - 7);
  if (slash != std::string::npos) target.path = url.substr(slash);
  target.host = target.authority;
  const std::size_t colon = target.host.rfind(':');
  if (colon != std::string::npos && target.host.find(']', colon) == std::string::npos) {
    target.port = target.host.substr(colon + 1);
    target.host.resize(colon);
  }
  if (target.host.starts_with('[') && target.host.ends_with(']'))
    target.host = target.host.substr(1, target.host.size() - 2);
  if (target.host.empty()) return base::Error{base::ErrorKind::invalid, fmt::format("'{}' is not a URL", url)};
  return target;
}

/// A connected socket; closed at the end.
class Connection {
 public:
  static base::Result<Connection> open(const Target& target) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found); code != 0) {
      return failed(target, gai_strerror(code));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
      Connection connection(::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol));
      setsockopt(connection.socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
      setsockopt(connection.socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      if (::connect(connection.socket_, each->ai_addr, each->ai_addrlen) == 0) return connection;
    }
    return failed(target, std::strerror(errno));
  }
  Connection(Connection&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Connection& operator=(Connection&&) = delete;
  ~Connection() {
    if (socket_ >= 0) ::close(socket_);
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// All that comes until the other side closes.
  std::string receive() {
    std::string received;
    char bytes[16'384];
    while (true) {
      const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
      if (count <= 0) return received;
      received.append(bytes, static_cast<std::size_t>(count));
    }
  }

  static base::Error failed(const Target& target, const std::string& why) {
    return {base::ErrorKind::unavailable, fmt::format("nobody answers at {}: {}", target.authority, why)};
  }

 private:
  explicit Connection(int socket) : socket_(socket) {}
  int socket_;
};

}  // namespace

std::optional<HttpAnswer> read_answer(const std::string& received) {
  const std::size_t head_end = received.find("\r\n\r\n");
  if (!received.starts_with("HTTP/1.") || head_end == std::string::npos || head_end < 12) return std::nullopt;
  HttpAnswer answer;
  const auto [end, error] = std::from_chars(received.data() + 9, received.data() + 12, answer.status);
  if (error != std::errc() || end != received.data() + 12) return std::nullopt;
  std::string_view rest = std::string_view(received).substr(0, head_end);
  for (std::size_t line_end = rest.find("\r\n"); line_end != std::string_view::npos; line_end = rest.find("\r\n")) {
    rest.remove_prefix(line_end + 2);
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    answer.headers[base::ascii_lower(line.substr(0, colon))] = base::trimmed(line.substr(colon + 1));
  }
  answer.body = received.substr(head_end + 4);
  return answer;
}

// HTTP/1.0 would do, but for proxies that know only 1.1; with `close` the answer ends where the connection does.
base::Result<HttpAnswer> http_post(const std::string& url, const std::string& body) {
  const base::Result<Target> target = target_of(url);
  if (!target) return target.error();
  base::Result<Connection> connection = Connection::open(*target);
  if (!connection) return std::move(connection).error();
  const std::string head = fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: "
      "close\r\n\r\n",
      target->path, target->authority, body.size());
  // A server may refuse and answer before it has read all: what it says counts.
  if (connection->send(head)) connection->send(body);
  std::optional<HttpAnswer> answer = read_answer(connection->receive());
  if (answer) return std::move(*answer);
  return Connection::failed(*target, "no answer in HTTP");
}

}  // namespace tocsin::server
