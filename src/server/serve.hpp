// The server, put together: ledger, engine, API, listener; started and stopped in the order of the flow.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "server/address.hpp"
#include "server/settings.hpp"

namespace tocsin::server {

struct ServeOptions {
  Settings settings;
  std::string test_clock;       ///< path of the test clock's socket; empty: the system's clock
  bool bench_endpoint = false;  ///< POST /bench/empty, for script/bench
};

/// A running server.
class Serving {
 public:
  /// Errors: whatever keeps it from starting, naming it.
  static base::Result<std::unique_ptr<Serving>> start(const ServeOptions& options);
  ~Serving();

  const Address& address() const;
  /// The one-time link for the admin, made anew at each start while no admin has a password; empty afterwards.
  const std::string& first_link() const;

  /// Reads certificate and key again.
  base::Status reload_tls();
  /// Ends gracefully; what was acknowledged is on the disk. Once.
  void stop();

 private:
  struct Parts;
  explicit Serving(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
  bool stopped_ = false;
};

}  // namespace tocsin::server
