#include "wire/lane.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <future>
#include <thread>

#include "base/log.hpp"
#include "wire/lane_door.hpp"

namespace tocsin::wire {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::chrono::milliseconds tick{1000 / ticks_per_second};
/// So many connections are taken in one go, then those that are there get their turn.
constexpr int accepted_at_once = 64;
/// So many connections over the limit still get their 503; further ones are closed without a word.
constexpr std::size_t refused_at_once = 500;

base::Result<tcp::endpoint> endpoint_of(const std::string& address, std::uint16_t port) {
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) return base::Error{base::ErrorKind::invalid, "'" + address + "' is not an IP address", "listen"};
  return tcp::endpoint(parsed, port);
}

base::Error cannot_listen(const std::string& address, std::uint16_t port, const error_code& error) {
  const std::string where =
      (address.find(':') == std::string::npos ? address : "[" + address + "]") + ":" + std::to_string(port);
  return {base::ErrorKind::unavailable, "can't listen on " + where + ": " + error.message(), "listen"};
}

/// IPv4 in its own form even when it came in by an IPv6 socket.
std::string text_of(const sockaddr_storage& peer) {
  char text[INET6_ADDRSTRLEN] = "";
  if (peer.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(peer).sin_addr, text, sizeof text);
  } else {
    const in6_addr& address = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
      inet_ntop(AF_INET, address.s6_addr + 12, text, sizeof text);
    } else {
      inet_ntop(AF_INET6, &address, text, sizeof text);
    }
  }
  return text;
}

}  // namespace

/// Lives on the io thread, save for `listen` and `run`.
struct Lane::Inside {
  Inside(std::shared_ptr<Shared> server, std::shared_ptr<const TlsInUse> tls_in_use, unsigned lane)
      : tls(std::move(tls_in_use)), number(lane) {
    home.shared = std::move(server);
    home.door = door;
  }

  void accept();
  bool accept_one();
  void welcome(int descriptor, std::string peer);
  void look_around();
  void wind_down();
  void end();
  template <class Act>
  void for_each_session(Act act);

  // Connections refer to `home`; the last of them go with the context.
  Home home;
  std::shared_ptr<const TlsInUse> tls;
  const unsigned number;
  asio::io_context context{1};
  std::shared_ptr<LaneDoor> door = std::make_shared<LaneDoor>(context);
  Acceptor acceptor{context.get_executor()};
  Timer ticker{context.get_executor()};
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  bool accepting = false;
  std::thread thread;
};

void Lane::Inside::accept() {
  accepting = true;
  acceptor.async_wait(Acceptor::wait_read, [this](const error_code& error) {
    accepting = false;
    if (error || !acceptor.is_open()) return;
    for (int n = 0; n < accepted_at_once; ++n) {
      if (accept_one()) continue;
      // Out of descriptors or memory, most likely: the next tick tries again.
      if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) return;
      break;
    }
    accept();
  });
}

bool Lane::Inside::accept_one() {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  const int descriptor =
      ::accept4(acceptor.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return false;
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  welcome(descriptor, text_of(peer));
  return true;
}

void Lane::Inside::welcome(int descriptor, std::string peer) {
  const Shared& shared = *home.shared;
  const std::size_t there = shared.connections.load(std::memory_order_relaxed);
  if (there >= shared.options.connection_limit + refused_at_once) {
    ::close(descriptor);
    return;
  }
  try {
    const auto context_of_tls = tls->get();
    auto transport = context_of_tls ? make_tls_transport(context, descriptor, *context_of_tls)
                                    : make_plain_transport(context, descriptor);
    const Welcome kind = there < shared.options.connection_limit ? Welcome::serve : Welcome::refuse;
    Session::begin(home, std::move(transport), std::move(peer), kind);
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "a connection could not be taken", {{"what", failure.what()}});
  }
}

// Sessions leave the list while it is walked.
template <class Act>
void Lane::Inside::for_each_session(Act act) {
  for (auto each = home.sessions.begin(); each != home.sessions.end();) {
    const std::shared_ptr<Session> session = *each++;
    act(*session);
  }
}

void Lane::Inside::look_around() {
  ticker.expires_after(tick);
  ticker.async_wait([this](const error_code& stopped) {
    if (stopped) return;
    home.now = static_cast<Ticks>((std::chrono::steady_clock::now() - started) / tick);
    for_each_session([](Session& session) { session.look_at_clock(); });
    if (!accepting && acceptor.is_open()) accept();
    look_around();
  });
}

void Lane::Inside::wind_down() {
  error_code ignored;
  acceptor.close(ignored);
  for_each_session([](Session& session) { session.wind_down(); });
}

void Lane::Inside::end() {
  error_code ignored;
  acceptor.close(ignored);
  door->shut();
  for_each_session([](Session& session) { session.close(); });
  context.stop();
}

Lane::Lane(std::shared_ptr<Shared> shared, std::shared_ptr<const TlsInUse> tls, unsigned number)
    : inside_(std::make_unique<Inside>(std::move(shared), std::move(tls), number)) {}

Lane::~Lane() {
  end();
}

base::Result<std::uint16_t> Lane::listen(const std::string& address, std::uint16_t port) {
  auto endpoint = endpoint_of(address, port);
  if (!endpoint) return std::move(endpoint).error();
  Acceptor& acceptor = inside_->acceptor;
  try {
    acceptor.open(endpoint->protocol());
    acceptor.set_option(Acceptor::reuse_address(true));
    acceptor.set_option(ReusePort(true));
    acceptor.bind(*endpoint);
    acceptor.listen(asio::socket_base::max_listen_connections);
    acceptor.non_blocking(true);
    return acceptor.local_endpoint().port();
  } catch (const boost::system::system_error& failure) {
    return cannot_listen(address, port, failure.code());
  }
}

void Lane::run() {
  inside_->accept();
  inside_->look_around();
  inside_->thread = std::thread([inside = inside_.get()] {
    pthread_setname_np(pthread_self(), ("io-" + std::to_string(inside->number)).c_str());
    // OpenSSL writes without MSG_NOSIGNAL.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    inside->door->settle();
    inside->context.run();
  });
}

void Lane::wind_down() {
  std::promise<void> done;
  asio::post(inside_->context, [inside = inside_.get(), &done] {
    inside->wind_down();
    done.set_value();
  });
  done.get_future().wait();
}

void Lane::end() {
  if (!inside_->thread.joinable()) return inside_->door->shut();
  asio::post(inside_->context, [inside = inside_.get()] { inside->end(); });
  inside_->thread.join();
}

base::Status check_unused(const std::string& address, std::uint16_t port) {
  auto endpoint = endpoint_of(address, port);
  if (!endpoint) return std::move(endpoint).error();
  asio::io_context context;
  try {
    Acceptor probe(context.get_executor());
    probe.open(endpoint->protocol());
    probe.set_option(Acceptor::reuse_address(true));
    probe.bind(*endpoint);
  } catch (const boost::system::system_error& failure) {
    return cannot_listen(address, port, failure.code());
  }
  return {};
}

}  // namespace tocsin::wire
