// HTTP/1.1 as the rest of the product sees it: a Request that has been read whole, a Response, and a Server
// that calls a handler for each. Nothing of Asio or Beast passes through here (RFC 9110, RFC 9112).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tocsin::wire {

/// A request, complete and decoded: chunked joined, gzip and deflate undone (and Content-Encoding taken away).
struct Request {
  std::string method;  ///< upper case as sent
  std::string target;  ///< as sent: path and query
  std::string path;    ///< the path part, percent escapes as sent, the public prefix still on it
  std::string query;   ///< without `?`
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  std::string host;      ///< Host as sent, or a trusted proxy's X-Forwarded-Host; may be empty
  std::string peer;      ///< the client's address: from the socket, or from a trusted proxy's X-Forwarded-For
  bool secure = false;   ///< TLS here, or a trusted proxy's X-Forwarded-Proto says https
  std::uint64_t id = 0;  ///< a number of this process, for the log

  /// The header's value (name in lower case), empty when absent.
  std::string_view header(std::string_view name) const;
};

/// An answer. Content-Length and Date are added by the server; Content-Type only when `content_type` is set.
struct Response {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Feeds a streaming answer (server-sent events). Any thread. `write` is false once the peer is gone, the server
/// stops, or more than 1 MiB waits for a slow reader, whose connection is then closed: what it missed it must ask
/// for anew. The stream ends when the last copy is dropped or `close` is called.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual bool write(std::string chunk) = 0;
  virtual void close() = 0;
};

/// Sends the one answer to one request, from any thread. Dropped without an answer, it answers 500. It may outlive
/// the connection and the server; the answer then goes nowhere.
class Responder {
 public:
  struct Target;
  explicit Responder(std::shared_ptr<Target> target);
  Responder(Responder&&) noexcept;
  Responder& operator=(Responder&&) noexcept;
  ~Responder();

  void send(Response response) &&;
  /// Sends the head at once and keeps the connection for the stream. A HEAD request gets the head only.
  std::shared_ptr<Stream> stream(Response head) &&;

 private:
  std::shared_ptr<Target> target_;
};

/// Called on an io thread: must not block. It either answers at once or moves the Responder to a worker. What it
/// throws is logged and answered with 500.
using Handler = std::function<void(Request, Responder)>;

/// The certificate chain and key in PEM files.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: the system picks; see Server::port
  unsigned threads = 2;       ///< one io_context each, SO_REUSEPORT
  std::size_t header_limit = 64 * 1024;
  std::size_t body_limit = 10 * 1024 * 1024;  ///< after decompression, too
  unsigned header_seconds = 10;               ///< deadline for a whole request head (and for the TLS handshake)
  unsigned body_seconds = 30;                 ///< deadline for a whole body
  unsigned idle_seconds = 75;                 ///< keep-alive without a request
  unsigned write_seconds = 30;                ///< an answer of which the client takes nothing for so long
  std::size_t connection_limit = 20'000;      ///< further ones get 503
  std::optional<TlsFiles> tls;
  std::vector<std::string> trusted_proxies;  ///< addresses or CIDR blocks whose X-Forwarded-* is believed
};

/// Listens, reads, answers. `stop` closes the door, lets requests in flight finish (bounded), then returns.
class Server {
 public:
  /// Binds and starts the threads. Errors: unavailable (address in use), invalid (bad address, bad certificate).
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler);
  virtual ~Server() = default;

  virtual std::uint16_t port() const = 0;
  /// Reads the certificate and key again; new connections use them. The old ones stay in use on error.
  virtual base::Status reload_tls() = 0;
  /// Graceful: no new connections, idle ones closed, streams ended; at most `seconds` for what is in flight. Returns
  /// when the io threads have ended. Never from a handler.
  virtual void stop(unsigned seconds) = 0;
};

/// The reason phrase of a status code.
std::string_view reason(int status);

}  // namespace tocsin::wire
