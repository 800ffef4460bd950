// For the tests of this room: a client that speaks to a real socket byte by byte, and a desk where requests wait until
// the test answers them. Everything waits for events; nothing waits longer than `patience_seconds`.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "wire/http.hpp"

namespace tocsin::wire {

constexpr int patience_seconds = 20;

/// An answer as it came. `status` 0: the connection ended before it was whole.
struct Answer {
  int status = 0;
  std::string head;
  std::string body;

  /// The value of a header field, empty when absent.
  std::string header(std::string_view name) const;
};

/// A TCP connection to 127.0.0.1.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False when the server has closed.
  bool send(std::string_view bytes);
  /// Says that nothing more will come.
  void finish();
  void close();
  /// The next answer; of a HEAD request only the head.
  enum class Expect { body, head_only };
  Answer answer(Expect expect = Expect::body);
  /// At least this many bytes, as they came, unless the connection ends before.
  std::string bytes(std::size_t count);
  /// Everything up to the end of the connection.
  std::string rest();
  /// Waits until the server has closed (reset, or an end in place of further bytes).
  bool waits_for_end();
  /// The same without taking what was sent.
  bool waits_for_reset();
  int descriptor() const { return descriptor_; }

 private:
  bool fill();
  bool fill_to(std::size_t size);
  std::string take(std::size_t size);
  std::string take_chunks();

  int descriptor_;
  std::string input_;
};

/// The head of a request with this body and these further header lines (each ending in CRLF).
std::string post(std::string_view body, std::string_view headers = "");
/// The same as one chunk for every `piece` bytes.
std::string chunked_post(std::string_view body, std::size_t piece, std::string_view headers = "");

/// Compressed; the window says how, as zlib wants it: 31 gzip, 15 zlib, -15 raw.
std::string compressed(std::string_view plain, int window);

/// Requests wait here until the test takes and answers them.
class Desk {
 public:
  struct Visit {
    Request request;
    Responder responder;
  };
  Handler handler();
  /// Waits for the next request; fails the test when none comes.
  Visit next();
  /// The same, but nothing once the desk is closed and empty.
  std::optional<Visit> next_if_any();
  void close();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Visit> visits_;
  bool closed_ = false;
};

/// Options for a port that the system picks and one io thread.
ServerOptions test_options();
/// A server; a failure to start fails the test.
std::unique_ptr<Server> started(const ServerOptions& options, Handler handler);
/// Answers at once: `METHOD TARGET` and the body, each on its line; the host, peer and scheme as header fields.
void echo(Request request, Responder responder);

}  // namespace tocsin::wire
