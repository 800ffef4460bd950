#include "clock/clock.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "clock/civil.hpp"

using namespace tocsin::clock;

namespace {

std::string shown(std::string_view text) {
  const auto when = from_isoformat(text);
  return when ? to_text(*when) : "None";
}

std::string parsed(std::string_view text, std::string_view format) {
  DateTime when;
  const auto error = strptime(text, format, when);
  return error ? error->message : to_text(when);
}

std::string formatted(std::string_view iso, std::string_view format) {
  return strftime(*from_isoformat(iso), format);
}

}  // namespace

TEST_CASE("instants are written and read as the API has them") {
  CHECK(to_iso8601(Instant::from_micros(1589891821430444)) == "2020-05-19T12:37:01.430444Z");
  CHECK(to_iso8601(Instant::from_seconds(1589891821)) == "2020-05-19T12:37:01Z");
  CHECK(to_iso8601(Instant::from_seconds(-1)) == "1969-12-31T23:59:59Z");
  CHECK(from_iso8601("2020-05-19T12:37:01.430444Z")->micros() == 1589891821430444);
  CHECK(from_iso8601("2020-05-19T14:37:01+02:00")->micros() == 1589891821000000);
  CHECK_FALSE(from_iso8601("2020-05-19").has_value());
  CHECK_FALSE(from_iso8601("2020-13-19T00:00:00Z").has_value());
}

TEST_CASE("days and dates go both ways") {
  for (std::int64_t day = -719'162; day <= 2'932'896; day += 97) {
    DateTime when;
    civil_from_days(day, when);
    REQUIRE(days_from_civil(when.year, when.month, when.day) == day);
  }
  CHECK(weekday(DateTime{2024, 5, 17}) == 4);
  CHECK(day_of_year(DateTime{2024, 12, 31}) == 366);
  CHECK(iso_week(DateTime{2021, 1, 3}).year == 2020);
  CHECK(iso_week(DateTime{2021, 1, 3}).week == 53);
  CHECK(iso_week(DateTime{2024, 12, 30}).week == 1);
}

TEST_CASE("fromisoformat, and Django's more lenient pattern") {
  CHECK(shown("2024-05-17T09:41:07.123456Z") == "2024-05-17 09:41:07.123456+00:00");
  CHECK(shown("2024-05-17") == "2024-05-17 00:00:00");
  CHECK(shown("20231122T153000Z") == "2023-11-22 15:30:00+00:00");
  CHECK(shown("2021-02-28T23:59:07.104857601Z") == "2021-02-28 23:59:07.104857+00:00");
  CHECK(shown("2024-5-7 9:41") == "2024-05-07 09:41:00");
  CHECK(shown("2024-05-17T09:41:07 +0230") == "2024-05-17 09:41:07+02:30");
  CHECK(shown("2024-W20-5") == "2024-05-17 00:00:00");
  CHECK(shown("0001-01-01T00:00:00Z") == "0001-01-01 00:00:00+00:00");
  CHECK(shown("2024-02-30") == "None");
  CHECK(shown("soon") == "None");
}

TEST_CASE("strftime") {
  const char* iso = "2024-05-07T09:04:07.000123+02:00";
  CHECK(formatted(iso, "%H:%M / %d-%m-%Y") == "09:04 / 07-05-2024");
  CHECK(formatted(iso, "%-d %e %j %U %W %G-W%V-%u %y %C %p %I %l") == "7  7 128 18 19 2024-W19-2 24 20 AM 09  9");
  CHECK(formatted(iso, "%a %A %b %B %^a %f %z %s %%") == "Tue Tuesday May May TUE 000123 +0200 1715072647 %");
  CHECK(formatted(iso, "%c|%x|%X|%D|%F|%T|%R|%r") ==
        "Tue May  7 09:04:07 2024|05/07/24|09:04:07|05/07/24|2024-05-07|09:04:07|09:04|09:04:07 AM");
  CHECK(formatted("2024-05-07T09:04:07", "[%z%Z]%") == "[]%");
}

TEST_CASE("strptime") {
  CHECK(parsed("09:41 / 17-05-2024", "%H:%M / %d-%m-%Y") == "2024-05-17 09:41:00");
  CHECK(parsed("1/2/24", "%m/%d/%y") == "2024-01-02 00:00:00");
  CHECK(parsed("Fri May 17 2024 1:05 pm", "%a %b %d %Y %I:%M %p") == "2024-05-17 13:05:00");
  CHECK(parsed("2024-05-17T09:41:07.5+02:30", "%Y-%m-%dT%H:%M:%S.%f%z") == "2024-05-17 09:41:07.500000+02:30");
  CHECK(parsed("20240517", "%Y%m%d") == "2024-05-17 00:00:00");
  CHECK(parsed("112", "%m%d") == "1900-11-02 00:00:00");
  CHECK(parsed("2024 138", "%Y %j") == "2024-05-17 00:00:00");
  CHECK(parsed("x", "%Y") == "time data 'x' does not match format '%Y'");
  CHECK(parsed("2024x", "%Y") == "unconverted data remains: x");
  CHECK(parsed("30-02-2024", "%d-%m-%Y") == "day is out of range for month");
  CHECK(parsed("x", "%Q") == "'Q' is a bad directive in format '%Q'");
  CHECK(parsed("1 1", "%d %d") == "redefinition of group name 'd' as group 2; was group 1 at position 48");
}

TEST_CASE("zones by name, whatever its case") {
  const DateTime utc = *from_isoformat("2024-07-01T12:00:00Z");
  const auto berlin = in_zone(utc, "europe/BERLIN");
  REQUIRE(berlin.has_value());
  CHECK(strftime(*berlin, "%H:%M %Z %z") == "14:00 CEST +0200");
  // As pytz, which knows no change of clocks after 2037.
  CHECK(strftime(*in_zone(*from_isoformat("2037-07-04T12:00:00Z"), "America/New_York"), "%H %Z") == "08 EDT");
  CHECK(strftime(*in_zone(*from_isoformat("2045-07-04T12:00:00Z"), "America/New_York"), "%H %Z") == "07 EST");
  CHECK_FALSE(in_zone(utc, "Mars/Olympus").has_value());
}

TEST_CASE("durations print as Python's timedelta") {
  CHECK(timedelta_text(0) == "0:00:00");
  CHECK(timedelta_text(90'000'000'000) == "1 day, 1:00:00");
  CHECK(timedelta_text(-1'000'000) == "-1 day, 23:59:59");
  CHECK(timedelta_text(1'500'000) == "0:00:01.500000");
}

TEST_CASE("a virtual clock wakes those whose instant has come") {
  VirtualClock clock(Instant::from_seconds(100));
  std::mutex mutex;
  std::condition_variable changed;
  bool woke = false;
  std::jthread waiter([&] {
    std::unique_lock lock(mutex);
    while (clock.now() < Instant::from_seconds(200)) clock.wait_until(lock, changed, Instant::from_seconds(200));
    woke = true;
  });
  clock.advance(std::chrono::seconds(50));
  clock.set(Instant::from_seconds(200));
  waiter.join();
  CHECK(woke);
}
