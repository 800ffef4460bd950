// Inside the room: where an answer goes, and how other threads reach the thread of a connection.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "wire/http.hpp"

namespace tocsin::wire {

class Session;

/// Hands work to an io thread for as long as that runs. Any thread. Outlives the thread and its server.
class Door {
 public:
  virtual ~Door() = default;
  /// Is this the io thread itself?
  virtual bool is_here() const = 0;
  /// False, and the work dropped, when the thread has ended.
  virtual bool post(std::function<void()> work) = 0;
};

/// How much of a stream is on its way: written by both sides.
struct Flow {
  std::atomic<std::size_t> posted{0};  ///< handed over, not yet seen by the io thread
  std::atomic<std::size_t> unsent{0};  ///< seen, not yet taken by the socket
  std::atomic<bool> ended{false};      ///< nothing will be sent any more
};

/// What waits for a slow reader of a stream at most.
constexpr std::size_t stream_limit = std::size_t{1} << 20;

/// Where the one answer to a request goes. It holds no connection alive: connections belong to their io thread.
struct Responder::Target {
  std::shared_ptr<Door> door;
  std::weak_ptr<Session> session;

  void answer(Response response);
  std::shared_ptr<Stream> open_stream(Response head);
};

}  // namespace tocsin::wire
