// How an answer finds back to its connection: the second half of session.hpp.
#pragma once

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <exception>

#include "base/log.hpp"
#include "wire/session.hpp"

namespace tocsin::wire {

/// A stream of chunks into a connection. The bound counts what was written here and has not been sent.
template <class Transport>
class Session<Transport>::StreamHandle final : public Stream {
 public:
  explicit StreamHandle(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  ~StreamHandle() override { close(); }

  bool write(std::string chunk) override {
    const std::shared_ptr<Session> session = session_.lock();
    if (!session || chunk.empty()) return session != nullptr;
    if (waiting_->fetch_add(chunk.size()) + chunk.size() > stream_limit) return false;
    asio::post(session->executor(), [session, chunk = std::move(chunk), waiting = waiting_]() mutable {
      waiting->fetch_sub(chunk.size());
      session->stream_chunk(std::move(chunk));
    });
    return true;
  }

  void close() override {
    if (const std::shared_ptr<Session> session = session_.lock()) {
      asio::post(session->executor(), [session] { session->end_stream(); });
    }
    session_.reset();
  }

 private:
  std::weak_ptr<Session> session_;
  std::shared_ptr<std::atomic<std::size_t>> waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
};

template <class Transport>
class Session<Transport>::Target final : public Responder::Target {
 public:
  explicit Target(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  void answer(Response response) override {
    asio::dispatch(session_->executor(), [session = session_, response = std::move(response)]() mutable {
      session->answer(std::move(response));
    });
  }

  std::shared_ptr<Stream> open_stream(Response head) override {
    asio::dispatch(session_->executor(), [session = session_, head = std::move(head)]() mutable {
      session->begin_stream(std::move(head));
    });
    return std::make_shared<StreamHandle>(session_);
  }

 private:
  std::shared_ptr<Session> session_;
};

template <class Transport>
void Session<Transport>::hand_over() {
  const std::string_view coding = request_.header("content-encoding");
  if (!coding.empty()) {
    if (auto refusal = decompress(coding, request_.body, shared_->options.body_limit)) return refuse(std::move(*refusal));
  }
  phase_ = Phase::handling;
  deadline_ = SteadyTime::max();
  request_.peer = peer_;
  request_.secure = Transport::secure;
  request_.id = shared_->requests.fetch_add(1) + 1;
  apply_forwarded(shared_->proxies, request_);
  try {
    // An exception drops the responder, and that answers 500.
    shared_->handler(std::move(request_), Responder(std::make_shared<Target>(this->shared_from_this())));
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "a handler threw", {{"what", failure.what()}});
  }
}

}  // namespace tocsin::wire
