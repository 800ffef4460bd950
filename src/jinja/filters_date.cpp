// OnCall's filters of dates and durations.
#include <optional>

#include "clock/timedelta.hpp"
#include "jinja/clock_errors.hpp"
#include "jinja/library.hpp"
#include "jinja/number_text.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

constexpr std::string_view usual_format = "%H:%M / %d-%m-%Y";

Value parse(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "format"};
  Value slots[] = {Value::text(usual_format, Value::ascii)};
  bind({"datetimeparse", parameters, 1}, arguments, slots);
  if (!subject.is_string() || !slots[0].is_string()) return Value();
  charge_bytes(evaluation, subject.as_text().size() + slots[0].as_text().size());
  clock::DateTime when;
  const auto error = clock::strptime(subject.as_text(), slots[0].as_text(), when);
  if (!error) return datetime_value(evaluation.arena(), when);
  if (error->kind == clock::StrptimeError::Kind::regex) value::raise(value::PythonErrorKind::regex, error->message);
  return Value();
}

/// What strftime of a date, a time or both looks at.
std::optional<clock::DateTime> formattable(Value v) {
  if (const auto* datetime = object_of<DateTimeObject>(v)) return datetime->when;
  if (const auto* date = object_of<DateObject>(v)) return date->when;
  if (const auto* time = object_of<TimeObject>(v)) return time->when;
  return std::nullopt;
}

Value format(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "format"};
  Value slots[] = {Value::text(usual_format, Value::ascii)};
  bind({"datetimeformat", parameters, 1}, arguments, slots);
  if (subject.is_undefined()) evaluation.fail_undefined(subject);
  if (!formattable(subject)) return Value();
  return call_method(evaluation, subject, MethodName::strftime, slots);
}

[[noreturn]] void fail_zone(Value zone) {
  value::raise(value::PythonErrorKind::key, value::to_repr(zone));
}

Value format_in_zone(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "format", "tz"};
  Value slots[] = {Value::text(usual_format, Value::ascii), Value::text("UTC", Value::ascii)};
  bind({"datetimeformat_as_timezone", parameters, 1}, arguments, slots);
  if (subject.is_undefined()) evaluation.fail_undefined(subject);
  const auto* datetime = object_of<DateTimeObject>(subject);
  if (datetime == nullptr) return Value();
  const Value zone = slots[1];
  if (zone.is_undefined()) evaluation.fail_undefined(zone);
  if (zone.is_none()) fail_zone(zone);
  if (!zone.is_string()) return Value();
  const base::Result<clock::DateTime> local = clock::to_zone(datetime->when, zone.as_text());
  if (!local && local.error().where == "KeyError") fail_zone(zone);
  if (!local && local.error().where == "ValueError") return Value();
  if (!local) raise_clock(local.error());
  if (!slots[0].is_string()) return Value();
  return evaluation.text(clock::strftime(*local, slots[0].as_text(), "UTC"));
}

Value from_iso8601(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"iso8601_to_time", parameters, 1}, arguments, {});
  if (!subject.is_string()) return Value();
  const std::optional<clock::DateTime> when = clock::from_isoformat(subject.as_text());
  return when ? datetime_value(evaluation.arena(), *when) : Value();
}

Value from_timestamp(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"timestamp_to_datetime", parameters, 1}, arguments, {});
  if (!value::is_number(subject)) return Value();
  if (subject.is(Kind::big_integer)) {
    value::raise(value::PythonErrorKind::overflow, "timestamp out of range for platform time_t");
  }
  const auto when =
      subject.is(Kind::real) ? clock::from_timestamp(subject.as_real()) : clock::from_timestamp(subject.as_integer());
  if (when) return datetime_value(evaluation.arena(), *when);
  if (when.error().where == "ValueError") return Value();
  raise_clock(when.error());
}

int seconds_of_unit(char unit) {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86'400;
    case 'w': return 604'800;
    default: return 0;
  }
}

Value parse_duration(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"timedeltaparse", parameters, 1}, arguments, {});
  if (!subject.is_string()) return Value();
  std::string_view text = subject.as_text();
  if (text.ends_with('\n')) text.remove_suffix(1);
  const int unit = text.empty() ? 0 : seconds_of_unit(text.back());
  if (unit == 0) return Value();
  text.remove_suffix(1);
  std::string_view digits = text;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty()) return Value();
  for (std::string_view rest = digits; !rest.empty();) {
    if (!value::is_in(value::CharClass::decimal, value::next_code(rest))) return Value();
  }
  const std::optional<Value> amount = integer_of(evaluation.arena(), text);
  if (!amount) return Value();
  if (amount->is(Kind::big_integer)) {
    value::raise(value::PythonErrorKind::overflow, "Python int too large to convert to C int");
  }
  return timedelta_value(evaluation.arena(), or_raise(clock::timedelta_of(amount->as_integer(), unit)));
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::datetimeformat, format},         {FilterName::datetimeformat_as_timezone, format_in_zone},
    {FilterName::datetimeparse, parse},           {FilterName::iso8601_to_time, from_iso8601},
    {FilterName::timedeltaparse, parse_duration}, {FilterName::timestamp_to_datetime, from_timestamp},
};

}  // namespace

FilterTable date_filters() {
  return table;
}

}  // namespace tocsin::jinja
