#include <unistd.h>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstring>

#include "wire/transport.hpp"

namespace tocsin::wire {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// Enough for a head and a usual alert, so that most requests come in one read; an idle connection costs this much.
constexpr std::size_t small_read = 4 * 1024;
constexpr std::size_t large_read = 64 * 1024;

class PlainTransport final : public Transport {
 public:
  PlainTransport(asio::io_context& context, int descriptor) : socket_(context.get_executor()) { take_over(descriptor); }

  bool is_secure() const override { return false; }

  void open(Listener listener) override { listener->on_open(Opened::ready); }

  // A read that waits costs no system call beyond the one that gets the bytes; waiting for readiness would cost one.
  void read(Listener listener) override {
    auto done = [this, listener = std::move(listener)](const error_code& error, std::size_t size) {
      if (error) return listener->on_read({}, Peer::gone);
      if (size < small_.size()) return listener->on_read({small_.data(), size}, Peer::there);
      listener->on_read(read_on(), Peer::there);
    };
    socket_.async_read_some(asio::buffer(small_), std::move(done));
  }

  Written write(std::string_view first, std::string_view second) override {
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(second)};
    error_code error;
    Written written;
    written.bytes = socket_.write_some(buffers, error);
    if (error && error != asio::error::would_block) written.peer = Peer::gone;
    return written;
  }

  void wait_writable(Listener listener) override {
    auto done = [listener = std::move(listener)](const error_code& error) {
      listener->on_writable(error ? Peer::gone : Peer::there);
    };
    socket_.async_wait(Socket::wait_write, std::move(done));
  }

  void finish() override {
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

  /// The small buffer was filled: its content, and what else is there, in a buffer of the thread.
  std::string_view read_on() {
    static thread_local std::array<char, large_read> large;
    std::memcpy(large.data(), small_.data(), small_.size());
    error_code error;
    const std::size_t more = socket_.read_some(asio::buffer(large) + small_.size(), error);
    // An error, end of file included, comes again with the next read.
    return {large.data(), small_.size() + (error ? 0 : more)};
  }

  Socket socket_;
  std::array<char, small_read> small_;
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(asio::io_context& context, int descriptor) {
  return std::make_unique<PlainTransport>(context, descriptor);
}

}  // namespace tocsin::wire
