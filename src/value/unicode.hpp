// Character classes and case mappings of code points, as Python's str has them (Unicode 14).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::value {

enum class CharClass {
  alpha,
  decimal,
  digit,
  numeric,
  space,
  upper,
  lower,
  title,
  printable,
  name_start,
  name_part,
  case_ignorable,
};
bool is_in(CharClass char_class, std::uint32_t code);

enum class CaseMapping { lower, upper, title, casefold };
/// Appends the mapped code point in UTF-8 (one may become up to three).
void append_mapped(std::string& out, CaseMapping mapping, std::uint32_t code);

/// The code point at the front of well-formed UTF-8, which is taken off.
inline std::uint32_t next_code(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(0);
  std::uint32_t code = first;
  std::size_t length = 1;
  if (first >= 0xF0) {
    code = (first & 7) << 18 | (byte(1) & 63u) << 12 | (byte(2) & 63u) << 6 | (byte(3) & 63u);
    length = 4;
  } else if (first >= 0xE0) {
    code = (first & 15) << 12 | (byte(1) & 63u) << 6 | (byte(2) & 63u);
    length = 3;
  } else if (first >= 0xC0) {
    code = (first & 31) << 6 | (byte(1) & 63u);
    length = 2;
  }
  text.remove_prefix(length);
  return code;
}

/// The code point at the back, which is taken off.
inline std::uint32_t last_code(std::string_view& text) {
  std::size_t start = text.size() - 1;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  std::string_view back = text.substr(start);
  text.remove_suffix(text.size() - start);
  return next_code(back);
}

}  // namespace tocsin::value
