#include <algorithm>
#include <cstdio>

#include "clock/character.hpp"
#include "clock/civil.hpp"

namespace tocsin::clock {
namespace {

/// Reads from the left; past the end there are NUL characters, as in the C string that CPython reads.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }
  void skip() { ++at_; }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// Exactly `count` ASCII digits.
  bool digits(std::size_t count, int& into) {
    into = 0;
    for (std::size_t i = 0; i < count; ++i, ++at_) {
      if (!is_ascii_digit(peek())) return false;
      into = into * 10 + (peek() - '0');
    }
    return true;
  }
  std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool valid(const DateTime& when) {
  return when.year >= 1 && when.year <= 9999 && when.month >= 1 && when.month <= 12 && when.day >= 1 &&
         when.day <= days_in_month(when.year, when.month) && when.hour <= 23 && when.minute <= 59 && when.second <= 59;
}

/// Where the date ends: a date of any of ISO 8601's spellings, told apart by the bytes alone. Nothing for a bad one.
std::optional<std::size_t> date_length(std::string_view text) {
  if (text.size() == 7) return 7;
  const auto digit_at = [&](std::size_t i) { return i < text.size() && is_ascii_digit(text[i]); };
  if (text[4] == '-') {
    if (text[5] != 'W') return 10;
    if (text.size() < 8) return std::nullopt;
    if (text.size() == 8 || text[8] != '-') return 8;
    if (text.size() == 9) return std::nullopt;
    // `YYYY-Www-##`: the hyphen is the separator and an hour follows it.
    return digit_at(10) ? 8 : 10;
  }
  if (text[4] != 'W') return 8;
  std::size_t end = 7;
  while (digit_at(end)) ++end;
  if (end < 9) return end;
  return end % 2 == 0 ? 7 : 8;
}

bool read_week_date(Reader& reader, bool dashes, std::size_t length, DateTime& when) {
  int week = 0;
  int day = 1;
  if (!reader.digits(2, week)) return false;
  if (reader.at() < length) {
    if (dashes && !reader.take('-')) return false;
    if (!reader.digits(1, day)) return false;
  }
  if (when.year < 1 || week < 1 || week > 53 || day < 1 || day > 7) return false;
  const int year = when.year;
  const std::int64_t monday = days_from_civil(year, 1, 4) - weekday(DateTime{year, 1, 4});
  const std::int64_t first_of_week = monday + (week - 1) * 7;
  civil_from_days(first_of_week, when);
  if (week == 53 && iso_week(when).year != year) return false;
  civil_from_days(first_of_week + day - 1, when);
  return true;
}

bool read_date(std::string_view text, std::size_t length, DateTime& when) {
  Reader reader(text);
  if (!reader.digits(4, when.year)) return false;
  const bool dashes = reader.take('-');
  if (reader.take('W')) return read_week_date(reader, dashes, length, when);
  if (!reader.digits(2, when.month)) return false;
  if (dashes && !reader.take('-')) return false;
  return reader.digits(2, when.day);
}

struct TimeOfDay {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
};

enum class Reading { failed, all, some };

/// `HH[:MM[:SS[.ffffff]]]`, colons everywhere or nowhere. CPython overlooks one character after a part that ends the
/// text, and any after six digits of a fraction (`some`); a fraction may follow the seconds without a point.
Reading read_time(std::string_view text, TimeOfDay& time) {
  Reader reader(text);
  bool colons = true;
  for (int* const part : {&time.hour, &time.minute, &time.second}) {
    if (!reader.digits(2, *part)) return Reading::failed;
    if (reader.at_end()) return Reading::all;
    const char next = reader.peek();
    if (part == &time.hour) colons = next == ':';
    if (reader.at() + 1 == text.size()) return Reading::some;
    if (next == '.' || next == ',') {
      reader.skip();
      break;
    }
    if (colons && next != ':') return Reading::failed;
    if (colons) reader.skip();
  }
  const std::size_t counted = std::min<std::size_t>(text.size() - reader.at(), 6);
  if (!reader.digits(counted, time.microsecond)) return Reading::failed;
  for (std::size_t i = counted; i < 6; ++i) time.microsecond *= 10;
  while (is_ascii_digit(reader.peek())) reader.skip();
  return reader.at_end() ? Reading::all : Reading::some;
}

/// `Z`, or a sign and a time, into the zone of `when`. The sign is the text's first character.
bool read_zone(std::string_view text, DateTime& when) {
  int offset = 0;
  if (text[0] == 'Z') {
    if (text.size() != 1) return false;
  } else {
    TimeOfDay east;
    if (read_time(text.substr(1), east) != Reading::all) return false;
    offset = east.hour * 3600 + east.minute * 60 + east.second;
    if (offset >= 86'400) return false;
    if (text[0] == '-') offset = -offset;
  }
  when.offset = offset;
  when.zone = offset_zone_name(offset);
  return true;
}

/// Python 3.11's datetime.fromisoformat.
std::optional<DateTime> strict(std::string_view text) {
  DateTime when;
  if (text.size() < 7) return std::nullopt;
  const std::optional<std::size_t> date = date_length(text);
  if (!date || !read_date(text, *date, when)) return std::nullopt;
  if (text.size() > *date) {
    // Any one character may stand between date and time.
    const std::string_view rest = text.substr(*date);
    const std::string_view time = rest.substr(character_at(rest, 0).size);
    const auto begins_zone = [](char c) { return c == '+' || c == '-' || c == 'Z'; };
    const auto zone = static_cast<std::size_t>(std::find_if(time.begin(), time.end(), begins_zone) - time.begin());
    TimeOfDay clock;
    const Reading read = read_time(time.substr(0, zone), clock);
    if (read == Reading::failed || (read == Reading::some && zone == time.size())) return std::nullopt;
    when.hour = clock.hour;
    when.minute = clock.minute;
    when.second = clock.second;
    when.microsecond = clock.microsecond;
    if (zone < time.size() && !read_zone(time.substr(zone), when)) return std::nullopt;
  }
  return valid(when) ? std::optional(when) : std::nullopt;
}

/// Takes up to `most` decimal digits of any script, at least `least`.
bool take_decimals(std::string_view& text, int least, int most, int& into) {
  into = 0;
  int count = 0;
  for (; count < most && !text.empty(); ++count) {
    const Character next = character_at(text, 0);
    const std::optional<int> digit = decimal_digit(next.code);
    if (!digit) break;
    into = into * 10 + *digit;
    text.remove_prefix(next.size);
  }
  return count >= least;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// One to six digits that count and up to six that do not.
bool take_fraction(std::string_view& text, int& micros) {
  const std::string_view before = text;
  int ignored = 0;
  micros = 0;
  int digits = 0;
  while (digits < 6 && take_decimals(text, 1, 1, ignored)) {
    micros = micros * 10 + ignored;
    ++digits;
  }
  if (digits == 0) {
    text = before;
    return false;
  }
  for (int i = digits; i < 6; ++i) micros *= 10;
  take_decimals(text, 0, 6, ignored);
  return true;
}

/// `Z`, `+HH`, `+HHMM` or `+HH:MM` at the end; no zone is fine too.
bool take_zone(std::string_view text, DateTime& when) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return true;
  if (text == "Z") {
    when.offset = 0;
    when.zone = offset_zone_name(0);
    return true;
  }
  const bool west = text[0] == '-';
  int hours = 0;
  int minutes = 0;
  if (!take(text, "+-") || !take_decimals(text, 2, 2, hours)) return false;
  if (!text.empty()) {
    take(text, ":");
    if (!take_decimals(text, 2, 2, minutes) || !text.empty()) return false;
  }
  const int offset = hours * 60 + minutes;
  if (offset >= 24 * 60) return false;
  char name[32];
  std::snprintf(name, sizeof name, "%c%02d%02d", west && offset != 0 ? '-' : '+', offset / 60, offset % 60);
  when.offset = (west ? -offset : offset) * 60;
  when.zone = kept_zone_name(name);
  when.is_zone_named = true;
  return true;
}

/// Django 4.2's pattern: one or two digits of any script, `T` or space, white space before the zone.
std::optional<DateTime> lenient(std::string_view text) {
  DateTime when;
  if (!take_decimals(text, 4, 4, when.year) || !take(text, "-") || !take_decimals(text, 1, 2, when.month) ||
      !take(text, "-") || !take_decimals(text, 1, 2, when.day) || !take(text, "T ") ||
      !take_decimals(text, 1, 2, when.hour) || !take(text, ":") || !take_decimals(text, 1, 2, when.minute)) {
    return std::nullopt;
  }
  if (take(text, ":")) {
    if (!take_decimals(text, 1, 2, when.second)) return std::nullopt;
    if (take(text, ".,") && !take_fraction(text, when.microsecond)) return std::nullopt;
  }
  while (!text.empty() && is_white_space(character_at(text, 0).code)) text.remove_prefix(character_at(text, 0).size);
  if (!take_zone(text, when) || !valid(when)) return std::nullopt;
  return when;
}

}  // namespace

std::string_view offset_zone_name(int offset) {
  if (offset == 0) return "UTC";
  const int size = offset < 0 ? -offset : offset;
  char text[24];
  const int length =
      std::snprintf(text, sizeof text, "UTC%c%02d:%02d", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  if (size % 60 != 0) {
    std::snprintf(text + length, sizeof text - static_cast<std::size_t>(length), ":%02d", size % 60);
  }
  return kept_zone_name(text);
}

std::optional<DateTime> from_isoformat(std::string_view text) {
  if (std::optional<DateTime> when = strict(text)) return when;
  return lenient(text);
}

}  // namespace tocsin::clock
