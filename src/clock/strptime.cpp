#include <array>
#include <cstdio>
#include <string>

#include "base/text.hpp"
#include "clock/civil.hpp"

namespace tocsin::clock {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"monday", "tuesday", "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> month_names = {"january", "february", "march",     "april",   "may",      "june",
                                                          "july",    "august",   "september", "october", "november", "december"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// What the directives found; a week needs a weekday to become a date.
struct Found {
  DateTime when{1900, 1, 1};
  std::optional<int> weekday;  ///< Monday is 0
  std::optional<int> day_of_year;
  std::optional<int> week;     ///< %U or %W
  bool week_from_monday = false;
  std::optional<int> iso_year;
  std::optional<int> iso_week;
  bool has_year = false;
  std::optional<int> hour_of_twelve;
  std::optional<bool> afternoon;
};

/// Matches text against format, character by character. Python compiles the format into a regular expression with
/// greedy numbers; the places where backtracking would tell are tried here by giving numbers fewer digits.
class Parser {
 public:
  Parser(std::string_view text, std::string_view format) : text_(text), format_(format) {}

  /// The end of the match, or nothing.
  std::optional<std::size_t> match(std::size_t at, std::size_t f, Found& found) const {
    while (f < format_.size()) {
      const char c = format_[f];
      if (is_space(c)) {
        while (f < format_.size() && is_space(format_[f])) ++f;
        if (at >= text_.size() || !is_space(text_[at])) return std::nullopt;
        while (at < text_.size() && is_space(text_[at])) ++at;
        continue;
      }
      if (c != '%') {
        if (at >= text_.size() || lower(text_[at]) != lower(c)) return std::nullopt;
        ++at;
        ++f;
        continue;
      }
      return directive(at, f + 1, found);
    }
    return at;
  }

 private:
  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

  struct Number {
    int least;
    int most;
    int low;
    int high;
  };

  static std::optional<Number> number_of(char letter) {
    switch (letter) {
      case 'd': return Number{1, 2, 1, 31};
      case 'H': return Number{1, 2, 0, 23};
      case 'I': return Number{1, 2, 1, 12};
      case 'j': return Number{1, 3, 1, 366};
      case 'm': return Number{1, 2, 1, 12};
      case 'M': return Number{1, 2, 0, 59};
      case 'S': return Number{1, 2, 0, 61};
      case 'U': case 'W': return Number{1, 2, 0, 53};
      case 'V': return Number{1, 2, 1, 53};
      case 'w': return Number{1, 1, 0, 6};
      case 'u': return Number{1, 1, 1, 7};
      case 'y': return Number{2, 2, 0, 99};
      case 'Y': case 'G': return Number{4, 4, 0, 9999};
      case 'f': return Number{1, 6, 0, 999999};
      default: return std::nullopt;
    }
  }

  std::optional<std::size_t> directive(std::size_t at, std::size_t f, Found& found) const {
    const char letter = format_[f];
    if (const std::optional<Number> number = number_of(letter)) return take_number(at, f, *number, found);
    switch (letter) {
      case 'a': return take_name(at, f, day_names, 3, found);
      case 'A': return take_name(at, f, day_names, 0, found);
      case 'b': return take_name(at, f, month_names, 3, found);
      case 'B': return take_name(at, f, month_names, 0, found);
      case 'p': return take_half(at, f, found);
      case 'z': return take_offset(at, f, found);
      case 'Z': return take_zone(at, f, found);
      case '%': return at < text_.size() && text_[at] == '%' ? match(at + 1, f + 1, found) : std::nullopt;
      case 'c': return take_composite("%a %b %d %H:%M:%S %Y", at, f, found);
      case 'x': return take_composite("%m/%d/%y", at, f, found);
      case 'X': return take_composite("%H:%M:%S", at, f, found);
      default: return std::nullopt;
    }
  }

  std::optional<std::size_t> take_composite(std::string_view inner, std::size_t at, std::size_t f, Found& found) const {
    const std::string whole = std::string(inner).append(format_.substr(f + 1));
    return Parser(text_, whole).match(at, 0, found);
  }

  std::optional<std::size_t> take_number(std::size_t at, std::size_t f, const Number& number, Found& found) const {
    int digits = 0;
    while (digits < number.most && at + static_cast<std::size_t>(digits) < text_.size() &&
           is_digit(text_[at + static_cast<std::size_t>(digits)])) {
      ++digits;
    }
    // `%d` and the like also take a space in place of a leading zero only as format white space; fewer digits are
    // tried when the rest does not fit.
    for (; digits >= number.least; --digits) {
      int value = 0;
      for (int i = 0; i < digits; ++i) value = value * 10 + (text_[at + static_cast<std::size_t>(i)] - '0');
      if (value < number.low || value > number.high) continue;
      Found attempt = found;
      store(format_[f], value, digits, attempt);
      const std::optional<std::size_t> end = match(at + static_cast<std::size_t>(digits), f + 1, attempt);
      if (!end) continue;
      found = attempt;
      return end;
    }
    return std::nullopt;
  }

  static void store(char letter, int value, int digits, Found& found) {
    switch (letter) {
      case 'd': found.when.day = value; break;
      case 'H': found.when.hour = value; break;
      case 'I': found.hour_of_twelve = value; break;
      case 'j': found.day_of_year = value; break;
      case 'm': found.when.month = value; break;
      case 'M': found.when.minute = value; break;
      case 'S': found.when.second = value; break;
      case 'U': case 'W':
        found.week = value;
        found.week_from_monday = letter == 'W';
        break;
      case 'V': found.iso_week = value; break;
      case 'w': found.weekday = (value + 6) % 7; break;
      case 'u': found.weekday = value - 1; break;
      case 'y':
        found.when.year = value + (value <= 68 ? 2000 : 1900);
        found.has_year = true;
        break;
      case 'Y':
        found.when.year = value;
        found.has_year = true;
        break;
      case 'G': found.iso_year = value; break;
      case 'f':
        for (int i = digits; i < 6; ++i) value *= 10;
        found.when.microsecond = value;
        break;
      default: break;
    }
  }

  template <std::size_t count>
  std::optional<std::size_t> take_name(std::size_t at, std::size_t f, const std::array<std::string_view, count>& names,
                                       std::size_t cut, Found& found) const {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view name = cut ? names[i].substr(0, cut) : names[i];
      if (!base::same_ignoring_case(text_.substr(at, name.size()), name)) continue;
      Found attempt = found;
      if (count == 7) {
        attempt.weekday = static_cast<int>(i);
      } else {
        attempt.when.month = static_cast<int>(i) + 1;
      }
      if (const auto end = match(at + name.size(), f + 1, attempt)) {
        found = attempt;
        return end;
      }
    }
    return std::nullopt;
  }

  std::optional<std::size_t> take_half(std::size_t at, std::size_t f, Found& found) const {
    const std::string half = base::ascii_lower(text_.substr(at, 2));
    if (half != "am" && half != "pm") return std::nullopt;
    found.afternoon = half == "pm";
    return match(at + 2, f + 1, found);
  }

  std::optional<std::size_t> take_zone(std::size_t at, std::size_t f, Found& found) const {
    for (const std::string_view name : {"utc", "gmt"}) {
      if (base::same_ignoring_case(text_.substr(at, name.size()), name)) return match(at + name.size(), f + 1, found);
    }
    return match(at, f + 1, found);
  }

  std::optional<std::size_t> take_offset(std::size_t at, std::size_t f, Found& found) const {
    if (at < text_.size() && text_[at] == 'Z') {
      found.when.offset = 0;
      found.when.zone = "UTC";
      return match(at + 1, f + 1, found);
    }
    if (at + 5 > text_.size() || (text_[at] != '+' && text_[at] != '-')) return std::nullopt;
    std::size_t p = at + 1;
    int parts[3] = {0, 0, 0};
    const auto two = [&](int& into) {
      if (p + 2 > text_.size() || !is_digit(text_[p]) || !is_digit(text_[p + 1])) return false;
      into = (text_[p] - '0') * 10 + (text_[p + 1] - '0');
      p += 2;
      return true;
    };
    if (!two(parts[0])) return std::nullopt;
    const bool colon = p < text_.size() && text_[p] == ':';
    if (colon) ++p;
    if (!two(parts[1]) || parts[1] > 59) return std::nullopt;
    const std::size_t minutes_end = p;
    if (colon == (p < text_.size() && text_[p] == ':')) {
      if (colon) ++p;
      if (!two(parts[2])) p = minutes_end;
    }
    const int offset = parts[0] * 3600 + parts[1] * 60 + parts[2];
    found.when.offset = text_[at] == '-' ? -offset : offset;
    const int size = offset;
    char name[16];
    std::snprintf(name, sizeof name, "UTC%c%02d:%02d", text_[at], size / 3600, size / 60 % 60);
    found.when.zone = offset == 0 ? "UTC" : kept_zone_name(name);
    return match(p, f + 1, found);
  }

  std::string_view text_;
  std::string_view format_;
};

std::string quoted(std::string_view text) {
  const char quote = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\\' || c == quote) out += '\\';
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else out += c;
  }
  return out + quote;
}

/// Is a directive bad, unfinished or used twice?
std::optional<StrptimeError> check_format(std::string_view format) {
  std::string seen;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i == format.size()) return StrptimeError{StrptimeError::Kind::value, "stray % in format " + quoted(format)};
    const char letter = format[i];
    if (std::string_view("aAbBcdfHIjmMpSUuVwWxXyYzZG%").find(letter) == std::string_view::npos) {
      return StrptimeError{StrptimeError::Kind::value,
                           quoted(std::string(1, letter)) + " is a bad directive in format " + quoted(format)};
    }
    const std::string_view parts = letter == 'c' ? "abdHMSY" : letter == 'x' ? "mdy" : letter == 'X' ? "HMS" : std::string_view(&letter, 1);
    for (const char part : parts) {
      if (part == '%') continue;
      if (seen.find(part) != std::string::npos) {
        return StrptimeError{StrptimeError::Kind::regex, "redefinition of group name '" + std::string(1, part) + "'"};
      }
      seen += part;
    }
  }
  return std::nullopt;
}

std::optional<StrptimeError> error_of(std::string message) { return StrptimeError{StrptimeError::Kind::value, std::move(message)}; }

/// Turns weeks and days of the year into a date.
std::optional<StrptimeError> settle(Found& found) {
  DateTime& when = found.when;
  if (found.hour_of_twelve) {
    when.hour = *found.hour_of_twelve % 12 + (found.afternoon.value_or(false) ? 12 : 0);
  }
  if (found.iso_year && !found.iso_week) {
    return error_of("ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive ('%A', '%a', '%w', or '%u').");
  }
  std::optional<std::int64_t> days;
  if (found.iso_week) {
    if (!found.iso_year || !found.weekday) {
      return error_of("ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive ('%A', '%a', '%w', or '%u').");
    }
    DateTime fourth{*found.iso_year, 1, 4};
    days = days_from_civil(*found.iso_year, 1, 4) - weekday(fourth) + (*found.iso_week - 1) * 7 + *found.weekday;
  } else if (found.week && found.has_year && found.weekday) {
    DateTime first{when.year, 1, 1};
    const int shift = found.week_from_monday ? 0 : 1;
    const int first_weekday = (weekday(first) + shift) % 7;
    const int day = (*found.weekday + shift) % 7;
    const int week_zero = (7 - first_weekday) % 7;
    const int offset = *found.week == 0 ? day - first_weekday : week_zero + 7 * (*found.week - 1) + day;
    days = days_from_civil(when.year, 1, 1) + offset;
  } else if (found.day_of_year) {
    days = days_from_civil(when.year, 1, 1) + *found.day_of_year - 1;
  }
  if (days) civil_from_days(*days, when);
  if (when.year < 1 || when.year > 9999) return error_of("year " + std::to_string(when.year) + " is out of range");
  if (when.day > days_in_month(when.year, when.month)) return error_of("day is out of range for month");
  if (when.second > 59) return error_of("second must be in 0..59");
  return std::nullopt;
}

}  // namespace

std::optional<StrptimeError> strptime(std::string_view text, std::string_view format, DateTime& into) {
  if (auto bad = check_format(format)) return bad;
  Found found;
  const std::optional<std::size_t> end = Parser(text, format).match(0, 0, found);
  if (!end) return error_of("time data " + quoted(text) + " does not match format " + quoted(format));
  if (*end != text.size()) return error_of("unconverted data remains: " + std::string(text.substr(*end)));
  if (auto bad = settle(found)) return bad;
  into = found.when;
  return std::nullopt;
}

}  // namespace tocsin::clock
