// One connection without a socket: the input is a script of what a peer and the world may do, in any order: bytes come,
// the peer takes what was written, time passes, answers come from elsewhere, the server stops, the peer goes. The
// connection must answer in order, once a request, and be gone in the end.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/session.hpp"

namespace wire = tocsin::wire;

namespace {

void demand(bool condition) {
  if (!condition) std::abort();
}

/// The far end of a FakeTransport; outlives it.
struct Peer {
  std::string received;
  std::size_t room = 0;  ///< so much goes without waiting
  wire::Transport::Listener reader;
  wire::Transport::Listener writer;
  bool closed = false;
};

class FakeTransport final : public wire::Transport {
 public:
  explicit FakeTransport(Peer& peer) : peer_(peer) {}
  bool is_secure() const override { return false; }
  void open(Listener listener) override { listener->on_open(wire::Opened::ready); }
  void read(Listener listener) override {
    demand(peer_.reader == nullptr && !peer_.closed);
    peer_.reader = std::move(listener);
  }
  Written write(std::string_view first, std::string_view second) override {
    demand(!finished_ && !peer_.closed);
    const std::string all = std::string(first).append(second);
    const std::size_t size = std::min(peer_.room, all.size());
    peer_.room -= size;
    peer_.received.append(all, 0, size);
    return {size, wire::Peer::there};
  }
  void wait_writable(Listener listener) override {
    demand(peer_.writer == nullptr && !peer_.closed);
    peer_.writer = std::move(listener);
  }
  void finish() override { finished_ = true; }
  void close() override { peer_.closed = true; }
  void reset() override { peer_.closed = true; }

 private:
  Peer& peer_;
  bool finished_ = false;
};

/// Here is always the io thread, unless an answer is told to come from elsewhere.
class FakeDoor final : public wire::Door {
 public:
  bool is_here() const override { return here; }
  bool post(std::function<void()> work) override {
    waiting.push_back(std::move(work));
    return true;
  }
  void work_off() {
    while (!waiting.empty()) {
      const auto work = std::move(waiting.front());
      waiting.pop_front();
      work();
    }
  }
  bool here = true;
  std::deque<std::function<void()>> waiting;
};

/// The world around one connection.
class World {
 public:
  explicit World(std::uint8_t kind) {
    home_.shared = std::make_shared<wire::Shared>();
    home_.shared->options.header_limit = 2000;
    home_.shared->options.body_limit = 500;
    home_.shared->handler = [this](const wire::Request& request, wire::Responder responder) {
      demand(request.body.size() <= 500);
      ++requests_;
      if (request.path == "/later") {
        later_.push_back(std::move(responder));
      } else if (request.path == "/stream") {
        stream_ = std::move(responder).stream({});
      } else if (request.path != "/drop") {
        std::move(responder).send({});
      }
    };
    home_.door = door_;
    peer_.room = (kind & 1) != 0 ? 1'000'000 : 10;
    wire::Session::begin(home_, std::make_unique<FakeTransport>(peer_), "192.0.2.1", wire::Welcome::serve);
  }

  void act(std::uint8_t what, std::string_view bytes) {
    switch (what % 10) {
      case 0: take_all(); break;
      case 1: answer_later(); break;
      case 2: door_->work_off(); break;
      case 3: pass_time(bytes.size()); break;
      case 4: stop(); break;
      case 5:
        if (stream_) stream_->write(std::string(bytes));
        break;
      case 6: stream_.reset(); break;
      case 7: tell_reader({}, bytes.empty() ? wire::Peer::gone : wire::Peer::there); break;
      default:
        if (!bytes.empty()) tell_reader(bytes, wire::Peer::there);
        break;
    }
  }

  void end() {
    stream_.reset();
    take_all();
    answer_later();
    door_->work_off();
    take_all();
    check_answers();
    for (const auto& session : std::vector(home_.sessions.begin(), home_.sessions.end())) session->close();
    demand(home_.sessions.empty() && home_.shared->connections == 0);
    peer_.reader.reset();
    peer_.writer.reset();
  }

 private:
  void tell_reader(std::string_view bytes, wire::Peer peer) {
    // An empty read that is no end does not happen.
    if (bytes.empty() && peer == wire::Peer::there) return;
    if (const auto reader = std::exchange(peer_.reader, nullptr)) {
      reader->on_read(bytes, peer_.closed ? wire::Peer::gone : peer);
    }
  }
  void take_all() {
    peer_.room = 1'000'000;
    while (const auto writer = std::exchange(peer_.writer, nullptr)) {
      writer->on_writable(peer_.closed ? wire::Peer::gone : wire::Peer::there);
    }
  }
  void answer_later() {
    door_->here = false;
    for (wire::Responder& responder : std::exchange(later_, {})) std::move(responder).send({});
    door_->here = true;
  }
  void pass_time(std::size_t seconds) {
    home_.now += static_cast<wire::Ticks>(seconds * wire::ticks_per_second);
    for (const auto& session : std::vector(home_.sessions.begin(), home_.sessions.end())) session->look_at_clock();
  }
  void stop() {
    home_.shared->stopping = true;
    for (const auto& session : std::vector(home_.sessions.begin(), home_.sessions.end())) session->wind_down();
  }

  /// One answer after another, never more than there were requests; a refusal is the last.
  void check_answers() const {
    std::string_view bytes = peer_.received;
    std::size_t answers = 0;
    while (!bytes.empty()) {
      demand(bytes.substr(0, 9) == std::string_view("HTTP/1.1 ").substr(0, bytes.size()));
      const std::size_t end = bytes.find("\r\n\r\n");
      if (end == std::string_view::npos || bytes[9] == '4' || bytes[9] == '5') break;
      if (bytes[9] == '2') ++answers;
      if (bytes.substr(0, end).find("Transfer-Encoding") != std::string_view::npos) break;
      if (bytes.substr(0, end).find("Connection: close") != std::string_view::npos) {
        // An HTTP/1.0 stream follows, or nothing.
        break;
      }
      bytes.remove_prefix(end + 4);
    }
    demand(answers <= requests_);
  }

  Peer peer_;
  std::shared_ptr<FakeDoor> door_ = std::make_shared<FakeDoor>();
  wire::Home home_;
  std::vector<wire::Responder> later_;
  std::shared_ptr<wire::Stream> stream_;
  std::size_t requests_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  World world(data[0]);
  std::size_t at = 1;
  while (at + 2 <= size) {
    const std::uint8_t what = data[at];
    const std::size_t length = std::min<std::size_t>(data[at + 1], size - at - 2);
    world.act(what, {reinterpret_cast<const char*>(data) + at + 2, length});
    at += 2 + length;
  }
  world.end();
  return 0;
}
