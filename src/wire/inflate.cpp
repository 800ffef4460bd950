#include <zlib.h>

#include <algorithm>

#include "base/text.hpp"
#include "wire/head.hpp"

namespace tocsin::wire {
namespace {

enum class Outcome { done, bad, too_large };

/// Undoes one coding. `window` as zlib wants it: 15 zlib, -15 raw, 31 gzip.
class Inflater {
 public:
  explicit Inflater(int window) { ready_ = inflateInit2(&stream_, window) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Everything, of as many members as there are.
  Outcome inflate_all(std::string_view in, std::string& out, std::size_t limit) {
    if (!ready_) return Outcome::bad;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    while (true) {
      const Outcome outcome = inflate_member(out, limit);
      if (outcome != Outcome::done || stream_.avail_in == 0) return outcome;
      if (inflateReset(&stream_) != Z_OK) return Outcome::bad;
    }
  }

 private:
  Outcome inflate_member(std::string& out, std::size_t limit) {
    static thread_local char buffer[32 * 1024];
    while (true) {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer);
      stream_.avail_out = sizeof buffer;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t size = sizeof buffer - stream_.avail_out;
      if (size > limit - out.size()) return Outcome::too_large;
      out.append(buffer, size);
      if (code == Z_STREAM_END) return Outcome::done;
      if (code != Z_OK) return Outcome::bad;  // Z_BUF_ERROR: the data ends too early
    }
  }

  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

std::optional<Refusal> decompress(std::string_view coding, std::string& body, std::size_t limit) {
  const std::string name = base::ascii_lower(base::trimmed(coding));
  if (name.empty() || name == "identity") return std::nullopt;
  const bool gzip = name == "gzip" || name == "x-gzip";
  if (!gzip && name != "deflate") {
    return Refusal{415, "Content-Encoding may be gzip or deflate, not " + name.substr(0, 40) + "."};
  }
  std::string plain;
  Outcome outcome = Inflater(gzip ? 31 : 15).inflate_all(body, plain, limit);
  // Some clients send raw deflate without zlib's wrapper.
  if (outcome == Outcome::bad && !gzip) {
    plain.clear();
    outcome = Inflater(-15).inflate_all(body, plain, limit);
  }
  if (outcome == Outcome::too_large) return Refusal{413, "The decompressed body is over the limit."};
  if (outcome == Outcome::bad) return Refusal{400, "The body is not valid " + name + " data."};
  body = std::move(plain);
  return std::nullopt;
}

std::optional<Refusal> undo_coding(Request& request, std::size_t limit) {
  const auto is_coding = [](const auto& field) { return field.first == "content-encoding"; };
  const auto coding = std::find_if(request.headers.begin(), request.headers.end(), is_coding);
  if (coding == request.headers.end() || request.body.empty()) return std::nullopt;
  if (std::find_if(coding + 1, request.headers.end(), is_coding) != request.headers.end()) {
    return Refusal{415, "Content-Encoding is given twice; one of gzip and deflate is understood."};
  }
  if (auto refusal = decompress(coding->second, request.body, limit)) return refusal;
  request.headers.erase(coding);
  return std::nullopt;
}

}  // namespace tocsin::wire
