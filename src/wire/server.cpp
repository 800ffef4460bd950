#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "wire/http.hpp"
#include "wire/lane.hpp"

namespace tocsin::wire {
namespace {

class LaneServer final : public Server {
 public:
  LaneServer(std::shared_ptr<Shared> shared, std::shared_ptr<TlsInUse> tls)
      : shared_(std::move(shared)), tls_(std::move(tls)) {}
  ~LaneServer() override { stop(0); }

  base::Status open() {
    const ServerOptions& options = shared_->options;
    if (auto unused = check_unused(options.address, options.port); !unused) return unused;
    port_ = options.port;
    for (unsigned n = 0; n < std::max(1u, options.threads); ++n) {
      lanes_.push_back(std::make_unique<Lane>(shared_, tls_, n));
      auto port = lanes_.back()->listen(options.address, port_);
      if (!port) return std::move(port).error();
      port_ = *port;
    }
    for (const auto& lane : lanes_) lane->run();
    running_ = true;
    return {};
  }

  std::uint16_t port() const override { return port_; }

  base::Status reload_tls() override {
    if (!shared_->options.tls) return {};
    auto context = TlsContext::load(*shared_->options.tls);
    if (!context) return std::move(context).error();
    tls_->set(std::move(*context));
    return {};
  }

  void stop(unsigned seconds) override {
    const std::lock_guard one_at_a_time(stopping_);
    if (!std::exchange(running_, false)) return;
    shared_->stopping = true;
    for (const auto& lane : lanes_) lane->wind_down();
    {
      std::unique_lock lock(shared_->mutex);
      shared_->emptied.wait_for(lock, std::chrono::seconds(seconds), [this] { return shared_->connections == 0; });
    }
    for (const auto& lane : lanes_) lane->end();
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<TlsInUse> tls_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::uint16_t port_ = 0;
  std::mutex stopping_;
  bool running_ = false;
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
  auto tls = std::make_shared<TlsInUse>();
  if (options.tls) {
    auto context = TlsContext::load(*options.tls);
    if (!context) return std::move(context).error();
    tls->set(std::move(*context));
  }
  raise_descriptor_limit();
  auto server = std::make_unique<LaneServer>(std::move(shared), std::move(tls));
  if (auto opened = server->open(); !opened) return std::move(opened).error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace tocsin::wire
