// Inside the room: the door at which a connection's exceptions are caught.
#pragma once

#include <exception>

#include "base/log.hpp"
#include "wire/session.hpp"

namespace tocsin::wire {

/// How long a silent peer is waited for after the last answer.
constexpr unsigned linger_seconds = 2;

/// Does the work; what it throws (no memory, most likely) costs this connection only.
template <class Work>
void Session::guarded(Work work) {
  try {
    work();
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "a connection failed", {{"what", failure.what()}});
    close();
  }
}

}  // namespace tocsin::wire
