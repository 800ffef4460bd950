#include "wire/head.hpp"

#include <charconv>

#include "base/text.hpp"

namespace tocsin::wire {
namespace {

constexpr std::size_t target_limit = 16 * 1024;
constexpr std::size_t header_count_limit = 200;
constexpr std::size_t trailer_limit = 8 * 1024;

bool is_token(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) return false;
  }
  return true;
}

bool has_control(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7F) return true;
  }
  return false;
}

std::string_view take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Refusal bad(std::string detail) { return {400, std::move(detail)}; }

std::optional<Refusal> parse_request_line(std::string_view line, Request& request, Framing& framing) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return bad("The first line of the request is not `METHOD TARGET VERSION`.");
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method) || method.size() > 32) return bad("The request method is malformed.");
  if (!version.starts_with("HTTP/") || version.size() != 8) return bad("The HTTP version is malformed.");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  if (target.size() > target_limit) return Refusal{414, "The request target is too long."};
  for (const char c : target) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) return bad("The request target holds a space or a control character.");
  }
  framing.http_1_0 = version == "HTTP/1.0";
  framing.keep_alive = !framing.http_1_0;
  request.method = method;
  request.target = target;
  return std::nullopt;
}

// Absolute form (from a proxy) is cut down to the path; other forms than path and `*` are refused.
std::optional<Refusal> split_target(Request& request) {
  std::string_view target = request.target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!base::same_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    break;
  }
  if (!target.starts_with('/') && target != "*") return bad("The request target does not begin with a slash.");
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  request.query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  return std::nullopt;
}

std::optional<Refusal> parse_fields(std::string_view rest, Request& request) {
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') return bad("A header line is folded; that is obsolete and refused.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return bad("A header line has no colon.");
    const std::string_view name = line.substr(0, colon);
    if (!is_token(name)) return bad("A header name is malformed.");
    const std::string_view value = base::trimmed(line.substr(colon + 1));
    if (has_control(value)) return bad("The header " + std::string(name) + " holds a control character.");
    request.headers.emplace_back(base::ascii_lower(name), std::string(value));
    if (request.headers.size() > header_count_limit) return Refusal{431, "The request has more than 200 headers."};
  }
  return std::nullopt;
}

std::optional<Refusal> read_length(std::string_view text, Framing& framing, bool& seen) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return bad("Content-Length is not a number.");
  }
  if (seen && length != framing.length) return bad("Content-Length is given twice, with different values.");
  seen = true;
  framing.length = length;
  return std::nullopt;
}

std::optional<Refusal> frame(const Request& request, Framing& framing) {
  bool has_length = false;
  bool has_host = false;
  bool chunked = false;
  for (const auto& [name, value] : request.headers) {
    if (name == "content-length") {
      if (auto refusal = read_length(value, framing, has_length)) return refusal;
    } else if (name == "transfer-encoding") {
      if (chunked) return bad("Transfer-Encoding is given twice.");
      if (!base::same_ignoring_case(value, "chunked")) return Refusal{501, "Only the transfer coding `chunked` is understood."};
      chunked = true;
    } else if (name == "connection") {
      const std::string options = base::ascii_lower(value);
      if (options.find("close") != std::string::npos) framing.keep_alive = false;
      if (framing.http_1_0 && options.find("keep-alive") != std::string::npos) framing.keep_alive = true;
    } else if (name == "host") {
      if (has_host) return bad("The Host header is given twice.");
      has_host = true;
    } else if (name == "expect") {
      if (!base::same_ignoring_case(value, "100-continue")) return Refusal{417, "Only `Expect: 100-continue` is understood."};
      framing.expects_continue = !framing.http_1_0;
    }
  }
  if (!has_host && !framing.http_1_0) return bad("The Host header is missing.");
  // Both together are how requests are smuggled past a proxy (RFC 9112 section 6.1).
  if (chunked && has_length) return bad("Content-Length and Transfer-Encoding are both given.");
  if (chunked && framing.http_1_0) return bad("Transfer-Encoding is not part of HTTP/1.0.");
  if (chunked) framing.body = Framing::Body::chunked;
  if (has_length && framing.length > 0) framing.body = Framing::Body::length;
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> head_end(std::string_view bytes, std::size_t searched_before) {
  std::size_t at = searched_before > 3 ? searched_before - 3 : 0;
  while ((at = bytes.find('\n', at)) != std::string_view::npos) {
    const std::string_view after = bytes.substr(at + 1);
    if (after.starts_with('\n')) return at + 2;
    if (after.starts_with("\r\n")) return at + 3;
    ++at;
  }
  return std::nullopt;
}

std::optional<Refusal> parse_head(std::string_view head, Request& request, Framing& framing) {
  if (auto refusal = parse_request_line(take_line(head), request, framing)) return refusal;
  if (auto refusal = split_target(request)) return refusal;
  if (auto refusal = parse_fields(head, request)) return refusal;
  return frame(request, framing);
}

ChunkReader::State ChunkReader::take(std::string_view& input, std::string& body) {
  while (!input.empty()) {
    if (part_ != Part::data) {
      const State state = take_line(input, body);
      if (state != State::more) return state;
      continue;
    }
    const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    body.append(input.substr(0, taken));
    input.remove_prefix(taken);
    left_ -= taken;
    if (left_ == 0) part_ = Part::data_end;
  }
  return State::more;
}

ChunkReader::State ChunkReader::take_line(std::string_view& input, std::string& body) {
  const std::size_t end = input.find('\n');
  line_.append(input.substr(0, end));
  input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  if (line_.size() > 4096) return State::bad;
  if (end == std::string_view::npos) return State::more;
  if (line_.ends_with('\r')) line_.pop_back();
  const std::string line = std::exchange(line_, {});
  if (part_ == Part::data_end) {
    part_ = Part::size;
    return line.empty() ? State::more : State::bad;
  }
  if (part_ == Part::trailer) {
    trailer_bytes_ += line.size();
    if (trailer_bytes_ > trailer_limit) return State::bad;
    return line.empty() ? State::done : State::more;
  }
  const std::string_view size = base::trimmed(std::string_view(line).substr(0, line.find(';')));
  const auto [stop, error] = std::from_chars(size.data(), size.data() + size.size(), left_, 16);
  if (size.empty() || error != std::errc() || stop != size.data() + size.size()) return State::bad;
  if (left_ > limit_ || body.size() + left_ > limit_) return State::too_large;
  part_ = left_ == 0 ? Part::trailer : Part::data;
  return State::more;
}

std::string response_head(const Response& response, const Framing& framing, std::string_view date,
                          std::optional<std::size_t> length) {
  std::string head;
  head.reserve(256);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason(response.status));
  head.append("\r\nDate: ").append(date).append("\r\n");
  if (!response.content_type.empty()) head.append("Content-Type: ").append(response.content_type).append("\r\n");
  for (const auto& [name, value] : response.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (length) {
    if (response.status != 204) head.append("Content-Length: ").append(std::to_string(*length)).append("\r\n");
  } else {
    head.append("Transfer-Encoding: chunked\r\n");
  }
  if (!framing.keep_alive) {
    head.append("Connection: close\r\n");
  } else if (framing.http_1_0) {
    head.append("Connection: keep-alive\r\n");
  }
  return head.append("\r\n");
}

}  // namespace tocsin::wire
