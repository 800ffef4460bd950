#include "clock/civil.hpp"

#include <array>
#include <cstdio>

namespace tocsin::clock {
namespace {

constexpr std::int64_t day_micros = 86'400'000'000;
constexpr bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

}  // namespace

// The algorithms count from 1 March of year 0 in eras of 400 years, so that the leap day ends each year.
std::int64_t days_from_civil(int year, int month, int day) {
  const std::int64_t y = year - (month <= 2);
  const std::int64_t era = floor_div(y, 400);
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

void civil_from_days(std::int64_t days, DateTime& into) {
  const std::int64_t z = days + 719'468;
  const std::int64_t era = floor_div(z, 146'097);
  const std::int64_t day_of_era = z - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  into.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  into.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  into.year = static_cast<int>(year_of_era + era * 400 + (into.month <= 2));
}

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

int weekday(const DateTime& when) {
  const std::int64_t days = days_from_civil(when.year, when.month, when.day) + 3;
  return static_cast<int>(days - floor_div(days, 7) * 7);
}

int day_of_year(const DateTime& when) {
  return static_cast<int>(days_from_civil(when.year, when.month, when.day) - days_from_civil(when.year, 1, 1)) + 1;
}

IsoWeek iso_week(const DateTime& when) {
  const auto week_one = [](int year) {
    const std::int64_t fourth = days_from_civil(year, 1, 4) + 3;
    return fourth - 3 - (fourth - floor_div(fourth, 7) * 7);
  };
  const std::int64_t day = days_from_civil(when.year, when.month, when.day);
  int year = when.year;
  if (day < week_one(year)) {
    --year;
  } else if (day >= week_one(year + 1)) {
    ++year;
  }
  return {year, static_cast<int>((day - week_one(year)) / 7) + 1, weekday(when) + 1};
}

std::int64_t wall_micros(const DateTime& when) {
  const std::int64_t seconds = when.hour * 3600 + when.minute * 60 + when.second;
  return days_from_civil(when.year, when.month, when.day) * day_micros + seconds * 1'000'000 + when.microsecond;
}

bool is_in_calendar(std::int64_t micros) {
  return micros >= -719'162 * day_micros && micros < 2'932'897 * day_micros;
}

std::optional<DateTime> from_wall_micros(std::int64_t micros) {
  if (!is_in_calendar(micros)) return std::nullopt;
  const std::int64_t days = floor_div(micros, day_micros);
  DateTime when;
  civil_from_days(days, when);
  std::int64_t rest = micros - days * day_micros;
  when.microsecond = static_cast<int>(rest % 1'000'000);
  rest /= 1'000'000;
  when.hour = static_cast<int>(rest / 3600);
  when.minute = static_cast<int>(rest / 60 % 60);
  when.second = static_cast<int>(rest % 60);
  return when;
}

DateTime utc_of(Instant instant) {
  DateTime when = from_wall_micros(instant.micros()).value_or(DateTime{});
  when.offset = 0;
  when.zone = "UTC";
  return when;
}

Instant instant_of(const DateTime& when) {
  return Instant::from_micros(wall_micros(when) - std::int64_t{when.offset.value_or(0)} * 1'000'000);
}

std::string to_text(const DateTime& when, char separator) {
  char text[64];
  int size = std::snprintf(text, sizeof text, "%04d-%02d-%02d%c%02d:%02d:%02d", when.year, when.month, when.day,
                           separator, when.hour, when.minute, when.second);
  if (when.microsecond != 0) {
    size += std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), ".%06d", when.microsecond);
  }
  if (when.offset) {
    const int offset = *when.offset < 0 ? -*when.offset : *when.offset;
    size += std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), "%c%02d:%02d",
                          *when.offset < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
    if (offset % 60 != 0) {
      size += std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), ":%02d", offset % 60);
    }
  }
  return std::string(text, static_cast<std::size_t>(size));
}

std::string timedelta_text(std::int64_t micros) {
  const std::int64_t days = floor_div(micros, day_micros);
  const std::int64_t rest = micros - days * day_micros;
  const std::int64_t seconds = rest / 1'000'000;
  char text[80];
  int size = 0;
  if (days != 0) {
    size = std::snprintf(text, sizeof text, "%lld day%s, ", static_cast<long long>(days),
                         days == 1 || days == -1 ? "" : "s");
  }
  const auto room = [&] { return sizeof text - static_cast<std::size_t>(size); };
  size += std::snprintf(text + size, room(), "%d:%02d:%02d", static_cast<int>(seconds / 3600),
                        static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  if (rest % 1'000'000 != 0) size += std::snprintf(text + size, room(), ".%06d", static_cast<int>(rest % 1'000'000));
  return std::string(text, static_cast<std::size_t>(size));
}

}  // namespace tocsin::clock
