#include "clock/strptime_format.hpp"

#include "clock/character.hpp"

namespace tocsin::clock {
namespace {

constexpr std::string_view clock_offset = R"([+-]\d\d:?[0-5]\d(:?[0-5]\d(\.\d{1,6})?)?|(?-i:Z))";

/// The alternatives of a directive in the order in which they are tried; empty for a composite or unknown one.
std::string_view alternatives_of(char32_t letter) {
  switch (letter) {
    case 'd': return R"(3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])";
    case 'f': return "[0-9]{1,6}";
    case 'H': return R"(2[0-3]|[0-1]\d|\d)";
    case 'I':
    case 'm': return "1[0-2]|0[1-9]|[1-9]";
    case 'G':
    case 'Y': return R"(\d\d\d\d)";
    case 'j': return R"(36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])";
    case 'M': return R"([0-5]\d|\d)";
    case 'S': return R"(6[0-1]|[0-5]\d|\d)";
    case 'U':
    case 'W': return R"(5[0-3]|[0-4]\d|\d)";
    case 'w': return "[0-6]";
    case 'u': return "[1-7]";
    case 'V': return R"(5[0-3]|0[1-9]|[1-4]\d|\d)";
    case 'y': return R"(\d\d)";
    case 'z': return clock_offset;
    case 'A': return "wednesday|thursday|saturday|tuesday|monday|friday|sunday";
    case 'a': return "mon|tue|wed|thu|fri|sat|sun";
    case 'B': return "september|february|november|december|january|october|august|march|april|june|july|may";
    case 'b': return "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
    case 'p': return "am|pm";
    case 'Z': return "gmt|utc";
    default: return {};
  }
}

/// What the C locale's composite directives stand for.
std::string_view composite_of(char32_t letter) {
  switch (letter) {
    case 'c': return "%a %b %d %H:%M:%S %Y";
    case 'x': return "%m/%d/%y";
    case 'X': return "%H:%M:%S";
    default: return {};
  }
}

/// One alternative (characters, `[a-b]`, `\d`) at the start of the text; its length, or nothing.
std::optional<std::size_t> match_alternative(std::string_view alternative, std::string_view text) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < alternative.size(); ++i) {
    if (at >= text.size()) return std::nullopt;
    const Character next = character_at(text, at);
    if (alternative[i] == '\\') {
      if (!decimal_digit(next.code)) return std::nullopt;
      i += 1;
    } else if (alternative[i] == '[') {
      if (next.code < static_cast<char32_t>(alternative[i + 1]) ||
          next.code > static_cast<char32_t>(alternative[i + 3])) {
        return std::nullopt;
      }
      i += 4;
    } else if (lower_case(next.code) != static_cast<char32_t>(alternative[i])) {
      return std::nullopt;
    }
    at += next.size;
  }
  return at;
}

/// The lengths that a directive may take at the start of the text, best first.
using Lengths = std::vector<std::size_t>;

void add_lengths(std::string_view alternatives, std::string_view text, Lengths& into) {
  while (!alternatives.empty()) {
    const std::size_t bar = std::min(alternatives.find('|'), alternatives.size());
    if (const auto length = match_alternative(alternatives.substr(0, bar), text)) into.push_back(*length);
    alternatives.remove_prefix(std::min(bar + 1, alternatives.size()));
  }
}

/// Up to six digits: the longest first. `any_script`: as `\d`, else as `[0-9]`.
void add_fraction_lengths(std::string_view text, bool any_script, std::size_t base, Lengths& into) {
  std::vector<std::size_t> ends;
  std::size_t at = 0;
  while (ends.size() < 6 && at < text.size()) {
    const Character next = character_at(text, at);
    if (!decimal_digit(next.code) || (!any_script && next.size != 1)) break;
    at += next.size;
    ends.push_back(base + at);
  }
  into.insert(into.end(), ends.rbegin(), ends.rend());
}

/// An optional colon and the pattern: with the colon first.
void add_part_lengths(std::string_view pattern, std::string_view text, std::size_t base, Lengths& into) {
  const std::size_t colon = text.substr(std::min(base, text.size())).starts_with(':') ? 1 : 0;
  const std::size_t start = std::min(base + colon, text.size());
  if (const auto length = match_alternative(pattern, text.substr(start))) into.push_back(start + *length);
}

/// `+HH[:]MM[[:]SS[.ffffff]]` or `Z` in upper case.
void add_offset_lengths(std::string_view text, Lengths& into) {
  if (text.starts_with('+') || text.starts_with('-')) {
    const auto hours = match_alternative(R"(\d\d)", text.substr(1));
    Lengths minutes;
    if (hours) add_part_lengths(R"([0-5]\d)", text, 1 + *hours, minutes);
    if (minutes.empty()) return;
    Lengths seconds;
    add_part_lengths(R"([0-5]\d)", text, minutes[0], seconds);
    if (!seconds.empty()) {
      const std::string_view rest = text.substr(seconds[0]);
      if (rest.starts_with('.')) add_fraction_lengths(rest.substr(1), true, seconds[0] + 1, into);
      into.push_back(seconds[0]);
    }
    into.push_back(minutes[0]);
  } else if (text.starts_with('Z')) {
    into.push_back(1);
  }
}

Lengths lengths_of(char32_t letter, std::string_view text) {
  Lengths lengths;
  if (letter == 'f') {
    add_fraction_lengths(text, false, 0, lengths);
  } else if (letter == 'z') {
    add_offset_lengths(text, lengths);
  } else {
    add_lengths(alternatives_of(letter), text, lengths);
  }
  return lengths;
}

StrptimeError value_error(std::string message) {
  return {StrptimeError::Kind::value, std::move(message)};
}

}  // namespace

std::optional<StrptimeError> StrptimeFormat::read(std::string_view format) {
  items_.clear();
  if (auto bad = expand(format)) return bad;
  return count_groups();
}

// Python escapes what a regular expression takes amiss before it looks for directives, so that `% ` and `%.` are bad.
std::optional<StrptimeError> StrptimeFormat::expand(std::string_view format) {
  for (std::size_t at = 0; at < format.size();) {
    const Character next = character_at(format, at);
    at += next.size;
    if (is_white_space(next.code)) {
      if (items_.empty() || items_.back().kind != Item::Kind::white_space)
        items_.push_back({Item::Kind::white_space, 0});
      continue;
    }
    if (next.code != '%') {
      items_.push_back({Item::Kind::character, lower_case(next.code)});
      continue;
    }
    if (at == format.size()) return value_error("stray % in format '" + std::string(format) + "'");
    const Character letter = character_at(format, at);
    if (letter.code == '%') {
      items_.push_back({Item::Kind::character, '%'});
    } else if (!composite_of(letter.code).empty()) {
      if (auto bad = expand(composite_of(letter.code))) return bad;
    } else if (!alternatives_of(letter.code).empty()) {
      items_.push_back({Item::Kind::directive, letter.code});
    } else {
      const bool escaped =
          is_white_space(letter.code) ||
          (letter.size == 1 && std::string_view("\\.^$*+?(){}[]|").find(format[at]) != std::string_view::npos);
      const std::string_view shown = escaped ? "%" : format.substr(at, letter.size);
      return value_error("'" + std::string(shown) + "' is a bad directive in format '" + std::string(format) + "'");
    }
    at += letter.size;
  }
  return std::nullopt;
}

// A directive used twice is the regular expression's mistake, told with group numbers and the place in it.
std::optional<StrptimeError> StrptimeFormat::count_groups() const {
  std::array<int, 128> groups{};
  int group = 0;
  std::size_t position = 0;
  for (const Item& item : items_) {
    if (item.kind == Item::Kind::white_space) {
      position += 3;
    } else if (item.kind == Item::Kind::character) {
      const bool escaped = item.code < 128 && std::string_view("\\.^$*+?(){}[]|").find(static_cast<char>(item.code)) !=
                                                  std::string_view::npos;
      position += escaped ? 2 : 1;
    } else {
      int& known = groups[item.code];
      ++group;
      if (known != 0) {
        return StrptimeError{StrptimeError::Kind::regex,
                             "redefinition of group name '" + std::string(1, static_cast<char>(item.code)) +
                                 "' as group " + std::to_string(group) + "; was group " + std::to_string(known) +
                                 " at position " + std::to_string(position + 4)};
      }
      known = group;
      if (item.code == 'z') group += 2;
      position += alternatives_of(item.code).size() + 7;
    }
  }
  return std::nullopt;
}

class StrptimeFormat::Matcher {
 public:
  Matcher(const std::vector<Item>& items, std::string_view text) : items_(items), text_(text) {}

  /// From that item at that place; each directive stands once at most, so the recursion is shallow.
  std::optional<std::size_t> run(std::size_t item, std::size_t at, Captures& captures) const {
    for (; item < items_.size(); ++item) {
      const Item& wanted = items_[item];
      if (wanted.kind == Item::Kind::directive) return directive(item, at, captures);
      if (at >= text_.size()) return std::nullopt;
      const Character next = character_at(text_, at);
      if (wanted.kind == Item::Kind::character) {
        if (lower_case(next.code) != wanted.code) return std::nullopt;
        at += next.size;
        continue;
      }
      if (!is_white_space(next.code)) return std::nullopt;
      while (at < text_.size() && is_white_space(character_at(text_, at).code)) at += character_at(text_, at).size;
    }
    return at;
  }

 private:
  std::optional<std::size_t> directive(std::size_t item, std::size_t at, Captures& captures) const {
    for (const std::size_t length : lengths_of(items_[item].code, text_.substr(at))) {
      captures.set(static_cast<char>(items_[item].code), text_.substr(at, length));
      if (const auto end = run(item + 1, at + length, captures)) return end;
    }
    return std::nullopt;
  }

  const std::vector<Item>& items_;
  std::string_view text_;
};

std::optional<std::size_t> StrptimeFormat::match(std::string_view text, Captures& captures) const {
  return Matcher(items_, text.data() == nullptr ? "" : text).run(0, 0, captures);
}

std::string StrptimeFormat::letters() const {
  std::string letters;
  for (const Item& item : items_) {
    if (item.kind == Item::Kind::directive) letters += static_cast<char>(item.code);
  }
  return letters;
}

}  // namespace tocsin::clock
