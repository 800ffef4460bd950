// One io thread: its io_context, its listening socket (SO_REUSEPORT), its connections and their deadlines.
// Inside the room. The methods are called from outside the thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "wire/session.hpp"
#include "wire/tls.hpp"

namespace tocsin::wire {

class Lane {
 public:
  Lane(std::shared_ptr<Shared> shared, std::shared_ptr<const TlsInUse> tls, unsigned number);
  ~Lane();

  /// Binds and listens; the port, which the system picks for 0. Errors: invalid (bad address), unavailable.
  base::Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);
  /// Starts the thread.
  void run();
  /// Closes the door; idle connections go now, the others after their answer. Only while the thread runs; on return no
  /// connection comes any more.
  void wind_down();
  /// Closes what is left and waits for the thread. What the thread's Door is handed from now on is dropped.
  void end();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Fails when somebody listens there: sockets with SO_REUSEPORT would else share the port without a word.
base::Status check_unused(const std::string& address, std::uint16_t port);

}  // namespace tocsin::wire
