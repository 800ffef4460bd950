#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <pthread.h>
#include <sys/resource.h>

#include <atomic>
#include <ctime>
#include <list>
#include <mutex>
#include <thread>

#include "wire/session_target.hpp"
#include "wire/tls.hpp"

namespace tocsin::wire {

std::string_view date_text() {
  static thread_local std::time_t made_at = 0;
  static thread_local char text[40];
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    made_at = now;
  }
  return text;
}

namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
constexpr std::chrono::milliseconds tick{250};

/// The certificate in use; swapped whole on reload.
class TlsHolder {
 public:
  std::shared_ptr<asio::ssl::context> get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void set(std::shared_ptr<asio::ssl::context> context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<asio::ssl::context> context_;
};

/// One io thread: its io_context, its acceptor and its connections.
class Lane {
 public:
  Lane(std::shared_ptr<Shared> shared, std::shared_ptr<TlsHolder> tls, unsigned number)
      : shared_(std::move(shared)), tls_(std::move(tls)), number_(number) {}

  void listen(const asio::ip::tcp::endpoint& endpoint) {
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(Acceptor::reuse_address(true));
    acceptor_.set_option(ReusePort(true));
    acceptor_.bind(endpoint);
    acceptor_.listen(asio::socket_base::max_listen_connections);
  }
  asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  void run() {
    accept();
    look_around();
    thread_ = std::jthread([this] {
      pthread_setname_np(pthread_self(), ("io-" + std::to_string(number_)).c_str());
      context_.run();
    });
  }

  /// Closes the door; idle connections go now, the others after their answer.
  void wind_down() {
    asio::post(context_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      for (const std::weak_ptr<Connection>& weak : connections_) {
        if (const auto connection = weak.lock()) connection->wind_down();
      }
    });
  }

  void join() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, Socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!acceptor_.is_open()) return;
      if (!error) {
        welcome(std::move(socket));
        return accept();
      }
      // Out of file descriptors, most likely: let some go before trying again.
      pause_.expires_after(tick);
      pause_.async_wait([this](error_code stopped) {
        if (!stopped) accept();
      });
    });
  }

  void welcome(Socket socket) {
    error_code error;
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    std::string peer = remote.address().to_string();
    if (shared_->connections.load() >= shared_->options.connection_limit) {
      static constexpr std::string_view full =
          "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 47\r\n"
          "Retry-After: 1\r\nConnection: close\r\n\r\n{\"detail\":\"The server has too many connections\"}";
      socket.write_some(asio::buffer(full), error);
      return;
    }
    if (const auto context = tls_->get()) {
      begin(std::make_shared<Session<TlsTransport>>(shared_, std::move(peer), std::move(socket), context));
    } else {
      begin(std::make_shared<Session<PlainTransport>>(shared_, std::move(peer), std::move(socket)));
    }
  }

  template <class T>
  void begin(std::shared_ptr<T> session) {
    connections_.push_back(session);
    session->start();
  }

  void look_around() {
    ticker_.expires_after(tick);
    ticker_.async_wait([this](error_code stopped) {
      if (stopped) return;
      const SteadyTime now = std::chrono::steady_clock::now();
      for (auto each = connections_.begin(); each != connections_.end();) {
        const std::shared_ptr<Connection> connection = each->lock();
        if (connection) connection->look_at_clock(now);
        each = connection ? std::next(each) : connections_.erase(each);
      }
      look_around();
    });
  }

  std::shared_ptr<Shared> shared_;
  std::shared_ptr<TlsHolder> tls_;
  const unsigned number_;
  asio::io_context context_{1};
  std::list<std::weak_ptr<Connection>> connections_;
  Acceptor acceptor_{context_.get_executor()};
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> ticker_{
      context_.get_executor()};
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> pause_{
      context_.get_executor()};
  std::jthread thread_;
};

class AsioServer final : public Server {
 public:
  AsioServer(std::shared_ptr<Shared> shared, std::shared_ptr<TlsHolder> tls)
      : shared_(std::move(shared)), tls_(std::move(tls)) {
    for (unsigned n = 0; n < std::max(1u, shared_->options.threads); ++n) {
      lanes_.push_back(std::make_unique<Lane>(shared_, tls_, n));
    }
  }
  ~AsioServer() override { stop(0); }

  void open(const asio::ip::tcp::endpoint& wanted) {
    // Without SO_REUSEPORT once: another server on the same port would otherwise share it without a word.
    Acceptor probe(probe_context_.get_executor());
    probe.open(wanted.protocol());
    probe.set_option(Acceptor::reuse_address(true));
    probe.bind(wanted);
    asio::ip::tcp::endpoint endpoint = probe.local_endpoint();
    probe.close();
    for (const auto& lane : lanes_) {
      lane->listen(endpoint);
      endpoint = lane->endpoint();
    }
    port_ = endpoint.port();
    for (const auto& lane : lanes_) lane->run();
  }

  std::uint16_t port() const override { return port_; }

  base::Status reload_tls() override {
    if (!shared_->options.tls) return {};
    auto context = make_tls_context(*shared_->options.tls);
    if (!context) return std::move(context).error();
    tls_->set(std::move(*context));
    return {};
  }

  void stop(unsigned seconds) override {
    if (stopped_.exchange(true)) return;
    shared_->stopping = true;
    for (const auto& lane : lanes_) lane->wind_down();
    const SteadyTime end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (shared_->connections.load() > 0 && std::chrono::steady_clock::now() < end) {
      // Connections end on their own threads; there is nothing to be told by, and this is the last thing a process does.
      std::this_thread::yield();
      timespec pause{0, 2'000'000};
      nanosleep(&pause, nullptr);
    }
    for (const auto& lane : lanes_) lane->join();
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<TlsHolder> tls_;
  asio::io_context probe_context_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_ = false;
};

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler) {
  auto shared = std::make_shared<Shared>();
  shared->options = options;
  shared->handler = std::move(handler);
  std::string bad;
  auto proxies = TrustedProxies::parse(options.trusted_proxies, bad);
  if (!proxies) {
    return base::Error{base::ErrorKind::invalid, "'" + bad + "' is not an address or a CIDR block", "trusted-proxy"};
  }
  shared->proxies = std::move(*proxies);
  auto tls = std::make_shared<TlsHolder>();
  if (options.tls) {
    auto context = make_tls_context(*options.tls);
    if (!context) return std::move(context).error();
    tls->set(std::move(*context));
  }
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return base::Error{base::ErrorKind::invalid, "'" + options.address + "' is not an IP address", "listen"};
  raise_descriptor_limit();
  auto server = std::make_unique<AsioServer>(std::move(shared), std::move(tls));
  try {
    server->open({address, options.port});
  } catch (const boost::system::system_error& failure) {
    return base::Error{base::ErrorKind::unavailable, "can't listen on " + options.address + ":" +
                                                         std::to_string(options.port) + ": " + failure.code().message(),
                       "listen"};
  }
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace tocsin::wire
