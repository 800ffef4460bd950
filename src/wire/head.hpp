// The head of an HTTP/1.1 message: parsed by hand from bytes, so that every limit and mistake has its own answer
// (RFC 9112 sections 2 to 7). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/http.hpp"

namespace tocsin::wire {

/// Why a request is refused before anybody sees it.
struct Refusal {
  int status = 400;
  std::string detail;
};

/// What the head says about the body and the connection.
struct Framing {
  enum class Body { none, length, chunked } body = Body::none;
  std::uint64_t length = 0;
  bool keep_alive = true;
  bool expects_continue = false;
  bool http_1_0 = false;
};

/// Where the head ends (after its empty line) in these bytes; nothing when it is not whole yet. Bare LF is taken.
std::optional<std::size_t> head_end(std::string_view bytes, std::size_t searched_before = 0);

/// Reads a whole head. On success fills `request` (method, target, path, query, headers) and `framing`.
std::optional<Refusal> parse_head(std::string_view head, Request& request, Framing& framing);

/// Undoes `Transfer-Encoding: chunked` piece by piece.
class ChunkReader {
 public:
  enum class State { more, done, bad, too_large };
  explicit ChunkReader(std::size_t limit) : limit_(limit) {}
  /// Takes bytes from the front of `input`, appends content to `body`.
  State take(std::string_view& input, std::string& body);

 private:
  enum class Part { size, data, data_end, trailer };
  State take_line(std::string_view& input, std::string& body);

  std::size_t limit_;
  Part part_ = Part::size;
  std::uint64_t left_ = 0;
  std::string line_;
  std::size_t trailer_bytes_ = 0;
};

/// Undoes `Content-Encoding: gzip` or `deflate` (zlib or raw), within a limit.
std::optional<Refusal> decompress(std::string_view coding, std::string& body, std::size_t limit);

/// Status line and header fields, up to and with the empty line.
std::string response_head(const Response& response, const Framing& framing, std::string_view date,
                          std::optional<std::size_t> length);

}  // namespace tocsin::wire
