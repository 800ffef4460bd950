// Runs the cases that tests/differential/clock_oracle.py recorded from Python (its head tells their form).
#include "clock/civil.hpp"
#include "clock/timedelta.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

using namespace tocsin;
using namespace tocsin::clock;

namespace {

using Fields = std::vector<std::string>;

/// Splits at a separator; with escapes undone when asked for.
Fields split(const std::string& line, char separator) {
  Fields fields(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == separator) {
      fields.emplace_back();
    } else if (separator == '\t' && line[i] == '\\') {
      const char next = line[++i];
      fields.back() += next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

DateTime date_of(const std::string& field) {
  const Fields parts = split(field, ',');
  REQUIRE(parts.size() == 9);
  DateTime when;
  int* const numbers[] = {&when.year,   &when.month,  &when.day,        &when.hour,
                          &when.minute, &when.second, &when.microsecond};
  for (int i = 0; i < 7; ++i) *numbers[i] = std::stoi(parts[static_cast<std::size_t>(i)]);
  if (parts[7] != "-") when.offset = std::stoi(parts[7]);
  when.zone = kept_zone_name(parts[8]);
  return when;
}

TimeDelta delta_of(const std::string& field) {
  const Fields parts = split(field, ',');
  REQUIRE(parts.size() == 3);
  return {std::stoi(parts[0]), std::stoi(parts[1]), std::stoi(parts[2])};
}

/// Python's float.hex().
std::string hex(double number) {
  if (number == 0) return std::signbit(number) ? "-0x0.0p+0" : "0x0.0p+0";
  char text[40];
  std::snprintf(text, sizeof text, "%.13a", number);
  return text;
}

double real_of(const std::string& field) {
  return std::strtod(field.c_str(), nullptr);
}

std::string shown(const DateTime& when) {
  const std::string zone = when.offset ? std::string(when.zone) : "None";
  return to_text(when) + "|" + zone;
}

std::string fields_of(TimeDelta delta) {
  return std::to_string(delta.days) + "," + std::to_string(delta.seconds) + "," + std::to_string(delta.microseconds);
}

template <class T, class Show>
std::string outcome(const base::Result<T>& result, Show show) {
  return result ? show(*result) : result.error().where + ": " + result.error().message;
}

std::string outcome(const base::Result<TimeDelta>& result) {
  return outcome(result, fields_of);
}
std::string outcome(const base::Result<double>& result) {
  return outcome(result, hex);
}

std::string parsed(const Fields& f) {
  DateTime when;
  const auto error = strptime(f[1], f[2], when);
  if (!error) return shown(when);
  return (error->kind == StrptimeError::Kind::regex ? "error: " : "ValueError: ") + error->message;
}

std::string delta_texts(const Fields& f) {
  const TimeDelta delta = delta_of(f[1]);
  return to_text(delta) + "|" + python_repr(delta) + "|" + hex(total_seconds(delta));
}

std::string truth(bool holds) {
  return holds ? "True" : "False";
}

using Operation = std::function<std::string(const Fields&)>;

std::map<std::string, Operation> date_operations() {
  return {
      {"iso",
       [](const Fields& f) {
         const auto when = from_isoformat(f[1]);
         return when ? shown(*when) : "None";
       }},
      {"strptime", parsed},
      {"strftime", [](const Fields& f) { return strftime(date_of(f[1]), f[2]); }},
      {"zone", [](const Fields& f) { return outcome(to_zone(date_of(f[1]), f[2]), shown); }},
      {"timestamp", [](const Fields& f) { return outcome(timestamp(date_of(f[1]))); }},
      {"fromint", [](const Fields& f) { return outcome(from_timestamp(std::int64_t{std::stoll(f[1])}), shown); }},
      {"fromfloat", [](const Fields& f) { return outcome(from_timestamp(real_of(f[1])), shown); }},
      {"shift",
       [](const Fields& f) {
         return outcome(shifted(date_of(f[1]), delta_of(f[2])), [](const DateTime& when) { return to_text(when); });
       }},
      {"difference", [](const Fields& f) { return outcome(difference(date_of(f[1]), date_of(f[2]))); }},
      {"less",
       [](const Fields& f) {
         return outcome(compare(date_of(f[1]), date_of(f[2])), [](std::strong_ordering o) { return truth(o < 0); });
       }},
      {"equal", [](const Fields& f) { return truth(equal(date_of(f[1]), date_of(f[2]))); }},
      {"repr", [](const Fields& f) { return python_repr(date_of(f[1])); }},
      {"isoformat",
       [](const Fields& f) {
         return outcome(isoformat(date_of(f[1]), f[2], f[3]), [](const std::string& text) { return text; });
       }},
      {"fields",
       [](const Fields& f) {
         const base::Status checked = check_fields(date_of(f[1]));
         return checked ? "fine" : checked.error().where + ": " + checked.error().message;
       }},
  };
}

std::map<std::string, Operation> delta_operations() {
  const auto whole = [](const Fields& f) { return std::int64_t{std::stoll(f[2])}; };
  return {
      {"delta_text", delta_texts},
      {"delta_add", [](const Fields& f) { return outcome(add(delta_of(f[1]), delta_of(f[2]))); }},
      {"delta_sub", [](const Fields& f) { return outcome(subtract(delta_of(f[1]), delta_of(f[2]))); }},
      {"delta_mod", [](const Fields& f) { return outcome(modulo(delta_of(f[1]), delta_of(f[2]))); }},
      {"delta_ratio", [](const Fields& f) { return outcome(divide(delta_of(f[1]), delta_of(f[2]))); }},
      {"delta_floor",
       [](const Fields& f) {
         return outcome(floor_divide(delta_of(f[1]), delta_of(f[2])), [](std::int64_t n) { return std::to_string(n); });
       }},
      {"delta_neg", [](const Fields& f) { return outcome(negate(delta_of(f[1]))); }},
      {"delta_abs", [](const Fields& f) { return outcome(absolute(delta_of(f[1]))); }},
      {"delta_times", [=](const Fields& f) { return outcome(multiply(delta_of(f[1]), whole(f))); }},
      {"delta_over", [=](const Fields& f) { return outcome(divide(delta_of(f[1]), whole(f))); }},
      {"delta_floorint", [=](const Fields& f) { return outcome(floor_divide(delta_of(f[1]), whole(f))); }},
      {"delta_timesreal", [](const Fields& f) { return outcome(multiply(delta_of(f[1]), real_of(f[2]))); }},
      {"delta_overreal", [](const Fields& f) { return outcome(divide(delta_of(f[1]), real_of(f[2]))); }},
      {"delta_of",
       [=](const Fields& f) { return outcome(timedelta_of(std::stoll(f[1]), static_cast<int>(whole(f)))); }},
  };
}

}  // namespace

TEST_CASE("dates behave as Python's") {
  const char* other = std::getenv("TOCSIN_CLOCK_CASES");
  const std::string path = other ? other : std::string(TOCSIN_SOURCE_DIR) + "/tests/cases/clock/oracle.tsv";
  std::ifstream file(path);
  REQUIRE_MESSAGE(file.good(), path);
  std::map<std::string, Operation> operations = date_operations();
  operations.merge(delta_operations());
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    Fields fields = split(line, '\t');
    const auto operation = operations.find(fields[0]);
    REQUIRE_MESSAGE(operation != operations.end(), line);
    const std::string expected = fields.back();
    fields.pop_back();
    CHECK_MESSAGE(operation->second(fields) == expected, line);
    ++cases;
  }
  CHECK(cases > 1000);
}
