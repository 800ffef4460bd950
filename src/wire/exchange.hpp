// Inside the room: where an answer goes. One target a request; thread-safe.
#pragma once

#include "wire/http.hpp"

namespace tocsin::wire {

struct Responder::Target {
  virtual ~Target() = default;
  virtual void answer(Response response) = 0;
  virtual std::shared_ptr<Stream> open_stream(Response head) = 0;
};

}  // namespace tocsin::wire
