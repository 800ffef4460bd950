// One connection: reads requests one after another, hands each to the handler, writes the answers in order.
// Inside the room. Callbacks on the connection's own io thread; answers may come from any thread.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "wire/exchange.hpp"
#include "wire/forwarded.hpp"
#include "wire/head.hpp"
#include "wire/transport.hpp"

namespace tocsin::wire {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What all connections share, and what those of one thread share.
struct Shared {
  ServerOptions options;
  Handler handler;
  TrustedProxies proxies;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<bool> stopping{false};
};

/// A connection as its thread's list sees it.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Closes it when its deadline has passed.
  virtual void look_at_clock(SteadyTime now) = 0;
  /// The server is stopping: closes when idle, else after the answer under way.
  virtual void wind_down() = 0;
};

/// The `Date` header's text, made once a second a thread (RFC 9110 section 5.6.7).
std::string_view date_text();

constexpr std::size_t stream_limit = 1u << 20;

template <class Transport>
class Session final : public Connection, public std::enable_shared_from_this<Session<Transport>> {
 public:
  template <class... Arguments>
  Session(std::shared_ptr<Shared> shared, std::string peer, Arguments&&... arguments)
      : shared_(std::move(shared)), peer_(std::move(peer)), transport_(std::forward<Arguments>(arguments)...) {
    shared_->connections.fetch_add(1);
  }
  ~Session() override { shared_->connections.fetch_sub(1); }

  void start() {
    set_deadline(shared_->options.header_seconds);
    transport_.handshake([self = this->shared_from_this()](error_code error) {
      if (error) return self->close();
      self->read_more();
    });
  }

  void look_at_clock(SteadyTime now) override {
    if (phase_ == Phase::closed || now < deadline_) return;
    const bool half_sent = phase_ == Phase::body || (phase_ == Phase::head && !input_.empty());
    if (half_sent) return refuse({408, "The request did not arrive in time."});
    close();
  }

  void wind_down() override {
    framing_.keep_alive = false;
    if (phase_ == Phase::head && input_.empty()) close();
  }

  Executor executor() { return transport_.socket().get_executor(); }

  /// The answer of the request under way.
  void answer(Response response) {
    if (phase_ != Phase::handling) return;
    if (shared_->stopping) framing_.keep_alive = false;
    const std::size_t length = response.body.size();
    output_ = response_head(response, framing_, date_text(), length);
    if (!head_only_) output_body_ = std::move(response.body);
    write_answer();
  }

  void begin_stream(Response head) {
    if (phase_ != Phase::handling) return;
    phase_ = Phase::streaming;
    set_deadline(shared_->options.write_seconds);
    framing_.keep_alive = false;
    streamed_.push_back(response_head(head, framing_, date_text(), std::nullopt));
    write_stream();
  }

  void stream_chunk(std::string chunk) {
    if (phase_ != Phase::streaming) return;
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    streamed_.push_back(size + chunk + "\r\n");
    write_stream();
  }

  void end_stream() {
    if (phase_ != Phase::streaming) return;
    streamed_.push_back("0\r\n\r\n");
    stream_ended_ = true;
    write_stream();
  }

 private:
  enum class Phase { head, body, handling, writing, streaming, lingering, closed };
  class Target;
  class StreamHandle;

  void set_deadline(unsigned seconds) { deadline_ = std::chrono::steady_clock::now() + std::chrono::seconds(seconds); }

  void read_more() {
    transport_.read([self = this->shared_from_this()](error_code error, std::string_view bytes) {
      self->on_bytes(error, bytes);
    });
  }

  void on_bytes(error_code error, std::string_view bytes) {
    if (phase_ == Phase::closed) return;
    if (phase_ == Phase::lingering) {
      lingered_ += bytes.size();
      if (error || lingered_ > shared_->options.body_limit) return close();
      return read_more();
    }
    if (error) return close();
    if (phase_ == Phase::head && input_.empty()) set_deadline(shared_->options.header_seconds);
    input_.append(bytes);
    advance();
  }

  void advance() {
    if (phase_ == Phase::head) return take_head();
    if (phase_ == Phase::body) return take_body();
  }

  void take_head() {
    // Empty lines before a request are let pass (RFC 9112 section 2.2).
    while (searched_ == 0 && (input_.starts_with("\r\n") || input_.starts_with('\n'))) {
      input_.erase(0, input_[0] == '\r' ? 2 : 1);
    }
    const std::optional<std::size_t> end = head_end(input_, searched_);
    const std::size_t size = end.value_or(input_.size());
    if (size > shared_->options.header_limit) return refuse({431, "The request's header is over the limit."});
    if (!end) {
      searched_ = input_.size();
      return read_more();
    }
    request_ = Request{};
    framing_ = Framing{};
    if (auto refusal = parse_head(std::string_view(input_).substr(0, *end), request_, framing_)) {
      return refuse(std::move(*refusal));
    }
    if (shared_->stopping) framing_.keep_alive = false;
    input_.erase(0, *end);
    searched_ = 0;
    begin_body();
  }

  void begin_body() {
    head_only_ = request_.method == "HEAD";
    phase_ = Phase::body;
    set_deadline(shared_->options.body_seconds);
    if (framing_.length > shared_->options.body_limit) return refuse(body_too_large());
    if (framing_.body == Framing::Body::chunked) chunks_.emplace(shared_->options.body_limit);
    if (framing_.expects_continue && framing_.body != Framing::Body::none && input_.empty()) {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      transport_.write(asio::buffer(go_on), [self = this->shared_from_this()](error_code error, std::size_t) {
        if (error) return self->close();
        self->take_body();
      });
      return;
    }
    take_body();
  }

  Refusal body_too_large() const {
    return {413, "The body is over the limit of " + std::to_string(shared_->options.body_limit) + " bytes."};
  }

  void take_body() {
    if (phase_ != Phase::body) return;
    if (framing_.body == Framing::Body::chunked) return take_chunks();
    const std::size_t length = framing_.body == Framing::Body::length ? static_cast<std::size_t>(framing_.length) : 0;
    if (input_.size() < length) return read_more();
    if (input_.size() == length) {
      request_.body = std::exchange(input_, {});
    } else {
      request_.body = input_.substr(0, length);
      input_.erase(0, length);
    }
    hand_over();
  }

  void take_chunks() {
    std::string_view rest = input_;
    const ChunkReader::State state = chunks_->take(rest, request_.body);
    input_.erase(0, input_.size() - rest.size());
    switch (state) {
      case ChunkReader::State::more: return read_more();
      case ChunkReader::State::bad: return refuse({400, "The chunked body is malformed."});
      case ChunkReader::State::too_large: return refuse(body_too_large());
      case ChunkReader::State::done: return hand_over();
    }
  }

  void hand_over();

  void refuse(Refusal refusal) {
    phase_ = Phase::handling;
    framing_.keep_alive = false;
    answer({refusal.status, "application/json", "{\"detail\":" + base::json_quoted(refusal.detail) + "}", {}});
  }

  void write_answer() {
    phase_ = Phase::writing;
    set_deadline(shared_->options.write_seconds);
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(output_), asio::buffer(output_body_)};
    transport_.write(buffers, [self = this->shared_from_this()](error_code error, std::size_t) {
      self->on_written(error);
    });
  }

  void on_written(error_code error) {
    if (phase_ == Phase::closed) return;
    output_ = {};
    output_body_ = {};
    if (error) return close();
    if (!framing_.keep_alive) return linger();
    phase_ = Phase::head;
    request_ = Request{};
    chunks_.reset();
    if (input_.empty()) {
      input_ = {};
      set_deadline(shared_->options.idle_seconds);
      return read_more();
    }
    set_deadline(shared_->options.header_seconds);
    advance();
  }

  // A peer that still sends would get a reset instead of the answer if the socket were closed at once.
  void linger() {
    phase_ = Phase::lingering;
    set_deadline(2);
    transport_.say_goodbye([self = this->shared_from_this()] {
      if (self->phase_ != Phase::closed) self->read_more();
    });
  }

  void write_stream() {
    if (stream_writing_ || streamed_.empty()) return;
    stream_writing_ = true;
    set_deadline(shared_->options.write_seconds);
    transport_.write(asio::buffer(streamed_.front()), [self = this->shared_from_this()](error_code error, std::size_t) {
      self->stream_writing_ = false;
      if (self->phase_ != Phase::streaming) return;
      if (error) return self->close();
      self->streamed_.pop_front();
      if (self->streamed_.empty()) self->deadline_ = SteadyTime::max();
      if (self->streamed_.empty() && self->stream_ended_) return self->linger();
      self->write_stream();
    });
  }

  void close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    error_code ignored;
    transport_.socket().close(ignored);
  }

  std::shared_ptr<Shared> shared_;
  const std::string peer_;
  Transport transport_;
  Phase phase_ = Phase::head;
  SteadyTime deadline_{};
  std::string input_;
  std::size_t searched_ = 0;
  Request request_;
  Framing framing_;
  bool head_only_ = false;
  std::optional<ChunkReader> chunks_;
  std::string output_;
  std::string output_body_;
  std::deque<std::string> streamed_;
  bool stream_writing_ = false;
  bool stream_ended_ = false;
  std::size_t lingered_ = 0;
};

}  // namespace tocsin::wire
