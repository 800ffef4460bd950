// One connection: reads requests one after another, hands each to the handler, writes the answers in order (RFC 9112).
// Inside the room. Lives on one io thread and is touched by no other; answers come in through its thread's Door.
#pragma once

#include <condition_variable>
#include <limits>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "wire/exchange.hpp"
#include "wire/forwarded.hpp"
#include "wire/head.hpp"
#include "wire/transport.hpp"

namespace tocsin::wire {

/// Steady time since the server's start, in units of `tick`. Deadlines are a little late, never early.
using Ticks = std::uint32_t;
constexpr unsigned ticks_per_second = 4;
constexpr Ticks never = std::numeric_limits<Ticks>::max();

/// What all connections of a server share.
struct Shared {
  ServerOptions options;
  Handler handler;
  TrustedProxies proxies;
  std::atomic<std::uint64_t> requests{0};
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> connections{0};
  std::mutex mutex;
  std::condition_variable emptied;  ///< told, under `mutex`, when the last connection ends while stopping
};

/// What the connections of one io thread share. Only that thread touches it.
struct Home {
  std::shared_ptr<Shared> shared;
  std::shared_ptr<Door> door;
  Ticks now = 0;
  std::list<std::shared_ptr<Session>> sessions;
};

/// Serve it, or tell it that there are too many.
enum class Welcome { serve, refuse };

class Session final : public Transport::Events, public std::enable_shared_from_this<Session> {
 public:
  /// Enters itself into `home` and begins. `peer` is the socket's address.
  static void begin(Home& home, std::unique_ptr<Transport> transport, std::string peer, Welcome welcome);

  Session(Home& home, std::unique_ptr<Transport> transport, std::string peer, Welcome welcome);

  /// Acts when a deadline has passed.
  void look_at_clock();
  /// The server is stopping: closes when idle, ends a stream, else closes after the answer under way.
  void wind_down();
  /// At once.
  void close();

  /// The answer to the request under way.
  void answer(Response response);
  /// The same as a stream.
  void begin_stream(const Response& head, std::shared_ptr<Flow> flow);
  void stream_chunk(std::string_view chunk);
  void end_stream();

  void on_open(Opened opened) override;
  void on_read(std::string_view bytes, Peer peer) override;
  void on_writable(Peer peer) override;

 private:
  /// `lingering`: all is said; what the peer still sends is thrown away so that it gets to read the answer.
  enum class Phase { opening, head, body, handling, writing, streaming, lingering, closed };

  template <class Work>
  void guarded(Work work);
  const ServerOptions& options() const { return home_.shared->options; }
  void set_deadline(unsigned seconds) { deadline_ = home_.now + seconds * ticks_per_second + 1; }

  // Reading: each `take` is true when the next one may go on.
  void read();
  void run();
  void keep_rest();
  bool take_head();
  bool take_body();
  bool take_length();
  bool take_chunks();
  bool begin_body();
  bool hand_over();
  void await_request();

  // Answering.
  bool refuse(const Refusal& refusal);
  bool refuse_large_body();
  void send(std::string_view head, std::string body);
  void on_sent();
  void linger();

  Home& home_;
  std::list<std::shared_ptr<Session>>::iterator place_;
  std::unique_ptr<Transport> transport_;
  const std::string peer_;
  const Welcome welcome_;
  Phase phase_ = Phase::opening;
  bool reading_ = false;   ///< the transport has been asked for bytes
  bool running_ = false;   ///< `run` is on the stack
  bool begun_ = false;     ///< of the next head, a byte has come
  bool bodiless_ = false;  ///< the request was a HEAD
  bool stream_ended_ = false;
  Ticks deadline_ = never;
  Ticks linger_end_ = never;

  std::string input_;         ///< read and not used yet
  std::string_view rest_;     ///< while running: what is not used yet, of `input_` or of the transport's buffer
  std::size_t searched_ = 0;  ///< so much of `rest_` has been looked at for the end of a head
  Request request_;
  Framing framing_;
  std::optional<ChunkReader> chunks_;
  std::string unsent_;
  std::size_t unsent_from_ = 0;
  std::shared_ptr<Flow> flow_;
};

}  // namespace tocsin::wire
