#include "wire/client_for_tests.hpp"
#include "base/text.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace tocsin::wire {

std::string Answer::header(std::string_view name) const {
  for (std::size_t at = head.find('\n'); at != std::string::npos; at = head.find('\n', at + 1)) {
    const std::string_view line = std::string_view(head).substr(at + 1, head.find('\r', at) - at - 1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !base::same_ignoring_case(line.substr(0, colon), name)) continue;
    return std::string(base::trimmed(line.substr(colon + 1)));
  }
  return {};
}

Client::Client(std::uint16_t port, int receive_buffer) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{patience_seconds, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer > 0) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

Client::~Client() {
  close();
}

void Client::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::finish() {
  ::shutdown(descriptor_, SHUT_WR);
}

bool Client::fill() {
  std::array<char, 64 * 1024> buffer;
  const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (size < 0 && errno == EAGAIN) FAIL_CHECK("the server is silent");
  if (size <= 0) return false;
  input_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

bool Client::fill_to(std::size_t size) {
  while (input_.size() < size) {
    if (!fill()) return false;
  }
  return true;
}

std::string Client::take(std::size_t size) {
  fill_to(size);
  std::string taken = input_.substr(0, size);
  input_.erase(0, size);
  return taken;
}

std::string Client::take_chunks() {
  std::string body;
  while (true) {
    std::size_t end = 0;
    while ((end = input_.find("\r\n")) == std::string::npos) {
      if (!fill()) return body;
    }
    const std::size_t size = std::strtoul(input_.c_str(), nullptr, 16);
    take(end + 2);
    body += take(size);
    take(2);
    if (size == 0) return body;
  }
}

Answer Client::answer(Expect expect) {
  Answer answer;
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return answer;
  }
  answer.head = take(end + 4);
  answer.status = std::atoi(answer.head.c_str() + 9);
  if (expect == Expect::head_only || answer.status < 200) return answer;
  if (answer.header("transfer-encoding") == "chunked") {
    answer.body = take_chunks();
  } else {
    answer.body = take(std::strtoul(answer.header("content-length").c_str(), nullptr, 10));
  }
  return answer;
}

std::string Client::bytes(std::size_t count) {
  fill_to(count);
  return std::exchange(input_, {});
}

std::string Client::rest() {
  while (fill()) {
  }
  return std::exchange(input_, {});
}

bool Client::waits_for_end() {
  return input_.empty() && !fill();
}

bool Client::waits_for_reset() {
  pollfd wait{descriptor_, 0, 0};
  return ::poll(&wait, 1, patience_seconds * 1000) == 1 && (wait.revents & (POLLERR | POLLHUP)) != 0;
}

std::string post(std::string_view body, std::string_view headers) {
  std::string text = "POST /in?a=1 HTTP/1.1\r\nHost: tocsin.test\r\nContent-Length: ";
  return text.append(std::to_string(body.size())).append("\r\n").append(headers).append("\r\n").append(body);
}

std::string chunked_post(std::string_view body, std::size_t piece, std::string_view headers) {
  std::string text = "POST /in?a=1 HTTP/1.1\r\nHost: tocsin.test\r\nTransfer-Encoding: chunked\r\n";
  text.append(headers).append("\r\n");
  for (; !body.empty(); body.remove_prefix(std::min(piece, body.size()))) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", std::min(piece, body.size()));
    text.append(size).append(body.substr(0, piece)).append("\r\n");
  }
  return text.append("0\r\n\r\n");
}

std::string compressed(std::string_view plain, int window) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, plain.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Handler Desk::handler() {
  return [this](Request request, Responder responder) {
    const std::lock_guard lock(mutex_);
    visits_.push_back({std::move(request), std::move(responder)});
    arrived_.notify_one();
  };
}

std::optional<Desk::Visit> Desk::next_if_any() {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return closed_ || !visits_.empty(); };
  REQUIRE(arrived_.wait_for(lock, std::chrono::seconds(patience_seconds), ready));
  if (visits_.empty()) return std::nullopt;
  Visit visit = std::move(visits_.front());
  visits_.pop_front();
  return visit;
}

Desk::Visit Desk::next() {
  auto visit = next_if_any();
  REQUIRE(visit.has_value());
  return std::move(*visit);
}

void Desk::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  arrived_.notify_all();
}

ServerOptions test_options() {
  ServerOptions options;
  options.port = 0;
  options.threads = 1;
  return options;
}

std::unique_ptr<Server> started(const ServerOptions& options, Handler handler) {
  auto server = Server::start(options, std::move(handler));
  REQUIRE_MESSAGE(server.ok(), (server.ok() ? "" : server.error().message));
  return std::move(*server);
}

void echo(Request request, Responder responder) {
  Response response;
  response.content_type = "text/plain";
  response.body = request.method + " " + request.target + "\n" + request.body;
  response.headers = {
      {"X-Host", request.host}, {"X-Peer", request.peer}, {"X-Scheme", request.secure ? "https" : "http"}};
  std::move(responder).send(std::move(response));
}

}  // namespace tocsin::wire
