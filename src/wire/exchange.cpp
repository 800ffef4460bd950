#include "wire/exchange.hpp"

#include <utility>

#include "wire/session.hpp"

namespace tocsin::wire {
namespace {

/// A stream into a connection.
class SessionStream final : public Stream {
 public:
  SessionStream(std::shared_ptr<Door> door, std::weak_ptr<Session> session, std::shared_ptr<Flow> flow)
      : door_(std::move(door)), session_(std::move(session)), flow_(std::move(flow)) {}
  ~SessionStream() override { close(); }

  bool write(std::string chunk) override {
    if (flow_->ended) return false;
    if (chunk.empty()) return true;
    const std::size_t size = chunk.size();
    if (flow_->posted.fetch_add(size) + size + flow_->unsent > stream_limit) {
      give_up();
      return false;
    }
    return door_->post([session = session_, chunk = std::move(chunk)] {
      if (const std::shared_ptr<Session> there = session.lock()) there->stream_chunk(chunk);
    });
  }

  void close() override {
    if (closed_.exchange(true)) return;
    door_->post([session = session_] {
      if (const std::shared_ptr<Session> there = session.lock()) there->end_stream();
    });
  }

 private:
  // A gap in the events would go unnoticed by the reader; a closed connection does not.
  void give_up() {
    flow_->ended = true;
    door_->post([session = session_] {
      if (const std::shared_ptr<Session> there = session.lock()) there->close();
    });
  }

  const std::shared_ptr<Door> door_;
  const std::weak_ptr<Session> session_;
  const std::shared_ptr<Flow> flow_;
  std::atomic<bool> closed_{false};
};

}  // namespace

void Responder::Target::answer(Response response) {
  if (door->is_here()) {
    if (const std::shared_ptr<Session> there = session.lock()) there->answer(std::move(response));
    return;
  }
  auto shared = std::make_shared<Response>(std::move(response));
  door->post([session = session, shared = std::move(shared)] {
    if (const std::shared_ptr<Session> there = session.lock()) there->answer(std::move(*shared));
  });
}

std::shared_ptr<Stream> Responder::Target::open_stream(Response head) {
  auto flow = std::make_shared<Flow>();
  const bool reachable = door->post([session = session, head = std::move(head), flow] {
    if (const std::shared_ptr<Session> there = session.lock()) {
      there->begin_stream(head, flow);
    } else {
      flow->ended = true;
    }
  });
  if (!reachable) flow->ended = true;
  return std::make_shared<SessionStream>(door, session, std::move(flow));
}

}  // namespace tocsin::wire
