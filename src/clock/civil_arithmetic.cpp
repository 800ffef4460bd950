#include <cmath>
#include <cstdio>
#include <limits>

#include "clock/character.hpp"
#include "clock/timedelta.hpp"

namespace tocsin::clock {
namespace {

constexpr std::int64_t second_micros = 1'000'000;
// The first second of the year 1, and the first of its second day: CPython looks a day back for a fold.
constexpr std::int64_t first_second = -62'135'596'800;
constexpr std::int64_t first_looked_at = first_second + 86'400;

base::Error year_error(std::int64_t year) {
  return python_error("ValueError", "year " + std::to_string(year) + " is out of range");
}

base::Error mixed(const char* verb) {
  return python_error("TypeError", std::string("can't ") + verb + " offset-naive and offset-aware datetimes");
}

bool both_same(const DateTime& a, const DateTime& b) {
  return a.offset.has_value() == b.offset.has_value();
}

/// A civil date of any year.
std::int64_t year_of_second(std::int64_t seconds) {
  const std::int64_t day = seconds / 86'400 - (seconds % 86'400 < 0);
  DateTime date;
  civil_from_days(day, date);
  return date.year;
}

}  // namespace

base::Result<DateTime> shifted(const DateTime& when, TimeDelta by) {
  const auto out_of_range = [] { return python_error("OverflowError", "date value out of range"); };
  // A longer way than this leads out of the calendar from anywhere, and the sum below fits.
  if (by.days > 4'000'000 || by.days < -4'000'000) return out_of_range();
  const std::int64_t micros =
      (std::int64_t{by.days} * 86'400 + by.seconds) * second_micros + by.microseconds + wall_micros(when);
  std::optional<DateTime> moved = from_wall_micros(micros);
  if (!moved) return out_of_range();
  moved->offset = when.offset;
  moved->zone = when.zone;
  moved->is_zone_named = when.is_zone_named;
  return *moved;
}

base::Result<TimeDelta> difference(const DateTime& a, const DateTime& b) {
  if (!both_same(a, b)) return mixed("subtract");
  return TimeDelta::from_micros(instant_of(a).micros() - instant_of(b).micros());
}

base::Result<std::strong_ordering> compare(const DateTime& a, const DateTime& b) {
  if (!both_same(a, b)) return mixed("compare");
  return instant_of(a) <=> instant_of(b);
}

bool equal(const DateTime& a, const DateTime& b) {
  return both_same(a, b) && instant_of(a) == instant_of(b);
}

std::string zone_repr(int offset, std::string_view name, bool is_named) {
  if (offset == 0 && name == "UTC" && !is_named) return "datetime.timezone.utc";
  std::string out = "datetime.timezone(" + python_repr(TimeDelta::from_seconds(offset));
  if (is_named || (!name.empty() && name != offset_zone_name(offset))) out += ", '" + std::string(name) + "'";
  return out + ")";
}

std::string python_repr(const DateTime& when) {
  std::string out = "datetime.datetime(";
  for (const int field : {when.year, when.month, when.day, when.hour}) out += std::to_string(field) + ", ";
  out += std::to_string(when.minute);
  if (when.second != 0 || when.microsecond != 0) out += ", " + std::to_string(when.second);
  if (when.microsecond != 0) out += ", " + std::to_string(when.microsecond);
  if (!when.offset) return out + ")";
  return out + ", tzinfo=" + zone_repr(*when.offset, when.zone, when.is_zone_named) + ")";
}

base::Result<std::string> isoformat(const DateTime& when, std::string_view separator, std::string_view timespec) {
  if (separator.empty() || character_at(separator, 0).size != separator.size()) {
    return python_error("TypeError", "isoformat() argument 1 must be a unicode character, not str");
  }
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", when.year, when.month, when.day);
  std::string out = text + std::string(separator);
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%06d", when.hour, when.minute, when.second, when.microsecond);
  const std::string_view time = text;
  if (timespec == "hours")
    out += time.substr(0, 2);
  else if (timespec == "minutes")
    out += time.substr(0, 5);
  else if (timespec == "seconds" || (timespec == "auto" && when.microsecond == 0))
    out += time.substr(0, 8);
  else if (timespec == "milliseconds")
    out += time.substr(0, 12);
  else if (timespec == "microseconds" || timespec == "auto")
    out += time;
  else
    return python_error("ValueError", "Unknown timespec value");
  // The offset is written as str() writes it, after the nineteen characters of a time without a fraction.
  DateTime whole = when;
  whole.microsecond = 0;
  return out + to_text(whole).substr(19);
}

base::Status check_fields(const DateTime& when) {
  const auto bad = [](const char* message) { return python_error("ValueError", message); };
  if (when.year < 1 || when.year > 9999) return year_error(when.year);
  if (when.month < 1 || when.month > 12) return bad("month must be in 1..12");
  if (when.day < 1 || when.day > days_in_month(when.year, when.month)) return bad("day is out of range for month");
  if (when.hour < 0 || when.hour > 23) return bad("hour must be in 0..23");
  if (when.minute < 0 || when.minute > 59) return bad("minute must be in 0..59");
  if (when.second < 0 || when.second > 59) return bad("second must be in 0..59");
  if (when.microsecond < 0 || when.microsecond > 999'999) return bad("microsecond must be in 0..999999");
  return {};
}

base::Result<double> timestamp(const DateTime& when) {
  const Instant instant = instant_of(when);
  if (when.offset) return total_seconds(TimeDelta::from_micros(instant.micros()));
  const std::int64_t seconds = (instant.micros() - when.microsecond) / second_micros;
  if (seconds < first_looked_at) return year_error(0);
  return static_cast<double>(seconds) + when.microsecond / 1e6;
}

base::Result<DateTime> from_timestamp(std::int64_t seconds) {
  // The C library's years are ints.
  if (seconds < -67'768'040'609'740'800 || seconds > 67'768'036'191'676'799) {
    return python_error("OSError", "[Errno 75] Value too large for defined data type");
  }
  if (seconds < first_second || seconds > 253'402'300'799) return year_error(year_of_second(seconds));
  if (seconds < first_looked_at) return year_error(0);
  return *from_wall_micros(seconds * second_micros);
}

base::Result<DateTime> from_timestamp(double seconds) {
  if (std::isnan(seconds)) return python_error("ValueError", "Invalid value NaN (not a number)");
  double whole = 0;
  // nearbyint rounds half to even, as the default rounding mode has it.
  double micros = std::nearbyint(std::modf(seconds, &whole) * 1e6);
  if (micros >= 1e6) {
    micros -= 1e6;
    whole += 1;
  } else if (micros < 0) {
    micros += 1e6;
    whole -= 1;
  }
  if (!(whole >= -0x1p63 && whole < 0x1p63)) {
    return python_error("OverflowError", "timestamp out of range for platform time_t");
  }
  base::Result<DateTime> when = from_timestamp(static_cast<std::int64_t>(whole));
  if (when) when->microsecond = static_cast<int>(micros);
  return when;
}

}  // namespace tocsin::clock
