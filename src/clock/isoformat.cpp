#include <cstdio>

#include "clock/civil.hpp"

namespace tocsin::clock {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes exactly `count` digits.
bool take_digits(std::string_view& text, int count, int& out) {
  if (text.size() < static_cast<std::size_t>(count)) return false;
  out = 0;
  for (int i = 0; i < count; ++i) {
    if (!is_digit(text[static_cast<std::size_t>(i)])) return false;
    out = out * 10 + (text[static_cast<std::size_t>(i)] - '0');
  }
  text.remove_prefix(static_cast<std::size_t>(count));
  return true;
}

/// One or two digits.
bool take_one_or_two(std::string_view& text, int& out) {
  if (text.empty() || !is_digit(text[0])) return false;
  return take_digits(text, text.size() > 1 && is_digit(text[1]) ? 2 : 1, out);
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool valid(const DateTime& when) {
  return when.year >= 1 && when.year <= 9999 && when.month >= 1 && when.month <= 12 && when.day >= 1 &&
         when.day <= days_in_month(when.year, when.month) && when.hour <= 23 && when.minute <= 59 && when.second <= 59;
}

/// The fraction of a second, at least one digit, cut after six.
bool take_fraction(std::string_view& text, int& micros) {
  if (text.empty() || !is_digit(text[0])) return false;
  micros = 0;
  int digits = 0;
  while (!text.empty() && is_digit(text[0])) {
    if (digits < 6) micros = micros * 10 + (text[0] - '0');
    ++digits;
    text.remove_prefix(1);
  }
  for (; digits < 6; ++digits) micros *= 10;
  return true;
}

bool take_date(std::string_view& text, DateTime& when) {
  if (!take_digits(text, 4, when.year)) return false;
  const bool dashes = take(text, '-');
  if (take(text, 'W')) {
    int week = 0;
    int day = 1;
    if (!take_digits(text, 2, week)) return false;
    const bool has_day = dashes ? take(text, '-') : !text.empty() && is_digit(text[0]);
    if (has_day && !take_digits(text, 1, day)) return false;
    if (week < 1 || week > 53 || day < 1 || day > 7) return false;
    DateTime fourth;
    fourth.year = when.year;
    fourth.day = 4;
    const std::int64_t monday = days_from_civil(when.year, 1, 4) - weekday(fourth);
    const int year = when.year;
    civil_from_days(monday + (week - 1) * 7 + day - 1, when);
    return iso_week(when).year == year && when.year >= 1 && when.year <= 9999;
  }
  if (!take_digits(text, 2, when.month)) return false;
  if (dashes != take(text, '-')) return false;
  return take_digits(text, 2, when.day);
}

/// `HH[:MM[:SS[.ffffff]]]`, colons everywhere or nowhere.
bool take_time(std::string_view& text, int& hour, int& minute, int& second, int& micros) {
  if (!take_digits(text, 2, hour)) return false;
  if (text.empty() || (text[0] != ':' && !is_digit(text[0]))) return true;
  const bool colons = take(text, ':');
  if (!take_digits(text, 2, minute)) return false;
  if (text.empty() || (colons ? text[0] != ':' : !is_digit(text[0]))) return true;
  if (colons) take(text, ':');
  if (!take_digits(text, 2, second)) return false;
  if (text.empty() || (text[0] != '.' && text[0] != ',')) return true;
  text.remove_prefix(1);
  return take_fraction(text, micros);
}

std::string_view utc_name() { return "UTC"; }

/// A zone's printed name; such texts are few, so each is kept for the life of the process.
std::string_view offset_name(int offset, bool with_utc) {
  static thread_local char text[24];
  if (offset == 0 && with_utc) return utc_name();
  const int size = offset < 0 ? -offset : offset;
  std::snprintf(text, sizeof text, with_utc ? "UTC%c%02d:%02d" : "%c%02d%02d", offset < 0 ? '-' : '+', size / 3600,
                size / 60 % 60);
  return kept_zone_name(text);
}

/// Python 3.11's datetime.fromisoformat.
std::optional<DateTime> strict(std::string_view text) {
  DateTime when;
  if (!take_date(text, when) || !valid(when)) return std::nullopt;
  if (text.empty()) return when;
  // Any one character may stand between date and time.
  std::size_t separator = 1;
  while (separator < text.size() && (static_cast<unsigned char>(text[separator]) & 0xC0) == 0x80) ++separator;
  text.remove_prefix(separator);
  if (!take_time(text, when.hour, when.minute, when.second, when.microsecond)) return std::nullopt;
  if (!valid(when)) return std::nullopt;
  if (text.empty()) return when;
  if (text == "Z") {
    when.offset = 0;
    when.zone = utc_name();
    return when;
  }
  const bool minus = text[0] == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
  if (!take_time(text, hour, minute, second, micros) || !text.empty()) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const int offset = hour * 3600 + minute * 60 + second;
  when.offset = minus ? -offset : offset;
  when.zone = offset_name(*when.offset, true);
  return when;
}

/// Django 4.2's pattern: one or two digits, `T` or space, spaces before the zone.
std::optional<DateTime> lenient(std::string_view text) {
  DateTime when;
  if (!take_digits(text, 4, when.year) || !take(text, '-') || !take_one_or_two(text, when.month) || !take(text, '-') ||
      !take_one_or_two(text, when.day) || text.empty() || (text[0] != 'T' && text[0] != ' ')) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  if (!take_one_or_two(text, when.hour) || !take(text, ':') || !take_one_or_two(text, when.minute)) return std::nullopt;
  if (take(text, ':')) {
    if (!take_one_or_two(text, when.second)) return std::nullopt;
    if (!text.empty() && (text[0] == '.' || text[0] == ',')) {
      text.remove_prefix(1);
      const std::size_t before = text.size();
      if (!take_fraction(text, when.microsecond) || before - text.size() > 12) return std::nullopt;
    }
  }
  while (!text.empty() && (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r'))) text.remove_prefix(1);
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!valid(when)) return std::nullopt;
  if (text.empty()) return when;
  if (text == "Z") {
    when.offset = 0;
    when.zone = utc_name();
    return when;
  }
  const bool minus = text[0] == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  int hour = 0;
  int minute = 0;
  if (!take_digits(text, 2, hour)) return std::nullopt;
  take(text, ':');
  if (!text.empty() && !take_digits(text, 2, minute)) return std::nullopt;
  if (!text.empty()) return std::nullopt;
  const int offset = hour * 3600 + minute * 60;
  if (offset >= 86400) return std::nullopt;
  when.offset = minus ? -offset : offset;
  when.zone = offset_name(*when.offset, false);
  return when;
}

}  // namespace

std::optional<DateTime> from_isoformat(std::string_view text) {
  if (std::optional<DateTime> when = strict(text)) return when;
  return lenient(text);
}

}  // namespace tocsin::clock
