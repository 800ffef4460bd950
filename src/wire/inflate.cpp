#include <zlib.h>

#include "base/text.hpp"
#include "wire/head.hpp"

namespace tocsin::wire {
namespace {

enum class Outcome { done, bad, too_large };

/// `window` as zlib wants it: 15 zlib, -15 raw, 31 gzip.
Outcome inflate_with(int window, std::string_view in, std::string& out, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) return Outcome::bad;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  char buffer[16 * 1024];
  int code = Z_OK;
  Outcome outcome = Outcome::bad;
  while (code == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - stream.avail_out);
    if (out.size() > limit) {
      outcome = Outcome::too_large;
      break;
    }
    if (code == Z_STREAM_END) outcome = Outcome::done;
    if (code == Z_BUF_ERROR) break;
  }
  inflateEnd(&stream);
  return outcome;
}

}  // namespace

std::optional<Refusal> decompress(std::string_view coding, std::string& body, std::size_t limit) {
  const std::string name = base::ascii_lower(base::trimmed(coding));
  if (name.empty() || name == "identity") return std::nullopt;
  const bool gzip = name == "gzip" || name == "x-gzip";
  if (!gzip && name != "deflate") {
    return Refusal{415, "Content-Encoding may be gzip or deflate, not " + name.substr(0, 40) + "."};
  }
  std::string plain;
  Outcome outcome = inflate_with(gzip ? 31 : 15, body, plain, limit);
  // Some clients send raw deflate without zlib's wrapper.
  if (outcome == Outcome::bad && !gzip) {
    plain.clear();
    outcome = inflate_with(-15, body, plain, limit);
  }
  if (outcome == Outcome::too_large) return Refusal{413, "The decompressed body is over the limit."};
  if (outcome == Outcome::bad) return Refusal{400, "The body is not valid " + name + " data."};
  body = std::move(plain);
  return std::nullopt;
}

}  // namespace tocsin::wire
