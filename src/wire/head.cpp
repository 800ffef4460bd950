#include "wire/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace tocsin::wire {
namespace {

constexpr std::size_t header_count_limit = 200;

constexpr std::array<bool, 256> token_characters = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = table[static_cast<std::size_t>(c - 32)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_token_character(char c) {
  return token_characters[static_cast<unsigned char>(c)];
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
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

Refusal bad(std::string detail) {
  return {400, std::move(detail)};
}

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
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  if (target.size() > target_limit) return Refusal{414, "The request target is too long."};
  for (const char c : target) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F)
      return bad("The request target holds a space or a control character.");
  }
  framing.http_1_0 = version == "HTTP/1.0";
  framing.keep_alive = !framing.http_1_0;
  request.method = method;
  request.target = target;
  return std::nullopt;
}

// Where path and query begin in the absolute form of a target, as proxies send it; nothing for other forms.
std::optional<std::size_t> end_of_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!base::same_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    return std::min(target.find_first_of("/?#", scheme.size()), target.size());
  }
  return std::nullopt;
}

// Absolute form is cut down to the path; other forms than path and `*` are refused.
std::optional<Refusal> split_target(Request& request) {
  std::string_view target = request.target;
  std::string rooted;
  if (const std::optional<std::size_t> end = end_of_authority(target)) {
    rooted = target.substr(*end);
    if (!rooted.starts_with('/')) rooted.insert(0, "/");
    target = rooted;
  }
  if (!target.starts_with('/') && target != "*") return bad("The request target does not begin with a slash.");
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  request.query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  return std::nullopt;
}

std::optional<Refusal> parse_fields(std::string_view rest, Request& request) {
  request.headers.reserve(12);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t')
      return bad("A header line is folded; that is obsolete and refused.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return bad("A header line has no colon.");
    const std::string_view name = line.substr(0, colon);
    if (!is_token(name)) return bad("A header name is malformed.");
    const std::string_view value = base::trimmed(line.substr(colon + 1));
    if (has_control(line.substr(colon + 1)))
      return bad("The header " + std::string(name) + " holds a control character.");
    request.headers.emplace_back(base::ascii_lower(name), std::string(value));
    if (request.headers.size() > header_count_limit) return Refusal{431, "The request has more than 200 headers."};
  }
  return std::nullopt;
}

void read_connection_options(std::string_view list, Framing& framing) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view option = base::trimmed(list.substr(0, comma));
    if (base::same_ignoring_case(option, "close")) framing.keep_alive = false;
    if (framing.http_1_0 && base::same_ignoring_case(option, "keep-alive")) framing.keep_alive = true;
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
}

/// The header fields that say how long the message is, and who it is for.
class FramingFields {
 public:
  explicit FramingFields(Framing& framing) : framing_(framing) {}
  std::optional<Refusal> take(const std::string& name, const std::string& value);
  std::optional<Refusal> conclude();
  const std::string* host() const { return host_; }

 private:
  std::optional<Refusal> take_length(std::string_view text);

  Framing& framing_;
  const std::string* host_ = nullptr;
  bool has_length_ = false;
  bool chunked_ = false;
};

std::optional<Refusal> FramingFields::take_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return bad("Content-Length is not a number.");
  }
  if (has_length_ && length != framing_.length) return bad("Content-Length is given twice, with different values.");
  has_length_ = true;
  framing_.length = length;
  return std::nullopt;
}

std::optional<Refusal> FramingFields::take(const std::string& name, const std::string& value) {
  switch (name.size()) {  // most names are none of these: their length tells
    case 4:
      if (name != "host") break;
      if (host_ != nullptr) return bad("The Host header is given twice.");
      if (value.find_first_of(" \t,/@") != std::string::npos) return bad("The Host header is malformed.");
      host_ = &value;
      break;
    case 6:
      if (name != "expect") break;
      if (!base::same_ignoring_case(value, "100-continue")) {
        return Refusal{417, "Only `Expect: 100-continue` is understood."};
      }
      framing_.expects_continue = !framing_.http_1_0;
      break;
    case 10:
      if (name == "connection") read_connection_options(value, framing_);
      break;
    case 14:
      if (name == "content-length") return take_length(value);
      break;
    case 17:
      if (name != "transfer-encoding") break;
      if (chunked_) return bad("Transfer-Encoding is given twice.");
      if (!base::same_ignoring_case(value, "chunked")) {
        return Refusal{501, "Only the transfer coding `chunked` is understood."};
      }
      chunked_ = true;
      break;
    default: break;
  }
  return std::nullopt;
}

std::optional<Refusal> FramingFields::conclude() {
  if (host_ == nullptr && !framing_.http_1_0) return bad("The Host header is missing.");
  // Both together are how requests are smuggled past a proxy (RFC 9112 section 6.1).
  if (chunked_ && has_length_) return bad("Content-Length and Transfer-Encoding are both given.");
  if (chunked_ && framing_.http_1_0) return bad("Transfer-Encoding is not part of HTTP/1.0.");
  if (chunked_) framing_.body = Framing::Body::chunked;
  if (has_length_ && framing_.length > 0) framing_.body = Framing::Body::length;
  return std::nullopt;
}

std::optional<Refusal> frame(Request& request, Framing& framing) {
  FramingFields fields(framing);
  for (const auto& [name, value] : request.headers) {
    if (auto refusal = fields.take(name, value)) return refusal;
  }
  if (fields.host() != nullptr) request.host = *fields.host();
  return fields.conclude();
}

}  // namespace

std::optional<Refusal> look_at_first_byte(char byte) {
  if (is_token_character(byte) || byte == '\r' || byte == '\n') return std::nullopt;
  if (byte == 0x16) return bad("This looks like TLS, but plain HTTP is spoken here: use http:// instead of https://.");
  return bad("The request does not begin with a method.");
}

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

}  // namespace tocsin::wire
