// Civil dates and times as Python's datetime has them: naive or with a fixed offset, years 1 to 9999, microseconds.
// Plain values; proleptic Gregorian calendar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clock/clock.hpp"

namespace tocsin::clock {

/// A point of the calendar. With `offset` (seconds east of UTC) it is aware, else naive.
struct DateTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
  std::optional<int> offset;
  std::string_view zone;       ///< what %Z prints; points to text that lives as long as the process
  bool is_summer = false;      ///< summer time holds, as far as is known; only the C library's %s asks
  bool is_zone_named = false;  ///< the zone was made with its name, which repr() then shows: `UTC` is not timezone.utc
};

/// Days since 1970-01-01 of a date, and back.
std::int64_t days_from_civil(int year, int month, int day);
void civil_from_days(std::int64_t days, DateTime& into);

int days_in_month(int year, int month);
/// Monday is 0.
int weekday(const DateTime& when);
/// 1 to 366.
int day_of_year(const DateTime& when);
/// ISO 8601 week date.
struct IsoWeek {
  int year;
  int week;
  int day;  ///< Monday is 1
};
IsoWeek iso_week(const DateTime& when);

/// Microseconds since 1970-01-01 of the wall clock, the offset not looked at.
std::int64_t wall_micros(const DateTime& when);
/// Does it fall into the years 1 to 9999?
bool is_in_calendar(std::int64_t micros);
/// The wall clock of so many microseconds; nothing outside of years 1 to 9999.
std::optional<DateTime> from_wall_micros(std::int64_t micros);

DateTime utc_of(Instant instant);
/// A naive value counts as UTC.
Instant instant_of(const DateTime& when);

/// Python's str(): `2024-05-17 09:41:07[.123456][+02:00]`; `separator` is `T` for isoformat().
std::string to_text(const DateTime& when, char separator = ' ');
/// Python's str(timedelta): `1 day, 0:00:00`.
std::string timedelta_text(std::int64_t micros);

/// Python 3.11's datetime.fromisoformat, then Django 4.2's more lenient pattern. Nothing when neither fits.
std::optional<DateTime> from_isoformat(std::string_view text);

/// strftime in the C locale with glibc's directives and flags, and Python's %f, %z, %Z. `system_zone` is what the C
/// library's own `%Z` (one with flags, `%#Z`) shows: it knows a zone only when Python knows about daylight saving time.
std::string strftime(const DateTime& when, std::string_view format, std::string_view system_zone = {});

/// Why strptime failed, as Python tells it.
struct StrptimeError {
  enum class Kind { value, regex } kind = Kind::value;
  std::string message;
};
/// Python's datetime.strptime; `into` is set on success (then nothing is returned).
std::optional<StrptimeError> strptime(std::string_view text, std::string_view format, DateTime& into);

/// What Python calls a fixed offset: `UTC`, `UTC+05:30`, `UTC-00:00:01`.
std::string_view offset_zone_name(int offset);

/// A copy of a zone's printed name that lives as long as the process. Such names are few.
std::string_view kept_zone_name(std::string_view name);

/// The aware value in the zone of that IANA name (case does not matter, as pytz); nothing for an unknown zone.
std::optional<DateTime> in_zone(const DateTime& when, std::string_view zone_name);

}  // namespace tocsin::clock
