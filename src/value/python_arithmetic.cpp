#include "value/python_arithmetic.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "base/text.hpp"
#include "value/big_integer.hpp"
#include "value/meter.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::value {
namespace {

[[noreturn]] void unsupported(const char* sign, Value a, Value b) {
  raise_type("unsupported operand type(s) for " + std::string(sign) + ": '" + std::string(type_name(a)) + "' and '" +
             std::string(type_name(b)) + "'");
}

double real_of(Value v) {
  if (v.is(Kind::real)) return v.as_real();
  const std::optional<double> real = real_of_integer(v);
  if (!real) raise(PythonErrorKind::overflow, "int too large to convert to float");
  return *real;
}

Value sized(const std::optional<Value>& result) {
  if (!result) raise(PythonErrorKind::memory, "integer result is too large");
  return *result;
}

std::uint64_t magnitude(std::int64_t i) {
  return i < 0 ? -static_cast<std::uint64_t>(i) : static_cast<std::uint64_t>(i);
}

/// a / b correctly rounded: the quotient gets more bits than a double has, the last of them tells of a rest.
double quotient_of(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (a <= exact && a >= -exact && b <= exact && b >= -exact) return static_cast<double>(a) / static_cast<double>(b);
  using Wide = unsigned __int128;
  const int shift = a == 0 ? 0 : 63 + std::countl_zero(magnitude(a));
  const Wide top = static_cast<Wide>(magnitude(a)) << shift;
  const Wide bottom = magnitude(b);
  Wide quotient = top / bottom;
  if (quotient * bottom != top) quotient |= 1;
  const double size = std::ldexp(static_cast<double>(quotient), -shift);
  return (a < 0) != (b < 0) ? -size : size;
}

bool both_integers(Value a, Value b) {
  return is_integer(a) && is_integer(b);
}
bool both_numbers(Value a, Value b) {
  return is_number(a) && is_number(b);
}
bool is_zero(Value v) {
  return v.is(Kind::real) ? v.as_real() == 0 : !v.is(Kind::big_integer) && v.as_integer() == 0;
}

Value joined(Arena& arena, Value a, Value b) {
  const List& x = *a.as_list();
  const List& y = *b.as_list();
  List* list = new_list(arena, x.size + y.size);
  for (const Value item : x) append(arena, *list, item);
  for (const Value item : y) append(arena, *list, item);
  return a.is_list() ? Value::list(list) : Value::tuple(list);
}

Value repeated(Arena& arena, Value sequence, Value count_value) {
  if (count_value.is(Kind::big_integer))
    raise(PythonErrorKind::overflow, "cannot fit 'int' into an index-sized integer");
  const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(0, count_value.as_integer()));
  const std::uint64_t unit =
      sequence.is_string() ? sequence.as_text().size() : sequence.as_list()->size * sizeof(Value);
  constexpr auto longest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (sequence.is_string() && unit != 0 && count > longest / unit) {
    raise(PythonErrorKind::overflow, "repeated string is too long");
  }
  if (unit != 0 && count > repeated_bytes_limit / unit)
    raise(PythonErrorKind::memory, "the repeated value is too large");
  if (sequence.is_string()) {
    const std::string_view text = sequence.as_text();
    char* to = static_cast<char*>(arena.allocate(unit * count + 1, 1));
    for (std::uint64_t i = 0; i < count; ++i) std::memcpy(to + i * unit, text.data(), unit);
    return Value::text({to, unit * count}, sequence.flags());
  }
  List* list = new_list(arena, static_cast<std::uint32_t>(sequence.as_list()->size * count));
  for (std::uint64_t i = 0; i < count; ++i) {
    for (const Value item : *sequence.as_list()) append(arena, *list, item);
  }
  return sequence.is_list() ? Value::list(list) : Value::tuple(list);
}

double floor_modulo(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest != 0) {
    if ((rest < 0) != (b < 0)) rest += b;
  } else {
    rest = std::copysign(0.0, b);
  }
  return rest;
}

// CPython's float_floor_div: the quotient is made from the remainder, so that both agree.
double floor_quotient(double a, double b) {
  double rest = std::fmod(a, b);
  double quotient = (a - rest) / b;
  if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1.0;
  if (quotient == 0) return std::copysign(0.0, a / b);
  const double whole = std::floor(quotient);
  return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

Value integer_power(Arena& arena, Value a, Value b) {
  if (b.is(Kind::big_integer)) {
    if (!a.is(Kind::big_integer) && (a.as_integer() == 0 || a.as_integer() == 1)) return a;
    raise(PythonErrorKind::memory, "integer result is too large");
  }
  const std::int64_t exponent = b.as_integer();
  if (exponent >= 0) {
    if (a.is(Kind::boolean)) a = Value::integer(a.as_integer());
    return sized(power_of_integers(arena, a, static_cast<std::uint64_t>(exponent)));
  }
  if (is_zero(a)) raise(PythonErrorKind::zerodivision, "0.0 cannot be raised to a negative power");
  return Value::real(std::pow(real_of(a), static_cast<double>(exponent)));
}

Value real_power(double a, double b) {
  if (a == 0 && b < 0) raise(PythonErrorKind::zerodivision, "0.0 cannot be raised to a negative power");
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && std::floor(b) != b)
    raise_type("complex numbers are not supported");
  const double result = std::pow(a, b);
  if (std::isinf(result) && std::isfinite(a) && std::isfinite(b)) {
    raise(PythonErrorKind::overflow, "(34, 'Numerical result out of range')");
  }
  return Value::real(result);
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&#34;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
}

Value escaped(Arena& arena, std::string_view text) {
  std::string out;
  append_escaped(out, text);
  const Value plain = Value::copied(arena, out);
  return Value::text(plain.as_text(), plain.flags() | Value::markup);
}

Value concatenate(Arena& arena, Value a, Value b) {
  const bool markup = a.is_markup() || b.is_markup();
  if (markup && !a.is_markup()) a = escaped(arena, a.as_text());
  if (markup && !b.is_markup()) b = escaped(arena, b.as_text());
  const std::string_view x = a.as_text();
  const std::string_view y = b.as_text();
  char* to = static_cast<char*>(arena.allocate(x.size() + y.size() + 1, 1));
  std::memcpy(to, x.data(), x.size());
  std::memcpy(to + x.size(), y.data(), y.size());
  const std::uint8_t flags = (a.flags() & b.flags() & Value::ascii) | (markup ? Value::markup : 0);
  return Value::text({to, x.size() + y.size()}, flags);
}

Value add(Arena& arena, Value a, Value b) {
  if (both_integers(a, b)) return sized(add_integers(arena, a, b));
  if (both_numbers(a, b)) return Value::real(real_of(a) + real_of(b));
  if (a.is_string() && b.is_string()) return concatenate(arena, a, b);
  if (a.is_sequence() && a.kind() == b.kind()) return joined(arena, a, b);
  if (a.is_string() && !a.is_markup())
    raise_type("can only concatenate str (not \"" + std::string(type_name(b)) + "\") to str");
  if (a.is_sequence()) {
    const std::string own = a.is_list() ? "list" : "tuple";
    raise_type("can only concatenate " + own + " (not \"" + std::string(type_name(b)) + "\") to " + own);
  }
  unsupported("+", a, b);
}

Value subtract(Arena& arena, Value a, Value b) {
  if (both_integers(a, b)) return sized(subtract_integers(arena, a, b));
  if (both_numbers(a, b)) return Value::real(real_of(a) - real_of(b));
  unsupported("-", a, b);
}

Value multiply(Arena& arena, Value a, Value b) {
  if (both_integers(a, b)) return sized(multiply_integers(arena, a, b));
  if (both_numbers(a, b)) return Value::real(real_of(a) * real_of(b));
  const auto repeatable = [](Value v) { return v.is_string() || v.is_sequence(); };
  if (repeatable(a) && is_integer(b)) return repeated(arena, a, b);
  if (repeatable(b) && is_integer(a)) return repeated(arena, b, a);
  // Markup says for itself that it can't, and then is no sequence any more.
  if (repeatable(a) && !a.is_markup())
    raise_type("can't multiply sequence by non-int of type '" + std::string(type_name(b)) + "'");
  if (repeatable(b) && !b.is_markup())
    raise_type("can't multiply sequence by non-int of type '" + std::string(type_name(a)) + "'");
  unsupported("*", a, b);
}

/// a / b, rounded once: the quotient's decimal digits, far more than a double has, and one for what is left.
double big_quotient(Arena& arena, Value a, Value b) {
  constexpr std::int64_t wanted = 60;
  std::string x;
  std::string y;
  append_integer(x, a);
  append_integer(y, b);
  const std::int64_t more = wanted - static_cast<std::int64_t>(x.size()) + static_cast<std::int64_t>(y.size());
  const auto scale = static_cast<std::uint64_t>(std::max<std::int64_t>(0, more));
  const bool negative = x.starts_with('-') != y.starts_with('-');
  const auto size_of = [&](Value v) { return order(v, Value::integer(0), "<") < 0 ? negate(arena, v) : v; };
  const auto scaled = power_of_integers(arena, Value::integer(10), scale);
  const auto dividend = scaled ? multiply_integers(arena, size_of(a), *scaled) : std::nullopt;
  if (!dividend) return negative ? -0.0 : 0.0;
  const Division parts = divide_integers(arena, *dividend, size_of(b));
  std::string text;
  append_integer(text, parts.quotient);
  const bool exact = is_zero(parts.remainder);
  text += exact ? "e-" : ".5e-";
  text += std::to_string(scale);
  double real = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error == std::errc::result_out_of_range) {
    if (scale == 0) raise(PythonErrorKind::overflow, "integer division result too large for a float");
    real = 0;
  }
  return negative ? -real : real;
}

Value true_divide(Arena& arena, Value a, Value b) {
  if (!both_numbers(a, b)) unsupported("/", a, b);
  if (is_zero(b)) {
    raise(PythonErrorKind::zerodivision, both_integers(a, b) ? "division by zero" : "float division by zero");
  }
  if (both_integers(a, b) && (a.is(Kind::big_integer) || b.is(Kind::big_integer))) {
    return Value::real(big_quotient(arena, a, b));
  }
  if (both_integers(a, b)) return Value::real(quotient_of(a.as_integer(), b.as_integer()));
  return Value::real(real_of(a) / real_of(b));
}

Value floor_divide(Arena& arena, Value a, Value b) {
  if (!both_numbers(a, b)) unsupported("//", a, b);
  if (is_zero(b)) {
    raise(PythonErrorKind::zerodivision,
          both_integers(a, b) ? "integer division or modulo by zero" : "float floor division by zero");
  }
  if (both_integers(a, b)) return divide_integers(arena, a, b).quotient;
  return Value::real(floor_quotient(real_of(a), real_of(b)));
}

Value modulo(Arena& arena, Value a, Value b) {
  if (!both_numbers(a, b)) unsupported("%", a, b);
  if (is_zero(b)) {
    raise(PythonErrorKind::zerodivision, both_integers(a, b) ? "integer modulo by zero" : "float modulo");
  }
  if (both_integers(a, b)) return divide_integers(arena, a, b).remainder;
  return Value::real(floor_modulo(real_of(a), real_of(b)));
}

Value power(Arena& arena, Value a, Value b) {
  if (!both_numbers(a, b)) unsupported("** or pow()", a, b);
  if (both_integers(a, b)) return integer_power(arena, a, b);
  return real_power(real_of(a), real_of(b));
}

Value negate(Arena& arena, Value a) {
  if (a.is(Kind::real)) return Value::real(-a.as_real());
  if (is_integer(a)) return sized(subtract_integers(arena, Value::integer(0), a));
  raise_type("bad operand type for unary -: '" + std::string(type_name(a)) + "'");
}

Value plus(Value a) {
  if (a.is(Kind::boolean)) return Value::integer(a.as_integer());
  if (is_number(a)) return a;
  raise_type("bad operand type for unary +: '" + std::string(type_name(a)) + "'");
}

int order(Value a, Value b, const char* sign) {
  const std::optional<std::partial_ordering> result = compare(a, b, sign);
  if (!result && a.is_sequence() && a.kind() == b.kind()) {
    // What can't be ordered are the first items that differ.
    for (std::uint32_t i = 0; i < a.as_list()->size && i < b.as_list()->size; ++i) {
      if (!equal(a.as_list()->items[i], b.as_list()->items[i])) {
        return order(a.as_list()->items[i], b.as_list()->items[i], sign);
      }
    }
  }
  if (!result) {
    if (a.is_undefined() || b.is_undefined()) throw UndefinedUsed{a.is_undefined() ? a : b};
    raise_type("'" + std::string(sign) + "' not supported between instances of '" + std::string(type_name(a)) +
               "' and '" + std::string(type_name(b)) + "'");
  }
  if (*result == std::partial_ordering::unordered) return 2;
  return *result < 0 ? -1 : *result > 0 ? 1 : 0;
}

std::size_t find_in(std::string_view text, std::string_view part, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  if (part.empty()) return from;
  // memmem takes time in proportion to the text whatever the two are; find does not, but is sooner done with a short
  // one.
  constexpr std::size_t short_text = 64;
  if (text.size() <= short_text) return text.find(part, from);
  const void* found = memmem(text.data() + from, text.size() - from, part.data(), part.size());
  const std::size_t at =
      found == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  Meter::spend((at - from) / 256);
  return found == nullptr ? std::string_view::npos : at;
}

std::size_t rfind_in(std::string_view text, std::string_view part) {
  const std::size_t at = text.rfind(part);
  const std::size_t searched = at == std::string_view::npos ? text.size() : text.size() - at;
  Meter::spend(searched * (1 + std::min<std::size_t>(part.size(), 1024) / 8) / 256);
  return at;
}

bool contains(Value container, Value item) {
  if (container.is_string()) {
    if (!item.is_string()) {
      raise_type("'in <string>' requires string as left operand, not " + std::string(type_name(item)));
    }
    return find_in(container.as_text(), item.as_text()) != std::string_view::npos;
  }
  if (container.is_sequence()) {
    const List& list = *container.as_list();
    for (std::uint32_t i = 0; i < list.size; ++i) {
      if (i % 16 == 0) Meter::spend(1);
      const Value each = list.items[i];
      if (each.same_as(item) || equal(each, item)) return true;
    }
    return false;
  }
  if (container.is_dict()) {
    if (!is_hashable(item)) raise_unhashable(item);
    return find(*container.as_dict(), item) != nullptr;
  }
  if (container.is_undefined()) return false;
  raise_type("argument of type '" + std::string(type_name(container)) + "' is not iterable");
}

std::int64_t length(Value v) {
  if (v.is_string()) {
    if (v.is_ascii()) return static_cast<std::int64_t>(v.as_text().size());
    Meter::spend(v.as_text().size() / 128);
    return static_cast<std::int64_t>(base::utf8_length(v.as_text()));
  }
  if (v.is_sequence()) return v.as_list()->size;
  if (v.is_dict()) return v.as_dict()->size;
  if (v.is_undefined()) return 0;
  raise_type("object of type '" + std::string(type_name(v)) + "' has no len()");
}

}  // namespace tocsin::value
