// A strptime format taken apart and matched, as Python's regular expression for it would match (greedy, ordered
// alternatives, backtracking, letters of either case). Inside the room; pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/civil.hpp"

namespace tocsin::clock {

/// The text that each directive's group took, by its letter.
class Captures {
 public:
  std::optional<std::string_view> of(char letter) const {
    const std::string_view text = taken_[index(letter)];
    return text.data() == nullptr ? std::nullopt : std::optional(text);
  }
  void set(char letter, std::string_view text) { taken_[index(letter)] = text; }

 private:
  static std::size_t index(char letter) { return static_cast<std::size_t>(letter - 'A'); }
  std::array<std::string_view, 58> taken_{};
};

/// A format ready to match.
class StrptimeFormat {
 public:
  /// Why the format can't be used, or nothing.
  std::optional<StrptimeError> read(std::string_view format);
  /// The length of the match at the start of the text, or nothing.
  std::optional<std::size_t> match(std::string_view text, Captures& captures) const;
  /// The directives' letters in the order of the format.
  std::string letters() const;

 private:
  struct Item {
    enum class Kind { character, white_space, directive } kind;
    char32_t code;  ///< in lower case; a directive's letter as it is
  };
  class Matcher;

  std::optional<StrptimeError> expand(std::string_view format);
  std::optional<StrptimeError> count_groups() const;

  std::vector<Item> items_;
};

}  // namespace tocsin::clock
