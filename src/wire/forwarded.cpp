#include "wire/forwarded.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "base/text.hpp"

namespace tocsin::wire {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

/// IPv4 as IPv4-mapped IPv6, so that both compare alike.
std::optional<Bytes> bytes_of(std::string_view address) {
  const std::string text(address);
  Bytes bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes[10] = bytes[11] = 0xFF;
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

bool same_prefix(const Bytes& a, const Bytes& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.data(), b.data(), whole) != 0) return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xFF << (8 - rest));
  return (a[whole] & mask) == (b[whole] & mask);
}

}  // namespace

std::optional<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& texts, std::string& bad) {
  TrustedProxies proxies;
  for (const std::string& text : texts) {
    const std::size_t slash = text.find('/');
    const std::string_view address = std::string_view(text).substr(0, slash);
    const std::optional<Bytes> bytes = bytes_of(address);
    bad = text;
    if (!bytes) return std::nullopt;
    const bool v4 = address.find(':') == std::string_view::npos;
    int bits = v4 ? 32 : 128;
    if (slash != std::string::npos) {
      const char* start = text.data() + slash + 1;
      const char* end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(start, end, bits);
      if (error != std::errc() || stop != end || bits < 0 || bits > (v4 ? 32 : 128)) return std::nullopt;
    }
    proxies.blocks_.push_back({*bytes, v4 ? bits + 96 : bits});
  }
  return proxies;
}

bool TrustedProxies::contains(std::string_view address) const {
  const std::optional<Bytes> bytes = bytes_of(address);
  if (!bytes) return false;
  for (const Block& block : blocks_) {
    if (same_prefix(block.bytes, *bytes, block.bits)) return true;
  }
  return false;
}

namespace {

/// The last element of a comma-separated list, taken off it.
std::string_view take_last(std::string_view& list) {
  const std::size_t comma = list.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return base::trimmed(last);
}

/// An element of X-Forwarded-For as a bare address: some proxies add the port, IPv6 may be in brackets.
std::string_view bare_address(std::string_view element) {
  if (element.starts_with('[')) {
    const std::size_t bracket = element.find(']');
    return bracket == std::string_view::npos ? element : element.substr(1, bracket - 1);
  }
  const std::size_t colon = element.find(':');
  if (colon != std::string_view::npos && colon == element.rfind(':')) return element.substr(0, colon);
  return element;
}

/// All headers of this name as one list, in order.
std::string joined(const Request& request, std::string_view name) {
  std::string list;
  for (const auto& [key, value] : request.headers) {
    if (key != name) continue;
    if (!list.empty()) list += ',';
    list += value;
  }
  return list;
}

}  // namespace

void apply_forwarded(const TrustedProxies& proxies, Request& request) {
  if (proxies.empty() || !proxies.contains(request.peer)) return;
  const std::string chain = joined(request, "x-forwarded-for");
  std::string_view rest = chain;
  while (!rest.empty()) {
    const std::string_view address = bare_address(take_last(rest));
    // What is no address was not written by a proxy that we trust; what stands left of it counts for nothing.
    if (!bytes_of(address)) break;
    request.peer = address;
    if (!proxies.contains(address)) break;
  }
  const std::string protocols = joined(request, "x-forwarded-proto");
  rest = protocols;
  const std::string_view protocol = take_last(rest);
  if (!protocol.empty()) request.secure = base::same_ignoring_case(protocol, "https");
  const std::string hosts = joined(request, "x-forwarded-host");
  rest = hosts;
  const std::string_view host = take_last(rest);
  if (!host.empty() && host.find_first_of(" \t/@") == std::string_view::npos) request.host = host;
}

}  // namespace tocsin::wire
