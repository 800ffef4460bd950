#include "clock/character.hpp"

#include <clocale>
#include <cwctype>

#include <algorithm>
#include <array>

namespace tocsin::clock {
namespace {

// The zeros of the decimal digits of Unicode 14 (Python 3.11); the nine others follow each.
constexpr std::array<char32_t, 66> zeros = {
    0x30,    0x660,   0x6f0,   0x7c0,   0x966,   0x9e6,   0xa66,   0xae6,   0xb66,   0xbe6,   0xc66,
    0xce6,   0xd66,   0xde6,   0xe50,   0xed0,   0xf20,   0x1040,  0x1090,  0x17e0,  0x1810,  0x1946,
    0x19d0,  0x1a80,  0x1a90,  0x1b50,  0x1bb0,  0x1c40,  0x1c50,  0xa620,  0xa8d0,  0xa900,  0xa9d0,
    0xa9f0,  0xaa50,  0xabf0,  0xff10,  0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0,
    0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60,
    0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0};

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<char32_t>(static_cast<unsigned char>(text[at + i])) : 0x80;
  };
  const char32_t first = byte(0);
  const std::size_t left = text.size() - at;
  const auto tail = [&](std::size_t i) { return byte(i) & 0x3F; };
  if (first < 0xC0) return {first, 1};
  if (first < 0xE0) return {((first & 0x1F) << 6) | tail(1), std::min<std::size_t>(left, 2)};
  if (first < 0xF0) return {((first & 0x0F) << 12) | (tail(1) << 6) | tail(2), std::min<std::size_t>(left, 3)};
  return {((first & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3), std::min<std::size_t>(left, 4)};
}

std::optional<int> decimal_digit(char32_t code) {
  const auto after = std::upper_bound(zeros.begin(), zeros.end(), code);
  if (after == zeros.begin()) return std::nullopt;
  const char32_t distance = code - *(after - 1);
  if (distance > 9) return std::nullopt;
  return static_cast<int>(distance);
}

bool is_white_space(char32_t code) {
  return code == ' ' || (code >= '\t' && code <= '\r') || (code >= 0x1C && code <= 0x1F) || code == 0x85 ||
         code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
         code == 0x202F || code == 0x205F || code == 0x3000;
}

char32_t lower_case(char32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  // The C library's table; where the locale is missing, letters beyond ASCII only match themselves.
  static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return utf8 == nullptr ? code : static_cast<char32_t>(towlower_l(static_cast<wint_t>(code), utf8));
}

}  // namespace tocsin::clock
