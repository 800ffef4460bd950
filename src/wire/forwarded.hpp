// Which proxies are believed, and what they say about the client. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/http.hpp"

namespace tocsin::wire {

/// Addresses and CIDR blocks, IPv4 and IPv6.
class TrustedProxies {
 public:
  /// Nothing when one of them is malformed; its text is then in `bad`.
  static std::optional<TrustedProxies> parse(const std::vector<std::string>& texts, std::string& bad);
  bool contains(std::string_view address) const;
  bool empty() const { return blocks_.empty(); }

 private:
  struct Block {
    std::array<std::uint8_t, 16> bytes;
    int bits;
  };
  std::vector<Block> blocks_;
};

/// When `request.peer` (the socket's) is trusted: takes the client's address from X-Forwarded-For (the rightmost that
/// is not itself a trusted proxy), `secure` from X-Forwarded-Proto and `host` from X-Forwarded-Host (the last of each:
/// what the proxy next to us says). Else changes nothing.
void apply_forwarded(const TrustedProxies& proxies, Request& request);

}  // namespace tocsin::wire
