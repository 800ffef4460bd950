// The HTTP room by itself: an endpoint that answers "Ok." on the io thread, or from another thread as the product's
// handlers do. For measuring the room against bare_server, and its memory.
//
// Usage: wire_server PORT [THREADS [io|thread]] [CERTIFICATE KEY]
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <utility>

#include "base/queue.hpp"
#include "wire/http.hpp"

namespace wire = tocsin::wire;

namespace {

wire::Response ok() {
  return {200, "application/json", "\"Ok.\"", {}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "Usage: wire_server PORT [THREADS [io|thread]] [CERTIFICATE KEY]\n");
    return 2;
  }
  wire::ServerOptions options;
  options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  if (argc > 2) options.threads = static_cast<unsigned>(std::atoi(argv[2]));
  if (argc > 5) options.tls = wire::TlsFiles{argv[4], argv[5]};
  const bool elsewhere = argc > 3 && std::string_view(argv[3]) == "thread";

  tocsin::base::BoundedQueue<wire::Responder> waiting(100'000);
  const wire::Handler handler = [&](const wire::Request&, wire::Responder responder) {
    if (elsewhere) {
      waiting.try_push(std::move(responder));
    } else {
      std::move(responder).send(ok());
    }
  };
  auto server = wire::Server::start(options, handler);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("%u\n", (*server)->port());
  std::fflush(stdout);
  while (true) {
    for (wire::Responder& responder : waiting.pop_all(1000)) std::move(responder).send(ok());
  }
}
