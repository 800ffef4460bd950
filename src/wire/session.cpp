// Reading. Answering is in session_answer.cpp.
#include "wire/session.hpp"

#include <algorithm>
#include <exception>

#include "base/log.hpp"
#include "wire/session_guard.hpp"

namespace tocsin::wire {

void Session::begin(Home& home, std::unique_ptr<Transport> transport, std::string peer, Welcome welcome) {
  const auto session = std::make_shared<Session>(home, std::move(transport), std::move(peer), welcome);
  session->place_ = home.sessions.insert(home.sessions.end(), session);
  home.shared->connections.fetch_add(1);
  session->guarded([&] {
    session->set_deadline(session->options().header_seconds);
    session->transport_->open(session);
  });
}

Session::Session(Home& home, std::unique_ptr<Transport> transport, std::string peer, Welcome welcome)
    : home_(home), transport_(std::move(transport)), peer_(std::move(peer)), welcome_(welcome) {}

void Session::on_open(Opened opened) {
  guarded([&] {
    if (phase_ == Phase::closed) return;
    if (opened == Opened::failed) return close();
    phase_ = Phase::head;
    if (opened == Opened::plain_text) {
      refuse({400, "Plain HTTP came in, but HTTPS is spoken here: use https:// instead of http://."});
    } else if (welcome_ == Welcome::refuse) {
      refuse({503, "The server has too many connections."});
    } else {
      read();
    }
  });
}

void Session::look_at_clock() {
  guarded([&] {
    if (home_.now < deadline_) return;
    const bool half_sent = phase_ == Phase::body || (phase_ == Phase::head && begun_);
    if (!half_sent) return close();
    refuse({408, phase_ == Phase::body ? "The request's body did not arrive in time."
                                       : "The request's header did not arrive in time."});
  });
}

void Session::wind_down() {
  guarded([&] {
    framing_.keep_alive = false;
    if (phase_ == Phase::opening || (phase_ == Phase::head && !begun_)) return close();
    end_stream();
  });
}

void Session::close() {
  if (phase_ == Phase::closed) return;
  const bool cut_short = phase_ == Phase::streaming || !unsent_.empty();
  phase_ = Phase::closed;
  if (flow_) flow_->ended = true;
  cut_short ? transport_->reset() : transport_->close();
  const std::shared_ptr<Session> self = shared_from_this();
  home_.sessions.erase(place_);
  Shared& shared = *home_.shared;
  if (shared.connections.fetch_sub(1) == 1 && shared.stopping) {
    const std::lock_guard lock(shared.mutex);
    shared.emptied.notify_all();
  }
}

void Session::read() {
  if (reading_) return;
  reading_ = true;
  transport_->read(shared_from_this());
}

void Session::on_read(std::string_view bytes, Peer peer) {
  reading_ = false;
  guarded([&] {
    switch (phase_) {
      case Phase::head:
      case Phase::body:
        if (peer == Peer::gone) return close();
        if (!input_.empty()) input_.append(bytes);
        rest_ = input_.empty() ? bytes : std::string_view(input_);
        return run();
      case Phase::streaming:  // nothing is expected here but the end
        return peer == Peer::gone ? close() : read();
      case Phase::lingering:
        if (peer == Peer::gone || home_.now >= linger_end_) return close();
        set_deadline(linger_seconds);
        return read();
      case Phase::opening:
      case Phase::handling:
      case Phase::writing:
      case Phase::closed: return;
    }
  });
}

// Takes one request after another for as long as they are answered at once. Nothing of this calls itself, however
// many requests stand in the buffer.
void Session::run() {
  if (running_) return;
  running_ = true;
  if (rest_.empty()) rest_ = input_;
  while ((phase_ == Phase::head && take_head()) || (phase_ == Phase::body && take_body())) {
  }
  running_ = false;
  if (phase_ == Phase::closed) return;
  keep_rest();
  if (phase_ == Phase::head || phase_ == Phase::body) read();
}

// An idle connection keeps no buffer.
void Session::keep_rest() {
  if (rest_.empty()) {
    input_ = {};
  } else if (input_.empty()) {
    input_.assign(rest_);
  } else {
    input_.erase(0, input_.size() - rest_.size());
  }
  rest_ = {};
}

bool Session::take_head() {
  // Empty lines before a request are let pass (RFC 9112 section 2.2).
  while (searched_ == 0 && (rest_.starts_with("\r\n") || rest_.starts_with('\n'))) {
    rest_.remove_prefix(rest_[0] == '\r' ? 2 : 1);
  }
  if (rest_.empty() || (searched_ == 0 && rest_ == "\r")) return false;
  if (!begun_) {
    begun_ = true;
    set_deadline(options().header_seconds);
  }
  if (searched_ == 0) {
    if (auto refusal = look_at_first_byte(rest_[0])) return refuse(*refusal);
  }
  const std::optional<std::size_t> end = head_end(rest_, searched_);
  const std::size_t size = end.value_or(rest_.size());
  if (size > target_limit && rest_.substr(0, target_limit + 64).find('\n') == std::string_view::npos) {
    return refuse({414, "The request target is too long."});
  }
  if (size > options().header_limit) {
    return refuse(
        {431, "The request's header is over the limit of " + std::to_string(options().header_limit) + " bytes."});
  }
  if (!end) {
    searched_ = rest_.size();
    return false;
  }
  searched_ = 0;
  if (auto refusal = parse_head(rest_.substr(0, *end), request_, framing_)) return refuse(*refusal);
  rest_.remove_prefix(*end);
  return begin_body();
}

bool Session::begin_body() {
  if (framing_.body == Framing::Body::none) return hand_over();
  if (framing_.length > options().body_limit) return refuse_large_body();
  phase_ = Phase::body;
  set_deadline(options().body_seconds);
  if (framing_.body == Framing::Body::chunked) chunks_.emplace(options().body_limit);
  if (framing_.expects_continue && rest_.empty()) send("HTTP/1.1 100 Continue\r\n\r\n", {});
  return true;
}

bool Session::take_body() {
  return chunks_ ? take_chunks() : take_length();
}

bool Session::take_length() {
  const std::size_t missing = static_cast<std::size_t>(framing_.length) - request_.body.size();
  const std::string_view piece = rest_.substr(0, missing);
  // A length that is only promised gets no memory yet.
  if (request_.body.empty()) request_.body.reserve(std::min<std::size_t>(framing_.length, 2 * piece.size()));
  request_.body.append(piece);
  rest_.remove_prefix(piece.size());
  return piece.size() == missing && hand_over();
}

bool Session::take_chunks() {
  switch (chunks_->take(rest_, request_.body)) {
    case ChunkReader::State::more: return false;
    case ChunkReader::State::bad: return refuse({400, "The chunked body is malformed."});
    case ChunkReader::State::too_large: return refuse_large_body();
    case ChunkReader::State::done: return hand_over();
  }
  return false;
}

bool Session::hand_over() {
  if (auto refusal = undo_coding(request_, options().body_limit)) return refuse(*refusal);
  Shared& shared = *home_.shared;
  phase_ = Phase::handling;
  deadline_ = never;
  bodiless_ = request_.method == "HEAD";
  request_.peer = peer_;
  request_.secure = transport_->is_secure();
  request_.id = shared.requests.fetch_add(1) + 1;
  apply_forwarded(shared.proxies, request_);
  auto target = std::make_shared<Responder::Target>();
  target->door = home_.door;
  target->session = weak_from_this();
  try {
    // An exception drops the responder, and that answers 500.
    shared.handler(std::move(request_), Responder(std::move(target)));
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "a request handler threw", {{"what", failure.what()}});
  } catch (...) {
    base::log(base::LogLevel::error, "a request handler threw", {{"what", "something unknown"}});
  }
  return true;
}

void Session::await_request() {
  phase_ = Phase::head;
  begun_ = false;
  request_ = Request{};
  framing_ = Framing{};
  chunks_.reset();
  set_deadline(options().idle_seconds);
  run();
}

}  // namespace tocsin::wire
