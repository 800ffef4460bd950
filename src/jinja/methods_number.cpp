// The methods and data attributes of int, float and bool.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>

#include "base/text.hpp"
#include "jinja/library.hpp"
#include "jinja/named_tuples.hpp"
#include "jinja/number_text.hpp"
#include "value/big_integer.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"

namespace tocsin::jinja {
namespace {

Value pair(Evaluation& evaluation, Value first, Value second) {
  value::List* list = value::new_list(evaluation.arena(), 2);
  value::append(evaluation.arena(), *list, first);
  value::append(evaluation.arena(), *list, second);
  return Value::tuple(list);
}

/// The magnitude of an integer in bytes, lowest first.
std::string magnitude_of(Evaluation& evaluation, Value v) {
  value::Arena& arena = evaluation.arena();
  const bool negative = value::order(v, Value::integer(0), "<") < 0;
  Value rest = negative ? value::negate(arena, v) : value::plus(v);
  std::string bytes;
  while (value::is_true(rest)) {
    evaluation.charge(16);
    const value::Division parts = value::divide_integers(arena, rest, Value::integer(256));
    bytes += static_cast<char>(parts.remainder.as_integer());
    rest = parts.quotient;
  }
  return bytes;
}

Value bit_length(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("int.bit_length", arguments);
  const std::string bytes = magnitude_of(evaluation, self);
  if (bytes.empty()) return Value::integer(0);
  const auto high = static_cast<unsigned char>(bytes.back());
  return Value::integer(static_cast<std::int64_t>(bytes.size() - 1) * 8 + std::bit_width(high));
}

Value bit_count(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("int.bit_count", arguments);
  std::int64_t count = 0;
  for (const char c : magnitude_of(evaluation, self)) count += std::popcount(static_cast<unsigned char>(c));
  return Value::integer(count);
}

Value conjugate(Evaluation&, Value self, const Arguments& arguments) {
  expect_no_arguments(self.is(Kind::real) ? "float.conjugate" : "int.conjugate", arguments);
  return value::plus(self);
}

Value as_integer_ratio(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments(self.is(Kind::real) ? "float.as_integer_ratio" : "int.as_integer_ratio", arguments);
  if (!self.is(Kind::real)) return pair(evaluation, value::plus(self), Value::integer(1));
  const double real = self.as_real();
  if (std::isinf(real)) value::raise(value::PythonErrorKind::overflow, "cannot convert Infinity to integer ratio");
  if (std::isnan(real)) value::raise_value("cannot convert NaN to integer ratio");
  int exponent = 0;
  double fraction = std::frexp(real, &exponent);
  while (fraction != std::floor(fraction)) {
    fraction *= 2;
    --exponent;
  }
  value::Arena& arena = evaluation.arena();
  const Value unit = value::power(arena, Value::integer(2), Value::integer(std::abs(exponent)));
  const Value whole = value::integer_of_real(arena, fraction);
  if (exponent < 0) return pair(evaluation, whole, unit);
  return pair(evaluation, value::multiply(arena, whole, unit), Value::integer(1));
}

Value is_integer(Evaluation&, Value self, const Arguments& arguments) {
  expect_no_arguments("float.is_integer", arguments);
  return Value::boolean(std::isfinite(self.as_real()) && std::floor(self.as_real()) == self.as_real());
}

/// float.hex(): thirteen hexadecimal digits after the point.
Value hex(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("float.hex", arguments);
  const double real = self.as_real();
  if (!std::isfinite(real)) return evaluation.str(self);
  if (real == 0) return Value::text(std::signbit(real) ? "-0x0.0p+0" : "0x0.0p+0");
  char text[64];
  const double magnitude = std::fabs(real);
  if (magnitude >= 0x1p-1022) {
    std::snprintf(text, sizeof text, "%s%.13a", std::signbit(real) ? "-" : "", magnitude);
  } else {
    std::snprintf(text, sizeof text, "%s0x0.%013llxp-1022", std::signbit(real) ? "-" : "",
                  static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(magnitude)));
  }
  return evaluation.text(text);
}

enum class ByteOrder { little, big };

ByteOrder byte_order(Value v) {
  if (!v.is_string())
    value::raise_type("to_bytes() argument 'byteorder' must be str, not " + std::string(value::argument_type(v)));
  if (v.as_text() == "little") return ByteOrder::little;
  if (v.as_text() == "big") return ByteOrder::big;
  value::raise_value("byteorder must be either 'little' or 'big'");
}

Value to_bytes(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static constexpr std::string_view names[] = {"self", "length", "byteorder", "signed"};
  Value slots[] = {Value::integer(1), Value::text("big"), Value::boolean(false)};
  bind({"to_bytes", names, 1}, arguments, slots);
  const std::int64_t size = index_of(slots[0]);
  const ByteOrder order = byte_order(slots[1]);
  if (size < 0) value::raise_value("length argument must be non-negative");
  const bool with_sign = value::is_true(slots[2]);
  const bool negative = value::order(self, Value::integer(0), "<") < 0;
  if (negative && !with_sign) {
    value::raise(value::PythonErrorKind::overflow, "can't convert negative int to unsigned");
  }
  value::Arena& arena = evaluation.arena();
  // A negative number is told by its complement: ~n has the bits of n turned over.
  std::string bytes =
      magnitude_of(evaluation, negative ? value::subtract(arena, value::negate(arena, self), Value::integer(1)) : self);
  const auto wanted = static_cast<std::size_t>(size);
  const bool sign_bit = with_sign && bytes.size() == wanted && !bytes.empty() && (bytes.back() & 0x80) != 0;
  if (bytes.size() > wanted || sign_bit) value::raise(value::PythonErrorKind::overflow, "int too big to convert");
  if (wanted > 1'000'000) value::raise(value::PythonErrorKind::memory, "too many bytes");
  bytes.resize(wanted, '\0');
  if (negative) {
    for (char& c : bytes) c = static_cast<char>(~c);
  }
  if (order == ByteOrder::big) std::reverse(bytes.begin(), bytes.end());
  return Value::object(make_object<BytesObject>(arena, arena.copy(bytes)));
}

std::string bytes_argument(Evaluation& evaluation, Value v) {
  if (const auto* bytes = object_of<BytesObject>(v)) return std::string(bytes->bytes);
  if (!has_items(v)) value::raise_type("cannot convert '" + std::string(value::type_name(v)) + "' object to bytes");
  std::string out;
  for (const Value item : *evaluation.to_list(v)) {
    const std::int64_t byte = index_of(item);
    if (byte < 0 || byte > 255) value::raise_value("bytes must be in range(0, 256)");
    out += static_cast<char>(byte);
  }
  return out;
}

Value from_bytes(Evaluation& evaluation, Value, const Arguments& arguments) {
  static constexpr std::string_view names[] = {"cls", "bytes", "byteorder", "signed"};
  Value slots[] = {Value(), Value::text("big"), Value::boolean(false)};
  bind({"from_bytes", names, 2}, arguments, slots);
  std::string bytes = bytes_argument(evaluation, slots[0]);
  if (byte_order(slots[1]) == ByteOrder::little) std::reverse(bytes.begin(), bytes.end());
  if (bytes.size() > 8000) value::raise(value::PythonErrorKind::memory, "too many bytes");
  value::Arena& arena = evaluation.arena();
  Value number = Value::integer(0);
  for (const char c : bytes) {
    evaluation.charge(16);
    number = value::multiply(arena, number, Value::integer(256));
    number = value::add(arena, number, Value::integer(static_cast<unsigned char>(c)));
  }
  const bool negative = value::is_true(slots[2]) && !bytes.empty() && (bytes[0] & 0x80) != 0;
  if (!negative) return number;
  const Value modulus =
      value::power(arena, Value::integer(256), Value::integer(static_cast<std::int64_t>(bytes.size())));
  return value::subtract(arena, number, modulus);
}

/// float.fromhex(): `[sign][0x]digits[.digits][p[sign]digits]`, or what float() takes for not finite.
Value fromhex(Evaluation&, Value, const Arguments& arguments) {
  const Value given = one_argument("float.fromhex", arguments);
  if (!given.is_string()) {
    value::raise_type("bad argument type for built-in operation");
  }
  std::string text(value::stripped(given.as_text(), value::Side::both));
  const std::string lower = base::ascii_lower(text);
  const std::size_t sign = lower.starts_with('-') || lower.starts_with('+') ? 1 : 0;
  const std::string_view word = std::string_view(lower).substr(sign);
  if (word == "inf" || word == "infinity" || word == "nan") return Value::real(real_of(text).value_or(0));
  std::string_view digits = word;
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  double real = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), real, std::chars_format::hex);
  if (digits.empty() || digits.front() == '-' || end != digits.data() + digits.size() ||
      error == std::errc::invalid_argument) {
    value::raise_value("invalid hexadecimal floating-point string");
  }
  if (error == std::errc::result_out_of_range) {
    value::raise(value::PythonErrorKind::overflow, "hexadecimal value too large to represent as a float");
  }
  return Value::real(lower.starts_with('-') ? -real : real);
}

constexpr Entry<MethodName, Method> integer_table[] = {
    {MethodName::as_integer_ratio, as_integer_ratio},
    {MethodName::bit_count, bit_count},
    {MethodName::bit_length, bit_length},
    {MethodName::conjugate, conjugate},
    {MethodName::from_bytes, from_bytes},
    {MethodName::to_bytes, to_bytes},
};

constexpr Entry<MethodName, Method> real_table[] = {
    {MethodName::as_integer_ratio, as_integer_ratio},
    {MethodName::conjugate, conjugate},
    {MethodName::fromhex, fromhex},
    {MethodName::hex, hex},
    {MethodName::is_integer, is_integer},
};

bool number_attribute(Value self, MethodName name, Value& out) {
  const bool real = self.is(Kind::real);
  switch (name) {
    case MethodName::real: out = value::plus(self); return true;
    case MethodName::imag: out = real ? Value::real(0) : Value::integer(0); return true;
    case MethodName::numerator: out = value::plus(self); return !real;
    case MethodName::denominator: out = Value::integer(1); return !real;
    default: return false;
  }
}

}  // namespace

Method number_method(Value self, MethodName name) {
  return self.is(Kind::real) ? method_in(real_table, name) : method_in(integer_table, name);
}

bool data_attribute(Evaluation& evaluation, Value self, MethodName name, Value& out) {
  if (value::is_number(self)) return number_attribute(self, name, out);
  if (value::is_named_tuple(self)) return named_part(*self.as_list(), name, out);
  return self.is(Kind::object) && date_attribute(evaluation, self, name, out);
}

}  // namespace tocsin::jinja
