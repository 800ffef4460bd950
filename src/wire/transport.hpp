// The two ways bytes travel: plain TCP and TLS. Inside the room; everything runs on the connection's io thread.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace tocsin::wire {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using boost::system::error_code;

/// Bytes are read into a buffer of the thread when there are some, so that an idle connection holds none.
class PlainTransport {
 public:
  explicit PlainTransport(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  static constexpr bool secure = false;
  Socket& socket() { return socket_; }

  template <class Handler>
  void handshake(Handler handler) {
    handler(error_code());
  }

  /// `handler(error, bytes)`; the bytes are good until it returns.
  template <class Handler>
  void read(Handler handler) {
    socket_.async_wait(Socket::wait_read, [this, handler = std::move(handler)](error_code error) mutable {
      static thread_local std::array<char, 64 * 1024> buffer;
      const std::size_t size = error ? 0 : socket_.read_some(asio::buffer(buffer), error);
      if (error == asio::error::would_block) return read(std::move(handler));
      handler(error, std::string_view(buffer.data(), size));
    });
  }

  template <class Buffers, class Handler>
  void write(const Buffers& buffers, Handler handler) {
    asio::async_write(socket_, buffers, std::move(handler));
  }

  template <class Handler>
  void say_goodbye(Handler handler) {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    handler();
  }

 private:
  Socket socket_;
};

class TlsTransport {
 public:
  TlsTransport(Socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  static constexpr bool secure = true;
  Socket& socket() { return stream_.next_layer(); }

  template <class Handler>
  void handshake(Handler handler) {
    stream_.async_handshake(asio::ssl::stream_base::server, std::move(handler));
  }

  template <class Handler>
  void read(Handler handler) {
    if (!buffer_) buffer_ = std::make_unique<std::array<char, 16 * 1024>>();
    stream_.async_read_some(asio::buffer(*buffer_),
                            [this, handler = std::move(handler)](error_code error, std::size_t size) mutable {
                              handler(error, std::string_view(buffer_->data(), size));
                            });
  }

  template <class Buffers, class Handler>
  void write(const Buffers& buffers, Handler handler) {
    asio::async_write(stream_, buffers, std::move(handler));
  }

  template <class Handler>
  void say_goodbye(Handler handler) {
    stream_.async_shutdown([handler = std::move(handler)](error_code) mutable { handler(); });
  }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<Socket> stream_;
  std::unique_ptr<std::array<char, 16 * 1024>> buffer_;
};

}  // namespace tocsin::wire
