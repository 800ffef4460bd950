// How bytes travel: plain TCP or TLS. Everything here runs on the connection's io thread. No Asio passes through, so
// that a session is compiled without it.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace tocsin::wire {

class TlsContext;

/// What is being told with the bytes read: more may come, or the peer has gone (or half-closed).
enum class Peer { there, gone };

/// How a transport begins: ready; failed; or ready, but the peer of a TLS port speaks plain HTTP.
enum class Opened { ready, failed, plain_text };

/// One socket. Owned by a session; each wait keeps the session alive until it is told.
class Transport {
 public:
  /// Who is told. Never called from within `read` or `wait_writable`; `open` may call `on_open` at once.
  class Events {
   public:
    virtual ~Events() = default;
    virtual void on_open(Opened opened) = 0;
    /// The bytes are good until it returns. None are given when the peer is gone.
    virtual void on_read(std::string_view bytes, Peer peer) = 0;
    virtual void on_writable(Peer peer) = 0;
  };
  using Listener = std::shared_ptr<Events>;

  /// What a write came to: the number of bytes that went; `peer` gone when none ever will again.
  struct Written {
    std::size_t bytes = 0;
    Peer peer = Peer::there;
  };

  virtual ~Transport() = default;
  virtual bool is_secure() const = 0;
  /// The handshake, if there is one.
  virtual void open(Listener listener) = 0;
  /// Once; never while an earlier read waits.
  virtual void read(Listener listener) = 0;
  /// As much of `first`, then of `second`, as goes without waiting.
  virtual Written write(std::string_view first, std::string_view second) = 0;
  /// Once; never while an earlier one waits.
  virtual void wait_writable(Listener listener) = 0;
  /// Says that nothing more will be written. From here on, reading throws the bytes away.
  virtual void finish() = 0;
  /// Ends all waits.
  virtual void close() = 0;
  /// The same, and the system keeps nothing for a peer that does not take what was written: the peer sees a reset.
  virtual void reset() = 0;
};

/// Take over a connected socket.
std::unique_ptr<Transport> make_plain_transport(boost::asio::io_context& context, int descriptor);
std::unique_ptr<Transport> make_tls_transport(boost::asio::io_context& context, int descriptor, const TlsContext& tls);

}  // namespace tocsin::wire
