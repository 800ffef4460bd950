// Addresses in text made into HTML links, for the filter `urlize`. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::jinja {

/// How links look.
struct LinkStyle {
  std::optional<std::int64_t> longest;  ///< code points shown of an address
  std::string rel;                      ///< empty: no such attribute
  std::string target;                   ///< empty: no such attribute
  std::vector<std::string> schemes;     ///< further beginnings of addresses, such as `tel:`
};

/// The text, escaped, with links around what looks like a web or mail address.
std::string linked(std::string_view escaped_text, const LinkStyle& style);

/// May it begin an address: two or more of `\w.+-`, a colon, up to two slashes?
bool is_scheme_prefix(std::string_view text);

}  // namespace tocsin::jinja
