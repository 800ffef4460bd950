// Bytes as they come from a socket: the first says how they are cut, the rest is a head and what follows it. The head
// parser, the chunk reader and inflate must stay within their limits and not depend on how the bytes were cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/forwarded.hpp"
#include "wire/head.hpp"

namespace wire = tocsin::wire;

namespace {

constexpr std::size_t limit = 100'000;

void demand(bool condition) {
  if (!condition) std::abort();
}

struct Outcome {
  wire::ChunkReader::State state = wire::ChunkReader::State::more;
  std::string body;
  std::size_t left = 0;
};

Outcome unchunk(std::string_view bytes, std::size_t piece) {
  wire::ChunkReader reader(limit);
  Outcome outcome;
  while (!bytes.empty() && outcome.state == wire::ChunkReader::State::more) {
    std::string_view part = bytes.substr(0, piece);
    const std::size_t size = part.size();
    outcome.state = reader.take(part, outcome.body);
    bytes.remove_prefix(size - part.size());
  }
  outcome.left = bytes.size();
  return outcome;
}

void try_chunks(std::string_view bytes, std::size_t piece) {
  const Outcome whole = unchunk(bytes, bytes.size());
  const Outcome cut = unchunk(bytes, piece);
  demand(whole.state == cut.state);
  demand(whole.body.size() <= limit && cut.body.size() <= limit);
  if (whole.state == wire::ChunkReader::State::done) demand(whole.body == cut.body && whole.left == cut.left);
}

void try_inflate(std::string_view bytes) {
  for (const char* coding : {"gzip", "deflate"}) {
    std::string body(bytes);
    const auto refusal = wire::decompress(coding, body, limit);
    demand(refusal ? refusal->status == 400 || refusal->status == 413 : body.size() <= limit);
  }
}

void check_request(wire::Request& request, const wire::Framing& framing) {
  demand(request.path.starts_with('/') || request.path == "*");
  demand(framing.body == wire::Framing::Body::length || framing.length == 0);
  demand(request.target.size() <= wire::target_limit);
  // What came in as header values goes out as such, and begins no line of its own.
  wire::Response response;
  response.headers = request.headers;
  std::string head;
  wire::append_response_head(head, response, framing, {});
  std::size_t lines = 0;
  for (const char c : head) lines += c == '\n' ? 1 : 0;
  const bool option = !framing.keep_alive || framing.http_1_0;
  demand(lines == 4 + request.headers.size() + (option ? 1 : 0));
  request.peer = "127.0.0.1";
  std::string bad;
  static const auto proxies = wire::TrustedProxies::parse({"127.0.0.0/8"}, bad);
  wire::apply_forwarded(*proxies, request);
}

void try_head(std::string_view bytes, std::size_t piece) {
  const auto end = wire::head_end(bytes);
  // Found at the same place when it came piece by piece.
  std::size_t seen = 0;
  std::optional<std::size_t> found;
  while (!found && seen < bytes.size()) {
    const std::size_t before = seen;
    seen = std::min(bytes.size(), seen + piece);
    found = wire::head_end(bytes.substr(0, seen), before);
  }
  demand(found == end);
  if (bytes.empty()) return;
  wire::look_at_first_byte(bytes.front());
  wire::Request request;
  wire::Framing framing;
  const auto refusal = wire::parse_head(bytes.substr(0, end.value_or(bytes.size())), request, framing);
  if (refusal) {
    demand(refusal->status >= 400 && refusal->status < 600);
    return;
  }
  check_request(request, framing);
  const std::string_view rest = bytes.substr(end.value_or(bytes.size()));
  if (framing.body == wire::Framing::Body::chunked) {
    try_chunks(rest, piece);
  } else {
    try_inflate(rest);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = 1 + data[0] % 64;
  switch (data[0] / 64) {
    case 0: try_chunks(bytes, piece); break;
    case 1: try_inflate(bytes); break;
    default: try_head(bytes, piece); break;
  }
  return 0;
}
