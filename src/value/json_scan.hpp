// Finding what JSON text escapes, eight bytes at a time. Inside the room only.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tocsin::value {

/// The first eight bytes, the first of them lowest.
inline std::uint64_t eight_bytes(const char* at) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, at, sizeof eight);
  return std::endian::native == std::endian::little ? eight : __builtin_bswap64(eight);
}

/// Marks quotes, backslashes and control characters by the highest bit of their byte. Bytes above the lowest mark may
/// be marked in error.
constexpr std::uint64_t escape_marks(std::uint64_t eight) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  const auto zeros = [](std::uint64_t v) { return (v - ones) & ~v; };
  const std::uint64_t below_space = (eight - ones * 0x20) & ~eight;
  return (zeros(eight ^ ones * '"') | zeros(eight ^ ones * '\\') | below_space) & ones * 0x80;
}

constexpr bool is_escaped(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Do one to seven bytes need no escape? Only a mark or none is asked for, so the two loads may overlap.
inline bool is_plain_rest(std::string_view rest) {
  if (rest.size() < 4) {
    for (const char c : rest) {
      if (is_escaped(c)) return false;
    }
    return true;
  }
  std::uint32_t halves[2];
  std::memcpy(&halves[0], rest.data(), 4);
  std::memcpy(&halves[1], rest.data() + rest.size() - 4, 4);
  return escape_marks(std::uint64_t{halves[0]} << 32 | halves[1]) == 0;
}

/// How many bytes at the front need no escape.
inline std::size_t plain_prefix(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    const std::uint64_t marks = escape_marks(eight_bytes(text.data() + at));
    if (marks != 0) return at + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
  }
  if (is_plain_rest(text.substr(at))) return text.size();
  while (!is_escaped(text[at])) ++at;
  return at;
}

/// How many bytes at the front need no escape and are ASCII that shows (a delete character does not). It looks no
/// further than they reach, so that a text with many others is still read once.
inline std::size_t plain_ascii_prefix(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    const std::uint64_t eight = eight_bytes(text.data() + at);
    const std::uint64_t marks = escape_marks(eight) | ((eight | (eight + ones)) & ones * 0x80);
    if (marks != 0) return at + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
  }
  while (at < text.size() && !is_escaped(text[at]) && static_cast<unsigned char>(text[at]) < 0x7F) ++at;
  return at;
}

}  // namespace tocsin::value
