// TLS by OpenSSL straight on the socket: Asio only waits. Asio's own stream keeps 34 KB of buffers for each
// connection, idle or not; here an idle one holds what OpenSSL needs and nothing else.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "wire/tls.hpp"
#include "wire/transport.hpp"

namespace tocsin::wire {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

constexpr std::size_t record_limit = 16 * 1024;

struct SessionDeleter {
  void operator()(ssl_st* session) const { SSL_free(session); }
};

class TlsTransport final : public Transport {
 public:
  TlsTransport(asio::io_context& context, int descriptor, const TlsContext& tls)
      : socket_(context.get_executor()), session_(tls.make_session()) {
    take_over(descriptor);
    if (session_ == nullptr || SSL_set_fd(session_.get(), descriptor) != 1) throw std::bad_alloc();
    SSL_set_accept_state(session_.get());
  }

  bool is_secure() const override { return true; }

  void open(Listener listener) override {
    ERR_clear_error();
    const int outcome = SSL_do_handshake(session_.get());
    if (outcome == 1) return listener->on_open(Opened::ready);
    const int want = SSL_get_error(session_.get(), outcome);
    if (want == SSL_ERROR_WANT_READ || want == SSL_ERROR_WANT_WRITE) {
      auto again = [this, listener = std::move(listener)](const error_code& error) mutable {
        if (error) return listener->on_open(Opened::failed);
        open(std::move(listener));
      };
      return socket_.async_wait(direction(want), std::move(again));
    }
    if (ERR_GET_REASON(ERR_peek_error()) != SSL_R_HTTP_REQUEST) return listener->on_open(Opened::failed);
    raw_ = true;
    listener->on_open(Opened::plain_text);
  }

  void read(Listener listener) override {
    auto ready = [this, listener = std::move(listener)](const error_code& error = {}) mutable {
      if (error) return listener->on_read({}, Peer::gone);
      raw_ ? read_raw(listener) : read_record(std::move(listener));
    };
    // What OpenSSL has taken off the socket already, the socket does not tell of.
    if (!raw_ && SSL_has_pending(session_.get())) return asio::post(socket_.get_executor(), std::move(ready));
    socket_.async_wait(Socket::wait_read, std::move(ready));
  }

  Written write(std::string_view first, std::string_view second) override {
    if (raw_) return write_raw(first, second);
    static thread_local std::array<char, record_limit> record;
    Written written;
    while (written.peer == Peer::there && !(first.empty() && second.empty())) {
      // Head and body go into one record when they fit.
      std::string_view piece = first.empty() ? second : first;
      if (!first.empty() && !second.empty() && first.size() + second.size() <= record.size()) {
        std::memcpy(record.data(), first.data(), first.size());
        std::memcpy(record.data() + first.size(), second.data(), second.size());
        piece = {record.data(), first.size() + second.size()};
      }
      const std::size_t sent = write_piece(piece, written.peer);
      if (sent == 0) break;
      written.bytes += sent;
      const std::size_t of_first = std::min(sent, first.size());
      first.remove_prefix(of_first);
      second.remove_prefix(sent - of_first);
    }
    return written;
  }

  void wait_writable(Listener listener) override {
    auto done = [listener = std::move(listener)](const error_code& error) {
      listener->on_writable(error ? Peer::gone : Peer::there);
    };
    socket_.async_wait(write_wants_, std::move(done));
  }

  // The close_notify alert goes if it goes at once; then the connection is drained below TLS.
  void finish() override {
    if (!raw_) {
      ERR_clear_error();
      SSL_shutdown(session_.get());
    }
    raw_ = true;
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

  void reset() override {
    error_code ignored;
    socket_.set_option(Socket::linger(true, 0), ignored);
    socket_.close(ignored);
  }

 private:
  void take_over(int descriptor) {
    error_code error;
    // The family matters only to operations that are not used here.
    socket_.assign(asio::ip::tcp::v4(), descriptor, error);
    if (error) {
      ::close(descriptor);
      throw boost::system::system_error(error);
    }
    socket_.non_blocking(true);
  }

  static Socket::wait_type direction(int want) {
    return want == SSL_ERROR_WANT_WRITE ? Socket::wait_write : Socket::wait_read;
  }

  void read_record(Listener listener) {
    static thread_local std::array<char, record_limit> plain;
    ERR_clear_error();
    const int size = SSL_read(session_.get(), plain.data(), static_cast<int>(plain.size()));
    if (size > 0) return listener->on_read({plain.data(), static_cast<std::size_t>(size)}, Peer::there);
    const int want = SSL_get_error(session_.get(), size);
    if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE) return listener->on_read({}, Peer::gone);
    auto again = [this, listener = std::move(listener)](const error_code& error) mutable {
      if (error) return listener->on_read({}, Peer::gone);
      raw_ ? read_raw(listener) : read_record(std::move(listener));
    };
    socket_.async_wait(direction(want), std::move(again));
  }

  // After `finish`, or from a peer that speaks plain HTTP: the bytes are thrown away.
  void read_raw(const Listener& listener) {
    static thread_local std::array<char, record_limit> thrown_away;
    error_code error;
    socket_.read_some(asio::buffer(thrown_away), error);
    const bool gone = error && error != asio::error::would_block;
    listener->on_read({}, gone ? Peer::gone : Peer::there);
  }

  std::size_t write_piece(std::string_view piece, Peer& peer) {
    ERR_clear_error();
    const int sent = SSL_write(session_.get(), piece.data(), static_cast<int>(std::min(piece.size(), record_limit)));
    if (sent > 0) return static_cast<std::size_t>(sent);
    const int want = SSL_get_error(session_.get(), sent);
    write_wants_ = direction(want);
    if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE) peer = Peer::gone;
    return 0;
  }

  Written write_raw(std::string_view first, std::string_view second) {
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(second)};
    error_code error;
    Written written;
    written.bytes = socket_.write_some(buffers, error);
    if (error && error != asio::error::would_block) written.peer = Peer::gone;
    return written;
  }

  Socket socket_;
  std::unique_ptr<ssl_st, SessionDeleter> session_;
  Socket::wait_type write_wants_ = Socket::wait_write;
  bool raw_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_tls_transport(asio::io_context& context, int descriptor, const TlsContext& tls) {
  return std::make_unique<TlsTransport>(context, descriptor, tls);
}

}  // namespace tocsin::wire
