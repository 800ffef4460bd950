// The few facts about characters beyond ASCII that dates need: Python's \d and \s know Unicode.
// Inside the room; pure. Text should be well-formed UTF-8; other bytes are harmless.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tocsin::clock {

/// A code point and the number of its bytes.
struct Character {
  char32_t code = 0;
  std::size_t size = 0;
};

/// The character at `at`, which is within the text.
Character character_at(std::string_view text, std::size_t at);

/// The value of a decimal digit of any script (Unicode category Nd), else nothing.
std::optional<int> decimal_digit(char32_t code);

/// White space as Python's `\s` has it.
bool is_white_space(char32_t code);

/// The lower-case form of one character, where it is one character.
char32_t lower_case(char32_t code);

inline bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace tocsin::clock
