// Answering. Reading is in session.cpp.
#include <cstdio>
#include <utility>

#include "base/text.hpp"
#include "wire/session_guard.hpp"

namespace tocsin::wire {
namespace {

/// A peer that never stops sending is not listened to for longer than this after the last answer.
constexpr unsigned linger_seconds_at_most = 10;

/// The thread's buffer for heads: most answers leave at once, so that connections hold none.
std::string& scratch() {
  static thread_local std::string text;
  text.clear();
  return text;
}

}  // namespace

bool Session::refuse(const Refusal& refusal) {
  phase_ = Phase::handling;
  framing_.keep_alive = false;
  bodiless_ = request_.method == "HEAD";
  Response response{refusal.status, "application/json", "{\"detail\":" + base::json_quoted(refusal.detail) + "}", {}};
  if (refusal.status == 503) response.headers.emplace_back("Retry-After", "1");
  answer(std::move(response));
  return false;
}

bool Session::refuse_large_body() {
  return refuse({413, "The body is over the limit of " + std::to_string(options().body_limit) + " bytes."});
}

void Session::answer(Response response) {
  guarded([&] {
    if (phase_ != Phase::handling) return;
    if (home_.shared->stopping) framing_.keep_alive = false;
    phase_ = Phase::writing;
    set_deadline(options().write_seconds);
    std::string& head = scratch();
    append_response_head(head, response, framing_, {AnswerFraming::Body::length, response.body.size()});
    if (bodiless_ || !has_body(response.status)) response.body.clear();
    send(head, std::move(response.body));
    on_sent();
  });
}

void Session::begin_stream(const Response& head, std::shared_ptr<Flow> flow) {
  guarded([&] {
    flow_ = std::move(flow);
    if (phase_ != Phase::handling) {
      flow_->ended = true;
      return;
    }
    phase_ = Phase::streaming;
    framing_.keep_alive = false;
    set_deadline(options().write_seconds);
    std::string& text = scratch();
    const auto body = framing_.http_1_0 ? AnswerFraming::Body::until_close : AnswerFraming::Body::chunked;
    append_response_head(text, head, framing_, {body, 0});
    send(text, {});
    on_sent();
    if (phase_ != Phase::streaming) return;
    if (bodiless_ || home_.shared->stopping) return end_stream();
    read();
  });
}

void Session::stream_chunk(std::string_view chunk) {
  guarded([&] {
    if (flow_) flow_->posted -= chunk.size();
    if (phase_ != Phase::streaming || stream_ended_) return;
    if (unsent_.empty()) set_deadline(options().write_seconds);
    if (framing_.http_1_0) {
      send(chunk, {});
    } else {
      char size[20];
      const int digits = std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
      std::string& text = scratch();
      text.append(size, static_cast<std::size_t>(digits)).append(chunk).append("\r\n");
      send(text, {});
    }
    on_sent();
  });
}

void Session::end_stream() {
  guarded([&] {
    if (phase_ != Phase::streaming || stream_ended_) return;
    stream_ended_ = true;
    flow_->ended = true;
    if (!bodiless_ && !framing_.http_1_0) send("0\r\n\r\n", {});
    on_sent();
  });
}

// Sends what goes now and keeps the rest. Who calls it calls `on_sent` when the phase may end with it.
void Session::send(std::string_view head, std::string body) {
  if (!unsent_.empty()) {
    unsent_.append(head).append(body);
    return;
  }
  const Transport::Written written = transport_->write(head, body);
  if (written.peer == Peer::gone) return close();
  if (written.bytes == head.size() + body.size()) return;
  if (written.bytes >= head.size()) {
    unsent_ = std::move(body);
    unsent_from_ = written.bytes - head.size();
  } else {
    unsent_.assign(head.substr(written.bytes)).append(body);
    unsent_from_ = 0;
  }
  transport_->wait_writable(shared_from_this());
}

void Session::on_writable(Peer peer) {
  guarded([&] {
    if (phase_ == Phase::closed) return;
    if (peer == Peer::gone) return close();
    const Transport::Written written = transport_->write(std::string_view(unsent_).substr(unsent_from_), {});
    if (written.peer == Peer::gone) return close();
    unsent_from_ += written.bytes;
    // A reader that is slow but reads is given its time; the deadline of a body that still comes is another matter.
    if (written.bytes > 0 && phase_ != Phase::body) set_deadline(options().write_seconds);
    if (unsent_from_ < unsent_.size()) {
      // A stream whose reader never quite catches up would else keep all that it ever sent.
      if (unsent_from_ > stream_limit) unsent_.erase(0, std::exchange(unsent_from_, 0));
      transport_->wait_writable(shared_from_this());
    } else {
      unsent_ = {};
      unsent_from_ = 0;
    }
    on_sent();
  });
}

// After anything was sent or kept: goes on when nothing is left to send.
void Session::on_sent() {
  if (flow_) flow_->unsent = unsent_.size() - unsent_from_;
  if (!unsent_.empty()) return;
  if (phase_ == Phase::writing) return framing_.keep_alive ? await_request() : linger();
  if (phase_ != Phase::streaming) return;
  if (stream_ended_) return linger();
  deadline_ = never;
}

// A peer that still sends would get a reset instead of the answer if the socket were closed at once.
void Session::linger() {
  phase_ = Phase::lingering;
  input_ = {};
  rest_ = {};
  transport_->finish();
  set_deadline(linger_seconds);
  linger_end_ = home_.now + linger_seconds_at_most * ticks_per_second;
  read();
}

}  // namespace tocsin::wire
