// Python's timedelta, and the arithmetic of dates with it. Plain values; pure.
//
// What may fail returns a Result whose Error says in `where` which exception Python raises (`ValueError`,
// `OverflowError`, `OSError`, `TypeError`, `ZeroDivisionError`, `KeyError`), with CPython's message.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "clock/civil.hpp"

namespace tocsin::clock {

/// A duration as Python keeps it: 0 <= seconds < 86400, 0 <= microseconds < 1000000, at most 999999999 days.
struct TimeDelta {
  int days = 0;
  int seconds = 0;
  int microseconds = 0;

  /// Any number of seconds or microseconds fits.
  static TimeDelta from_seconds(std::int64_t seconds);
  static TimeDelta from_micros(std::int64_t micros);

  std::strong_ordering operator<=>(const TimeDelta&) const = default;
  /// Python's truth of it.
  explicit operator bool() const { return days != 0 || seconds != 0 || microseconds != 0; }
};

/// `timedelta(<unit>=amount)`: `unit_seconds` is the unit's length (1, 60, 3600, 86400, 604800).
base::Result<TimeDelta> timedelta_of(std::int64_t amount, int unit_seconds);

base::Result<TimeDelta> add(TimeDelta a, TimeDelta b);
base::Result<TimeDelta> subtract(TimeDelta a, TimeDelta b);
base::Result<TimeDelta> negate(TimeDelta a);
base::Result<TimeDelta> absolute(TimeDelta a);
base::Result<TimeDelta> multiply(TimeDelta a, std::int64_t factor);
/// By a float: exact, rounded to the nearest microsecond, ties to even.
base::Result<TimeDelta> multiply(TimeDelta a, double factor);
base::Result<TimeDelta> divide(TimeDelta a, std::int64_t divisor);
base::Result<TimeDelta> divide(TimeDelta a, double divisor);
base::Result<double> divide(TimeDelta a, TimeDelta divisor);
base::Result<TimeDelta> floor_divide(TimeDelta a, std::int64_t divisor);
base::Result<std::int64_t> floor_divide(TimeDelta a, TimeDelta divisor);
base::Result<TimeDelta> modulo(TimeDelta a, TimeDelta divisor);
double total_seconds(TimeDelta a);

/// str(): `1 day, 0:00:00`.
std::string to_text(TimeDelta a);
/// repr(): `datetime.timedelta(days=1, seconds=30)`.
std::string python_repr(TimeDelta a);

/// `when + by`; OverflowError past the years 1 to 9999.
base::Result<DateTime> shifted(const DateTime& when, TimeDelta by);
/// `a - b`; TypeError for a naive and an aware value.
base::Result<TimeDelta> difference(const DateTime& a, const DateTime& b);
/// For `<` and the like; TypeError for a naive and an aware value.
base::Result<std::strong_ordering> compare(const DateTime& a, const DateTime& b);
/// `==`: a naive value never equals an aware one.
bool equal(const DateTime& a, const DateTime& b);

/// repr() of a fixed zone: `datetime.timezone.utc`, or `datetime.timezone(datetime.timedelta(0), 'UTC')` when it was
/// made with that name.
std::string zone_repr(int offset, std::string_view name, bool is_named);
/// repr(): `datetime.datetime(2024, 5, 17, 9, 41, tzinfo=datetime.timezone.utc)`.
std::string python_repr(const DateTime& when);
/// isoformat(sep, timespec); a timespec is `auto`, `hours`, `minutes`, `seconds`, `milliseconds` or `microseconds`.
base::Result<std::string> isoformat(const DateTime& when, std::string_view separator = "T",
                                    std::string_view timespec = "auto");
/// The ValueError of the constructor or of replace(), if a field is out of range.
base::Status check_fields(const DateTime& when);

/// timestamp(): seconds since 1970; a naive value counts as UTC. ValueError for a naive value of the year 1's first
/// day.
base::Result<double> timestamp(const DateTime& when);
/// fromtimestamp() in UTC, naive; ValueError, OverflowError or OSError out of range.
base::Result<DateTime> from_timestamp(std::int64_t seconds);
base::Result<DateTime> from_timestamp(double seconds);

/// astimezone() to the zone of that IANA name (case does not matter). KeyError for an unknown zone,
/// OverflowError past the years 1 to 9999. Offsets are rounded to minutes, as pytz does.
base::Result<DateTime> to_zone(const DateTime& when, std::string_view zone_name);

/// An Error of that Python exception.
base::Error python_error(std::string_view exception, std::string message);

}  // namespace tocsin::clock
