// Filters of numbers.
#include <array>
#include <cmath>
#include <optional>

#include "jinja/library.hpp"
#include "jinja/machine.hpp"
#include "jinja/number_text.hpp"
#include "value/big_integer.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_format.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

double real_of_number(Value v) {
  if (v.is(Kind::real)) return v.as_real();
  const std::optional<double> real = value::real_of_integer(v);
  if (!real) value::raise(value::PythonErrorKind::overflow, "int too large to convert to float");
  return *real;
}

Value absolute(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_subject_only("abs", arguments);
  if (subject.is(Kind::real)) return Value::real(std::fabs(subject.as_real()));
  if (value::is_integer(subject)) {
    if (value::order(subject, Value::integer(0), "<") < 0) return value::negate(evaluation.arena(), subject);
    return value::plus(subject);
  }
  if (const auto* delta = object_of<TimeDeltaObject>(subject)) {
    const auto span = clock::absolute(delta->span);
    if (!span) value::raise(value::PythonErrorKind::overflow, span.error().message);
    return timedelta_value(evaluation.arena(), *span);
  }
  value::raise_type("bad operand type for abs(): '" + std::string(value::type_name(subject)) + "'");
}

/// int(v) of what is no text; nothing when Python raises TypeError or ValueError.
std::optional<Value> to_integer(Evaluation& evaluation, Value v, Value base) {
  if (v.is_undefined()) evaluation.fail_undefined(v);
  if (v.is_string()) return integer_of(evaluation.arena(), v.as_text(), value::as_index(base, "base"));
  if (value::is_integer(v)) return value::plus(v);
  if (!v.is(Kind::real) || std::isnan(v.as_real())) return std::nullopt;
  return truncated(evaluation.arena(), v.as_real());
}

/// float(v); nothing when Python raises TypeError or ValueError.
std::optional<double> to_real(Evaluation& evaluation, Value v) {
  if (v.is_undefined()) evaluation.fail_undefined(v);
  if (v.is_string()) return real_of(v.as_text());
  if (value::is_number(v)) return real_of_number(v);
  return std::nullopt;
}

Value to_int(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "default", "base"};
  Value slots[] = {Value::integer(0), Value::integer(10)};
  bind({"do_int", parameters, 1}, arguments, slots);
  if (subject.is_string()) charge_bytes(evaluation, subject.as_text().size());
  const bool usable_base = value::is_integer(slots[1]) && !slots[1].is(Kind::big_integer);
  if (usable_base || !subject.is_string()) {
    if (const std::optional<Value> integer = to_integer(evaluation, subject, slots[1])) return *integer;
  }
  const std::optional<double> real = to_real(evaluation, subject);
  if (!real || std::isnan(*real)) return slots[0];
  return truncated(evaluation.arena(), *real);
}

Value to_float(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "default"};
  Value slots[] = {Value::real(0)};
  bind({"do_float", parameters, 1}, arguments, slots);
  const std::optional<double> real = to_real(evaluation, subject);
  return real ? Value::real(*real) : slots[0];
}

double real_or_fail(Evaluation& evaluation, Value v) {
  if (const std::optional<double> real = to_real(evaluation, v)) return *real;
  if (v.is_string()) value::raise_value("could not convert string to float: " + value::to_repr(v));
  value::raise_type("float() argument must be a string or a real number, not '" + std::string(value::type_name(v)) +
                    "'");
}

Value file_size(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "binary"};
  Value slots[] = {Value::boolean(false)};
  bind({"do_filesizeformat", parameters, 1}, arguments, slots);
  static constexpr std::array<Names, 8> decimal = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  static constexpr std::array<Names, 8> binary = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};
  static constexpr std::array<double, 8> powers = {1e6, 1e9, 1e12, 1e15, 1e18, 1e21, 1e24, 1e27};
  const bool in_binary = value::is_true(slots[0]);
  const double bytes = real_or_fail(evaluation, subject);
  const double base = in_binary ? 1024 : 1000;
  std::string out;
  if (bytes == 1) return Value::text("1 Byte");
  if (bytes < base) {
    value::append_integer(out, truncated(evaluation.arena(), bytes));
    return evaluation.text(out + " Bytes");
  }
  std::size_t i = 0;
  double unit = base * base;
  for (; i < decimal.size(); ++i) {
    unit = in_binary ? std::ldexp(1.0, static_cast<int>(10 * (i + 2))) : powers[i];
    // The double nearest to 10**24 is below it.
    if (bytes < unit || (bytes == unit && unit == 1e24)) break;
  }
  i = std::min(i, decimal.size() - 1);
  value::append_fixed(out, base * bytes / unit, 1);
  return evaluation.text(out.append(" ").append((in_binary ? binary : decimal)[i]));
}

Value round_up_or_down(Evaluation& evaluation, Value v, Value precision, bool up) {
  value::Arena& arena = evaluation.arena();
  if (v.is_undefined()) evaluation.fail_undefined(v);
  const Value unit = value::power(arena, Value::integer(10), precision);
  const Value scaled = binary_operation(evaluation, BinaryOp::multiply, v, unit);
  if (!value::is_number(scaled)) value::raise_type("must be real number, not " + std::string(value::type_name(scaled)));
  Value whole = value::plus(scaled);
  if (scaled.is(Kind::real)) whole = truncated(arena, up ? std::ceil(scaled.as_real()) : std::floor(scaled.as_real()));
  return value::true_divide(arena, whole, unit);
}

Value round(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "precision", "method"};
  Value slots[] = {Value::integer(0), Value::text("common")};
  bind({"do_round", parameters, 1}, arguments, slots);
  const Value method = slots[1];
  if (!value::is_hashable(method)) value::raise_unhashable(method);
  const Names name = method.is_string() ? method.as_text() : Names();
  if (name != "common" && name != "ceil" && name != "floor") {
    fail(ErrorKind::runtime, "method must be common, ceil or floor");
  }
  if (name != "common") return round_up_or_down(evaluation, subject, slots[0], name == "ceil");
  if (!value::is_number(subject)) {
    value::raise_type("type " + std::string(value::type_name(subject)) + " doesn't define __round__ method");
  }
  if (slots[0].is_none()) {
    return subject.is(Kind::real) ? truncated(evaluation.arena(), std::nearbyint(subject.as_real()))
                                  : value::plus(subject);
  }
  return value::rounded(evaluation.arena(), subject, index_of(slots[0]));
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::abs, absolute},    {FilterName::filesizeformat, file_size},
    {FilterName::float_, to_float}, {FilterName::int_, to_int},
    {FilterName::round, round},
};

}  // namespace

FilterTable number_filters() {
  return table;
}

}  // namespace tocsin::jinja
