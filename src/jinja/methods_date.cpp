// The methods and data attributes of datetime, date, time, timedelta and timezone.
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "clock/timedelta.hpp"
#include "jinja/clock_errors.hpp"
#include "jinja/library.hpp"
#include "jinja/named_tuples.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

/// The point that a datetime, date or time stands for.
const clock::DateTime& when_of(Value self) {
  if (const auto* datetime = object_of<DateTimeObject>(self)) return datetime->when;
  if (const auto* date = object_of<DateObject>(self)) return date->when;
  return object_of<TimeObject>(self)->when;
}

Value made(Evaluation& evaluation, const clock::DateTime& when) {
  return datetime_value(evaluation.arena(), when);
}

Value strftime(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static constexpr Names parameters[] = {"self", "format"};
  if (arguments.named.size() > 1) {
    value::raise_type("strftime() takes at most 1 keyword argument (" + std::to_string(arguments.named.size()) +
                      " given)");
  }
  Value slots[1];
  const bool named =
      arguments.positional.empty() && arguments.named.size() == 1 && arguments.named[0].first == "format";
  if (named) {
    bind({"strftime", parameters, 2}, arguments, slots);
  } else if (arguments.positional.empty()) {
    value::raise_type("strftime() missing required argument 'format' (pos 1)");
  } else if (arguments.positional.size() > 1) {
    value::raise_type("strftime() takes at most 1 argument (" + std::to_string(arguments.positional.size()) +
                      " given)");
  } else {
    slots[0] = one_argument("strftime", arguments);
  }
  const Value format = slots[0];
  if (!format.is_string()) {
    value::raise_type("strftime() argument 1 must be str, not " + std::string(value::argument_type(format)));
  }
  charge_bytes(evaluation, format.as_text().size());
  return evaluation.text(clock::strftime(when_of(self), format.as_text()));
}

std::string_view text_argument(std::string_view function, std::string_view name, Value v) {
  if (!v.is_string()) {
    value::raise_type(std::string(function) + "() argument '" + std::string(name) + "' must be str, not " +
                      std::string(value::argument_type(v)));
  }
  return v.as_text();
}

Value isoformat(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static constexpr Names parameters[] = {"self", "sep", "timespec"};
  Value slots[] = {Value::text("T"), Value::text("auto")};
  for (const auto& [name, item] : arguments.named) {
    if (name == "sep" || name == "timespec") continue;
    value::raise_type("'" + std::string(name) + "' is an invalid keyword argument for isoformat()");
  }
  if (object_of<DateTimeObject>(self) != nullptr) {
    bind({"isoformat", parameters, 1}, arguments, slots);
  } else if (object_of<DateObject>(self) != nullptr) {
    expect_no_arguments("date.isoformat", arguments);
  } else {
    static constexpr Names time_parameters[] = {"self", "timespec"};
    bind({"isoformat", time_parameters, 1}, arguments, std::span(slots).subspan(1));
  }
  if (!slots[0].is_string()) {
    value::raise_type("isoformat() argument 1 must be a unicode character, not " +
                      std::string(value::argument_type(slots[0])));
  }
  const Names separator = slots[0].as_text();
  if (value::is_integer(slots[0]) || evaluation.length(slots[0]) != 1) {
    value::raise_type("isoformat() argument 1 must be a unicode character, not str");
  }
  const std::string text =
      or_raise(clock::isoformat(when_of(self), separator, text_argument("isoformat", "timespec", slots[1])));
  constexpr std::size_t date_size = 10;
  if (object_of<DateObject>(self) != nullptr) return evaluation.text(text.substr(0, date_size));
  if (object_of<TimeObject>(self) != nullptr) return evaluation.text(text.substr(date_size + separator.size()));
  return evaluation.text(text);
}

Value date(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.date", arguments);
  const clock::DateTime& when = when_of(self);
  clock::DateTime day{when.year, when.month, when.day};
  return Value::object(make_object<DateObject>(evaluation.arena(), day));
}

Value time_of_day(Evaluation& evaluation, Value self, bool keeps_zone) {
  clock::DateTime when = when_of(self);
  // strftime of a time shows 1900-01-01, as Python's does.
  when.year = 1900;
  when.month = when.day = 1;
  if (!keeps_zone) when.offset.reset();
  if (!keeps_zone) when.zone = {};
  return Value::object(make_object<TimeObject>(evaluation.arena(), when));
}

Value time(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.time", arguments);
  return time_of_day(evaluation, self, false);
}

Value timetz(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.timetz", arguments);
  return time_of_day(evaluation, self, true);
}

Value timestamp(Evaluation&, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.timestamp", arguments);
  return Value::real(or_raise(clock::timestamp(when_of(self))));
}

template <int first>
Value weekday(Evaluation&, Value self, const Arguments& arguments) {
  expect_no_arguments(first == 0 ? "datetime.weekday" : "datetime.isoweekday", arguments);
  return Value::integer(clock::weekday(when_of(self)) + first);
}

Value isocalendar(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.isocalendar", arguments);
  const clock::IsoWeek week = clock::iso_week(when_of(self));
  const Value parts[] = {Value::integer(week.year), Value::integer(week.week), Value::integer(week.day)};
  return named_tuple(evaluation.arena(), TupleClass::iso_week, parts);
}

/// struct_time of a wall clock.
Value time_tuple(Evaluation& evaluation, const clock::DateTime& when, int is_dst) {
  std::vector<Value> parts;
  for (const int part : {when.year, when.month, when.day, when.hour, when.minute, when.second, clock::weekday(when),
                         clock::day_of_year(when), is_dst}) {
    parts.push_back(Value::integer(part));
  }
  return named_tuple(evaluation.arena(), TupleClass::time, parts);
}

Value timetuple(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.timetuple", arguments);
  return time_tuple(evaluation, when_of(self), -1);
}

Value utctimetuple(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.utctimetuple", arguments);
  const clock::DateTime& when = when_of(self);
  const auto utc =
      clock::from_wall_micros(clock::wall_micros(when) - when.offset.value_or(0) * std::int64_t{1'000'000});
  if (!utc) value::raise(value::PythonErrorKind::overflow, "date value out of range");
  return time_tuple(evaluation, *utc, 0);
}

Value toordinal(Evaluation&, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.toordinal", arguments);
  const clock::DateTime& when = when_of(self);
  constexpr std::int64_t ordinal_of_1970 = 719'163;
  return Value::integer(clock::days_from_civil(when.year, when.month, when.day) + ordinal_of_1970);
}

/// The offset of an aware value or of a zone.
std::optional<int> offset_of(Value self) {
  if (const auto* zone = object_of<TimezoneObject>(self)) return zone->offset;
  return when_of(self).offset;
}

/// A zone's methods take the datetime they are asked for; those of a datetime take nothing.
void expect_zone_arguments(std::string_view method, Value self, const Arguments& arguments) {
  if (object_of<TimezoneObject>(self) == nullptr) return expect_no_arguments(method, arguments);
  one_argument("timezone." + std::string(method), arguments);
}

Value utcoffset(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_zone_arguments("utcoffset", self, arguments);
  const std::optional<int> offset = offset_of(self);
  return offset ? timedelta_value(evaluation.arena(), clock::TimeDelta::from_seconds(*offset)) : Value();
}

Value dst(Evaluation&, Value self, const Arguments& arguments) {
  expect_zone_arguments("dst", self, arguments);
  return Value();
}

Value tzname(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_zone_arguments("tzname", self, arguments);
  if (const auto* zone = object_of<TimezoneObject>(self)) return evaluation.text(zone->zone);
  return when_of(self).offset ? evaluation.text(when_of(self).zone) : Value();
}

Value astimezone(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static constexpr Names parameters[] = {"self", "tz"};
  Value slots[] = {Value()};
  bind({"astimezone", parameters, 1}, arguments, slots);
  const auto* zone = object_of<TimezoneObject>(slots[0]);
  if (zone == nullptr && !slots[0].is_none()) value::raise_type("tz argument must be an instance of tzinfo");
  const clock::DateTime& when = when_of(self);
  if (!when.offset && when.year == 1 && when.month == 1 && when.day == 1) value::raise_value("year 0 is out of range");
  const int offset = zone == nullptr ? 0 : zone->offset;
  const std::int64_t utc = clock::instant_of(when).micros();
  std::optional<clock::DateTime> local = clock::from_wall_micros(utc + std::int64_t{offset} * 1'000'000);
  if (!local) value::raise(value::PythonErrorKind::overflow, "date value out of range");
  local->offset = offset;
  local->zone = zone == nullptr ? Names("UTC") : zone->zone;
  local->is_zone_named = zone == nullptr || zone->is_named;
  return made(evaluation, *local);
}

int small_integer(Value v) {
  const std::int64_t number = index_of(v);
  if (number > 2'147'483'647 || number < -2'147'483'648) {
    value::raise(value::PythonErrorKind::overflow, "Python int too large to convert to C int");
  }
  return static_cast<int>(number);
}

void set_zone(clock::DateTime& when, Value zone) {
  const auto* given = object_of<TimezoneObject>(zone);
  if (given == nullptr && !zone.is_none()) {
    value::raise_type("tzinfo argument must be None or of a tzinfo subclass, not type '" +
                      std::string(value::type_name(zone)) + "'");
  }
  when.offset.reset();
  when.zone = {};
  when.is_zone_named = false;
  if (given == nullptr) return;
  when.offset = given->offset;
  when.zone = given->zone;
  when.is_zone_named = given->is_named;
}

Value replace(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static constexpr Names parameters[] = {"self",   "year",   "month",       "day",    "hour",
                                         "minute", "second", "microsecond", "tzinfo", "fold"};
  clock::DateTime when = when_of(self);
  int* const fields[] = {&when.year, &when.month, &when.day, &when.hour, &when.minute, &when.second, &when.microsecond};
  // Undefined marks what is not given: None is a tzinfo.
  std::array<Value, 9> slots;
  slots.fill(Value::undefined());
  const bool date_only = object_of<DateObject>(self) != nullptr;
  const std::span<const Names> known = std::span(parameters).subspan(1, date_only ? 3 : 9);
  for (const auto& [name, item] : arguments.named) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      value::raise_type("'" + std::string(name) + "' is an invalid keyword argument for replace()");
    }
  }
  if (arguments.positional.size() + arguments.named.size() > 9) {
    value::raise_type("replace() takes at most 9 arguments (" +
                      std::to_string(arguments.positional.size() + arguments.named.size()) + " given)");
  }
  if (arguments.positional.size() > 8) {
    value::raise_type("replace() takes at most 8 positional arguments (" + std::to_string(arguments.positional.size()) +
                      " given)");
  }
  const auto given = [](Value v) { return v.is_undefined(); };
  if (std::any_of(arguments.positional.begin(), arguments.positional.end(), given) ||
      std::any_of(arguments.named.begin(), arguments.named.end(),
                  [&](const Keyword& each) { return given(each.second); })) {
    value::raise_type("'Undefined' object cannot be interpreted as an integer");
  }
  bind({"replace", parameters, 1}, arguments, slots);
  for (std::size_t i = 0; i < std::size(fields); ++i) {
    if (!slots[i].is_undefined()) *fields[i] = small_integer(slots[i]);
  }
  if (!slots[7].is_undefined()) set_zone(when, slots[7]);
  if (const base::Status valid = clock::check_fields(when); !valid) raise_clock(valid.error());
  if (object_of<DateObject>(self) != nullptr) return Value::object(make_object<DateObject>(evaluation.arena(), when));
  if (object_of<TimeObject>(self) != nullptr) return Value::object(make_object<TimeObject>(evaluation.arena(), when));
  return made(evaluation, when);
}

Value ctime(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("datetime.ctime", arguments);
  return evaluation.text(clock::strftime(when_of(self), "%a %b %e %H:%M:%S %Y"));
}

Value total_seconds(Evaluation&, Value self, const Arguments& arguments) {
  expect_no_arguments("timedelta.total_seconds", arguments);
  return Value::real(clock::total_seconds(object_of<TimeDeltaObject>(self)->span));
}

constexpr Entry<MethodName, Method> date_table[] = {
    {MethodName::ctime, ctime},           {MethodName::isocalendar, isocalendar}, {MethodName::isoformat, isoformat},
    {MethodName::isoweekday, weekday<1>}, {MethodName::replace, replace},         {MethodName::strftime, strftime},
    {MethodName::timetuple, timetuple},   {MethodName::toordinal, toordinal},     {MethodName::weekday, weekday<0>},
};
constexpr Entry<MethodName, Method> time_table[] = {
    {MethodName::dst, dst},           {MethodName::isoformat, isoformat}, {MethodName::replace, replace},
    {MethodName::strftime, strftime}, {MethodName::tzname, tzname},       {MethodName::utcoffset, utcoffset},
};
constexpr Entry<MethodName, Method> datetime_table[] = {
    {MethodName::astimezone, astimezone},
    {MethodName::date, date},
    {MethodName::dst, dst},
    {MethodName::time, time},
    {MethodName::timestamp, timestamp},
    {MethodName::timetz, timetz},
    {MethodName::tzname, tzname},
    {MethodName::utcoffset, utcoffset},
    {MethodName::utctimetuple, utctimetuple},
};
constexpr Entry<MethodName, Method> timedelta_table[] = {{MethodName::total_seconds, total_seconds}};
constexpr Entry<MethodName, Method> zone_table[] = {
    {MethodName::dst, dst}, {MethodName::tzname, tzname}, {MethodName::utcoffset, utcoffset}};

bool field_of(const clock::DateTime& when, MethodName name, int& out) {
  switch (name) {
    case MethodName::year: out = when.year; return true;
    case MethodName::month: out = when.month; return true;
    case MethodName::day: out = when.day; return true;
    case MethodName::hour: out = when.hour; return true;
    case MethodName::minute: out = when.minute; return true;
    case MethodName::second: out = when.second; return true;
    case MethodName::microsecond: out = when.microsecond; return true;
    case MethodName::fold: out = 0; return true;
    default: return false;
  }
}

bool is_date_field(MethodName name) {
  return name == MethodName::year || name == MethodName::month || name == MethodName::day;
}

bool span_attribute(Evaluation& evaluation, const clock::TimeDelta& span, MethodName name, Value& out) {
  constexpr int most_days = 999'999'999;
  switch (name) {
    case MethodName::days: out = Value::integer(span.days); return true;
    case MethodName::seconds: out = Value::integer(span.seconds); return true;
    case MethodName::microseconds: out = Value::integer(span.microseconds); return true;
    case MethodName::resolution: out = timedelta_value(evaluation.arena(), clock::TimeDelta{0, 0, 1}); return true;
    case MethodName::min: out = timedelta_value(evaluation.arena(), clock::TimeDelta{-most_days, 0, 0}); return true;
    case MethodName::max:
      out = timedelta_value(evaluation.arena(), clock::TimeDelta{most_days, 86'399, 999'999});
      return true;
    default: return false;
  }
}

/// min, max and resolution of the class.
bool limit_of(Evaluation& evaluation, Value self, MethodName name, Value& out) {
  const bool date_only = object_of<DateObject>(self) != nullptr;
  const bool time_only = object_of<TimeObject>(self) != nullptr;
  const auto shaped = [&](clock::DateTime when) {
    if (date_only) return Value::object(make_object<DateObject>(evaluation.arena(), when));
    if (!time_only) return made(evaluation, when);
    when.year = 1900;
    when.month = when.day = 1;
    return Value::object(make_object<TimeObject>(evaluation.arena(), when));
  };
  switch (name) {
    case MethodName::min: out = shaped({1, 1, 1}); return true;
    case MethodName::max: out = shaped({9999, 12, 31, 23, 59, 59, 999'999}); return true;
    case MethodName::resolution:
      out = timedelta_value(evaluation.arena(), clock::TimeDelta{date_only ? 1 : 0, 0, date_only ? 0 : 1});
      return true;
    default: return false;
  }
}

bool is_known(Value self) {
  return object_of<DateTimeObject>(self) != nullptr || object_of<DateObject>(self) != nullptr ||
         object_of<TimeObject>(self) != nullptr;
}

}  // namespace

Method date_method(Value self, MethodName name) {
  if (object_of<TimeDeltaObject>(self) != nullptr) return method_in(timedelta_table, name);
  if (object_of<TimezoneObject>(self) != nullptr) return method_in(zone_table, name);
  if (object_of<TimeObject>(self) != nullptr) return method_in(time_table, name);
  const bool datetime = object_of<DateTimeObject>(self) != nullptr;
  if (!datetime && object_of<DateObject>(self) == nullptr) return nullptr;
  if (const Method method = method_in(date_table, name)) return method;
  return datetime ? (method_in(datetime_table, name) != nullptr ? method_in(datetime_table, name)
                                                                : datetime_class_method(name))
                  : nullptr;
}

bool date_attribute(Evaluation& evaluation, Value self, MethodName name, Value& out) {
  if (const auto* delta = object_of<TimeDeltaObject>(self)) return span_attribute(evaluation, delta->span, name, out);
  if (const auto* zone = object_of<TimezoneObject>(self)) {
    if (name != MethodName::utc) return false;
    out = Value::object(make_object<TimezoneObject>(evaluation.arena(), 0, Names("UTC"), false));
    return zone != nullptr;
  }
  if (!is_known(self)) return false;
  const bool date_only = object_of<DateObject>(self) != nullptr;
  const bool time_only = object_of<TimeObject>(self) != nullptr;
  int field = 0;
  if (field_of(when_of(self), name, field)) {
    if ((date_only && !is_date_field(name)) || (time_only && is_date_field(name))) return false;
    out = Value::integer(field);
    return true;
  }
  if (limit_of(evaluation, self, name, out)) return true;
  if (name != MethodName::tzinfo || date_only) return false;
  const clock::DateTime& when = when_of(self);
  out = Value();
  if (when.offset) {
    out = Value::object(make_object<TimezoneObject>(evaluation.arena(), *when.offset, when.zone, when.is_zone_named));
  }
  return true;
}

}  // namespace tocsin::jinja
