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

/// The longest request target; a longer one gets 414.
constexpr std::size_t target_limit = 16 * 1024;

/// What the very first byte gives away: another protocol than HTTP is refused without waiting for more.
std::optional<Refusal> look_at_first_byte(char byte);

/// Where the head ends (after its empty line) in these bytes; nothing when it is not whole yet. Bare LF is taken.
/// `searched_before` bytes from the front were without it the last time.
std::optional<std::size_t> head_end(std::string_view bytes, std::size_t searched_before = 0);

/// Reads a whole head. On success fills `request` (method, target, path, query, headers, host) and `framing`.
std::optional<Refusal> parse_head(std::string_view head, Request& request, Framing& framing);

/// Undoes `Transfer-Encoding: chunked` piece by piece. Strict: lines end in CRLF.
class ChunkReader {
 public:
  enum class State { more, done, bad, too_large };
  /// `limit` is for the content.
  explicit ChunkReader(std::size_t limit) : limit_(limit) {}
  /// Takes bytes from the front of `input`, appends content to `body`.
  State take(std::string_view& input, std::string& body);

 private:
  enum class Part { size, data, data_end, trailer };
  State take_line(std::string_view& input, const std::string& body);
  State begin_chunk(std::string_view line, const std::string& body);

  std::size_t limit_;
  Part part_ = Part::size;
  std::uint64_t left_ = 0;
  std::string line_;
  std::size_t trailer_bytes_ = 0;
};

/// Undoes `Content-Encoding: gzip` (also of several members) or `deflate` (zlib or raw), within a limit.
std::optional<Refusal> decompress(std::string_view coding, std::string& body, std::size_t limit);

/// The same for a request with its Content-Encoding, which is then taken away.
std::optional<Refusal> undo_coding(Request& request, std::size_t limit);

/// How the answer's body is framed: by this length, in chunks, or (HTTP/1.0 streams) by the end of the connection.
struct AnswerFraming {
  enum class Body { length, chunked, until_close } body = Body::length;
  std::size_t length = 0;
};

/// Appends status line and header fields, up to and with the empty line. Line ends in values become spaces.
void append_response_head(std::string& out, const Response& response, const Framing& request, AnswerFraming answer);

/// The `Date` header's text now, made once a second and thread (RFC 9110 section 5.6.7).
std::string_view date_text();

/// May an answer of this status have a body?
constexpr bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace tocsin::wire
