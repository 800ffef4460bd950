// The class methods of datetime, which a template reaches through any datetime: `time().fromtimestamp(0)`.
#include "clock/timedelta.hpp"
#include "jinja/clock_errors.hpp"
#include "jinja/library.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

clock::DateTime naive_now(Evaluation& evaluation) {
  clock::DateTime when = clock::utc_of(evaluation.now());
  when.offset.reset();
  when.zone = {};
  return when;
}

/// The zone that a class method is given, on a wall clock that is in UTC.
clock::DateTime in_zone(const clock::DateTime& utc, Value zone) {
  if (zone.is_none()) return utc;
  const auto* given = object_of<TimezoneObject>(zone);
  if (given == nullptr) {
    value::raise_type("tzinfo argument must be None or of a tzinfo subclass, not type '" +
                      std::string(value::type_name(zone)) + "'");
  }
  auto local = clock::from_wall_micros(clock::wall_micros(utc) + std::int64_t{given->offset} * 1'000'000);
  if (!local) value::raise(value::PythonErrorKind::overflow, "date value out of range");
  local->offset = given->offset;
  local->zone = given->zone;
  local->is_zone_named = given->is_named;
  return *local;
}

Value now(Evaluation& evaluation, Value, const Arguments& arguments) {
  static constexpr Names parameters[] = {"cls", "tz"};
  Value slots[] = {Value()};
  bind({"now", parameters, 1}, arguments, slots);
  return datetime_value(evaluation.arena(), in_zone(naive_now(evaluation), slots[0]));
}

Value utcnow(Evaluation& evaluation, Value, const Arguments& arguments) {
  expect_no_arguments("datetime.utcnow", arguments);
  return datetime_value(evaluation.arena(), naive_now(evaluation));
}

clock::DateTime from_seconds(Value v) {
  if (v.is(Kind::real)) return or_raise(clock::from_timestamp(v.as_real()));
  if (v.is(Kind::big_integer)) {
    value::raise(value::PythonErrorKind::overflow, "timestamp out of range for platform time_t");
  }
  return or_raise(clock::from_timestamp(index_of(v)));
}

Value fromtimestamp(Evaluation& evaluation, Value, const Arguments& arguments) {
  static constexpr Names parameters[] = {"cls", "timestamp", "tz"};
  Value slots[] = {Value(), Value()};
  bind({"fromtimestamp", parameters, 2}, arguments, slots);
  return datetime_value(evaluation.arena(), in_zone(from_seconds(slots[0]), slots[1]));
}

Value utcfromtimestamp(Evaluation& evaluation, Value, const Arguments& arguments) {
  return datetime_value(evaluation.arena(), from_seconds(one_argument("datetime.utcfromtimestamp", arguments)));
}

Value strptime(Evaluation& evaluation, Value, const Arguments& arguments) {
  const auto given = positional_arguments("datetime.strptime", arguments, 2, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    if (given[i].is_string()) continue;
    value::raise_type("strptime() argument " + std::to_string(i + 1) + " must be str, not " +
                      std::string(value::argument_type(given[i])));
  }
  charge_bytes(evaluation, given[0].as_text().size() + given[1].as_text().size());
  clock::DateTime when;
  const auto error = clock::strptime(given[0].as_text(), given[1].as_text(), when);
  if (!error) return datetime_value(evaluation.arena(), when);
  const bool regex = error->kind == clock::StrptimeError::Kind::regex;
  value::raise(regex ? value::PythonErrorKind::regex : value::PythonErrorKind::value, error->message);
}

Value fromisoformat(Evaluation& evaluation, Value, const Arguments& arguments) {
  const Value text = one_argument("datetime.fromisoformat", arguments);
  if (!text.is_string()) value::raise_type("fromisoformat: argument must be str");
  const auto when = clock::from_isoformat(text.as_text());
  if (!when) value::raise_value("Invalid isoformat string: " + value::to_repr(text));
  return datetime_value(evaluation.arena(), *when);
}

Value fromordinal(Evaluation& evaluation, Value, const Arguments& arguments) {
  const std::int64_t ordinal = index_of(one_argument("datetime.fromordinal", arguments));
  constexpr std::int64_t ordinal_of_1970 = 719'163;
  constexpr std::int64_t last_ordinal = 3'652'059;
  if (ordinal < 1) value::raise_value("ordinal must be >= 1");
  if (ordinal > last_ordinal) value::raise_value("ordinal must be <= 3652059");
  clock::DateTime when;
  clock::civil_from_days(ordinal - ordinal_of_1970, when);
  return datetime_value(evaluation.arena(), when);
}

Value combine(Evaluation& evaluation, Value, const Arguments& arguments) {
  const auto given = positional_arguments("datetime.combine", arguments, 2, 2);
  const auto* date = object_of<DateObject>(given[0]);
  const auto* datetime = object_of<DateTimeObject>(given[0]);
  const auto* time = object_of<TimeObject>(given[1]);
  if (date == nullptr && datetime == nullptr) {
    value::raise_type("combine() argument 1 must be datetime.date, not " + std::string(value::type_name(given[0])));
  }
  if (time == nullptr) {
    value::raise_type("combine() argument 2 must be datetime.time, not " + std::string(value::type_name(given[1])));
  }
  const clock::DateTime& day = date == nullptr ? datetime->when : date->when;
  clock::DateTime when = time->when;
  when.year = day.year;
  when.month = day.month;
  when.day = day.day;
  return datetime_value(evaluation.arena(), when);
}

Value fromisocalendar(Evaluation& evaluation, Value, const Arguments& arguments) {
  static constexpr Names parameters[] = {"cls", "year", "week", "day"};
  Value slots[] = {Value(), Value(), Value()};
  bind({"fromisocalendar", parameters, 4}, arguments, slots);
  const std::int64_t year = index_of(slots[0]);
  const std::int64_t week = index_of(slots[1]);
  const std::int64_t day = index_of(slots[2]);
  if (year < 1 || year > 9999) value::raise_value("Year is out of range: " + std::to_string(year));
  const auto monday_of_first = [](std::int64_t of_year) {
    const int number = static_cast<int>(of_year);
    return clock::days_from_civil(number, 1, 4) - clock::weekday(clock::DateTime{number, 1, 4});
  };
  const std::int64_t weeks = (monday_of_first(year + 1) - monday_of_first(year)) / 7;
  if (week < 1 || week > weeks) value::raise_value("Invalid week: " + std::to_string(week));
  if (day < 1 || day > 7) value::raise_value("Invalid weekday: " + std::to_string(day) + " (range is [1, 7])");
  clock::DateTime when;
  clock::civil_from_days(monday_of_first(year) + (week - 1) * 7 + day - 1, when);
  return datetime_value(evaluation.arena(), when);
}

constexpr Entry<MethodName, Method> table[] = {
    {MethodName::combine, combine},
    {MethodName::fromisocalendar, fromisocalendar},
    {MethodName::fromisoformat, fromisoformat},
    {MethodName::fromordinal, fromordinal},
    {MethodName::fromtimestamp, fromtimestamp},
    {MethodName::now, now},
    {MethodName::strptime, strptime},
    {MethodName::today, utcnow},
    {MethodName::utcfromtimestamp, utcfromtimestamp},
    {MethodName::utcnow, utcnow},
};

}  // namespace

Method datetime_class_method(MethodName name) {
  return method_in(table, name);
}

}  // namespace tocsin::jinja
