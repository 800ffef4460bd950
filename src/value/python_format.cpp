#include "value/python_format.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

#include "base/text.hpp"
#include "value/big_integer.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

constexpr std::int64_t width_limit = 10'000'000;

/// A parsed format spec (Python's format specification mini-language).
struct Spec {
  std::string fill = " ";
  char align = 0;  ///< 0: the type's own
  char sign = '-';
  bool has_sign = false;
  bool no_negative_zero = false;
  bool alternate = false;
  std::int64_t width = 0;
  char grouping = 0;  ///< 0, ',' or '_'
  std::optional<std::int64_t> precision;
  std::uint32_t type = 0;  ///< a code point
};

bool is_align(char c) {
  return c == '<' || c == '>' || c == '=' || c == '^';
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end == text.data() || text.front() == '-') return std::nullopt;
  if (error != std::errc() || number > width_limit) raise_value("Too many decimal digits in format string");
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// A type as complaints show it.
std::string shown_code(std::uint32_t type) {
  if (type > 32 && type < 128) return std::string(1, static_cast<char>(type));
  char text[16];
  std::snprintf(text, sizeof text, "\\x%x", type);
  return text;
}

/// Only some types may be grouped.
void check_grouping(const Spec& spec, std::uint32_t type) {
  constexpr std::string_view all = "defgEG%F";
  if (spec.grouping == 0 || type == 0) return;
  if (type < 128 && all.find(static_cast<char>(type)) != std::string_view::npos) return;
  const bool by_base = type == 'b' || type == 'o' || type == 'x' || type == 'X';
  if (by_base && spec.grouping == '_') return;
  raise_value("Cannot specify '" + std::string(1, spec.grouping) + "' with '" + shown_code(type) + "'.");
}

Spec parse_spec(std::string_view text, Value v) {
  Spec spec;
  const std::string_view whole = text;
  std::string_view after_fill = text;
  if (!text.empty()) next_code(after_fill);
  const bool has_fill = !after_fill.empty() && is_align(after_fill.front());
  if (has_fill) {
    spec.fill = text.substr(0, text.size() - after_fill.size());
    spec.align = after_fill.front();
    text = after_fill.substr(1);
  } else if (!text.empty() && is_align(text.front())) {
    spec.align = text.front();
    text.remove_prefix(1);
  }
  if (!text.empty() && (text.front() == '+' || text.front() == '-' || text.front() == ' ')) {
    spec.sign = text.front();
    spec.has_sign = true;
    text.remove_prefix(1);
  }
  spec.no_negative_zero = take(text, 'z');
  spec.alternate = take(text, '#');
  if (!has_fill && take(text, '0')) {
    spec.fill = "0";
    if (spec.align == 0 && !v.is_string()) spec.align = '=';
  }
  if (const auto width = take_number(text)) spec.width = *width;
  if (take(text, ',')) spec.grouping = ',';
  if (take(text, '_')) {
    if (spec.grouping) raise_value("Cannot specify both ',' and '_'.");
    spec.grouping = '_';
  }
  if (spec.grouping == '_' && take(text, ',')) raise_value("Cannot specify both ',' and '_'.");
  if (take(text, '.')) {
    spec.precision = take_number(text);
    if (!spec.precision) raise_value("Format specifier missing precision");
  }
  if (base::utf8_length(text) > 1) {
    raise_value("Invalid format specifier '" + std::string(whole) + "' for object of type '" +
                std::string(type_name(v)) + "'");
  }
  if (!text.empty()) spec.type = next_code(text);
  check_grouping(spec, spec.type == 0 && v.is_string() ? 's' : spec.type);
  return spec;
}

[[noreturn]] void unknown_code(std::uint32_t type, Value v) {
  raise_value("Unknown format code '" + shown_code(type) + "' for object of type '" + std::string(type_name(v)) + "'");
}

void append_fill(std::string& out, std::string_view fill, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) out += fill;
}

void append_aligned(std::string& out, const Spec& spec, char own_align, std::string_view sign, std::string_view body) {
  const auto size = static_cast<std::int64_t>(base::utf8_length(sign) + base::utf8_length(body));
  const std::int64_t missing = std::max<std::int64_t>(0, spec.width - size);
  const char align = spec.align ? spec.align : own_align;
  std::int64_t before = 0;
  if (align == '>') before = missing;
  if (align == '^') before = missing / 2;
  if (align == '=') {
    out += sign;
    append_fill(out, spec.fill, missing);
    out += body;
    return;
  }
  append_fill(out, spec.fill, before);
  out.append(sign).append(body);
  append_fill(out, spec.fill, missing - before);
}

void append_text_formatted(std::string& out, Value v, const Spec& spec) {
  if (spec.type != 0 && spec.type != 's') unknown_code(spec.type, v);
  if (spec.has_sign) {
    raise_value(spec.sign == ' ' ? "Space not allowed in string format specifier"
                                 : "Sign not allowed in string format specifier");
  }
  if (spec.no_negative_zero) raise_value("Negative zero coercion (z) not allowed in string format specifier");
  if (spec.alternate) raise_value("Alternate form (#) not allowed in string format specifier");
  if (spec.align == '=') raise_value("'=' alignment not allowed in string format specifier");
  if (spec.grouping) raise_value("Cannot specify '" + std::string(1, spec.grouping) + "' with 's'.");
  std::string_view text = v.as_text();
  if (spec.precision) text = base::utf8_prefix(text, static_cast<std::size_t>(*spec.precision));
  append_aligned(out, spec, '<', "", text);
}

/// Separators between groups of digits; with `=` alignment and zero fill the padding is grouped too.
std::string grouped(std::string_view digits, char separator, std::size_t size, std::int64_t least_width) {
  std::string padded(digits);
  if (separator == 0) return padded;
  const auto width_of = [&](std::size_t count) { return count + (count - 1) / size; };
  while (least_width > 0 && width_of(padded.size()) < static_cast<std::size_t>(least_width)) padded.insert(0, 1, '0');
  // A separator never leads: then the digits are one short of the width, as in CPython one more zero is put.
  std::string out;
  for (std::size_t i = 0; i < padded.size(); ++i) {
    if (i != 0 && (padded.size() - i) % size == 0) out += separator;
    out += padded[i];
  }
  return out;
}

std::string digits_in_base(Value v, unsigned base, bool upper) {
  std::string decimal;
  append_integer(decimal, v);
  if (decimal.starts_with('-')) decimal.erase(0, 1);
  if (base == 10) return decimal;
  std::string out;
  while (!decimal.empty()) {
    unsigned rest = 0;
    std::string quotient;
    for (const char c : decimal) {
      rest = rest * 10 + static_cast<unsigned>(c - '0');
      if (const unsigned digit = rest / base; digit != 0 || !quotient.empty())
        quotient += static_cast<char>('0' + digit);
      rest %= base;
    }
    out.insert(0, 1, (upper ? "0123456789ABCDEF" : "0123456789abcdef")[rest]);
    decimal = quotient;
  }
  return out;
}

bool is_negative(Value v) {
  return order(v, Value::integer(0), "<") < 0;
}

std::string sign_of(bool negative, char wanted) {
  if (negative) return "-";
  return wanted == '-' ? "" : std::string(1, wanted);
}

void append_integer_formatted(std::string& out, Value v, const Spec& spec) {
  constexpr std::string_view known = "bcdnoxX";
  if (spec.type != 0 && (spec.type >= 128 || known.find(static_cast<char>(spec.type)) == std::string_view::npos)) {
    unknown_code(spec.type, v);
  }
  if (spec.precision) raise_value("Precision not allowed in integer format specifier");
  if (spec.no_negative_zero) raise_value("Negative zero coercion (z) not allowed in integer format specifier");
  if (spec.type == 'c') {
    if (spec.has_sign) raise_value("Sign not allowed with integer format specifier 'c'");
    if (spec.alternate) raise_value("Alternate form (#) not allowed with integer format specifier 'c'");
    if (v.is(Kind::big_integer) || v.as_integer() < 0 || v.as_integer() > 0x10FFFF) {
      raise(PythonErrorKind::overflow, "%c arg not in range(0x110000)");
    }
    std::string text;
    base::append_utf8(text, static_cast<std::uint32_t>(v.as_integer()));
    append_aligned(out, spec, '>', "", text);
    return;
  }
  const char type = spec.type == 0 || spec.type == 'n' ? 'd' : static_cast<char>(spec.type);
  const unsigned number_base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'd' ? 10 : 16;
  std::string sign = sign_of(is_negative(v), spec.sign);
  if (spec.alternate && type != 'd') sign += std::string("0") + type;
  const bool zeros = spec.align == '=' && spec.fill == "0";
  const std::int64_t room = zeros ? spec.width - static_cast<std::int64_t>(sign.size()) : 0;
  const std::string digits =
      grouped(digits_in_base(v, number_base, type == 'X'), spec.grouping, type == 'd' ? 3 : 4, room);
  append_aligned(out, spec, '>', sign, digits);
}

std::string shortest(double magnitude, bool keep_point) {
  std::string text;
  append_real(text, magnitude);
  if (!keep_point && text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

void trim_zeros(std::string& text) {
  const std::size_t e = text.find_first_of("eE");
  std::string tail = e == std::string::npos ? "" : text.substr(e);
  if (e != std::string::npos) text.resize(e);
  if (text.find('.') != std::string::npos) {
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
  }
  text += tail;
}

/// The digits of a magnitude in one of the types e, f, g (lower case), with so many digits.
std::string real_digits(double magnitude, char type, std::int64_t precision, bool alternate) {
  const auto wanted = static_cast<int>(std::min<std::int64_t>(precision, 5000));
  if (type == 'g' && alternate) {
    // Trailing zeros stay, which to_chars can't do.
    std::string padded(static_cast<std::size_t>(wanted) + 32, '\0');
    padded.resize(static_cast<std::size_t>(std::snprintf(padded.data(), padded.size(), "%#.*g", wanted, magnitude)));
    return padded;
  }
  std::string text(static_cast<std::size_t>(wanted) + 400, '\0');
  const std::chars_format format = type == 'e'   ? std::chars_format::scientific
                                   : type == 'f' ? std::chars_format::fixed
                                                 : std::chars_format::general;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), magnitude, format,
                                          type == 'g' ? std::max(1, wanted) : wanted);
  text.resize(static_cast<std::size_t>(end - text.data()));
  if (type == 'g') trim_zeros(text);
  if (alternate && text.find('.') == std::string::npos) {
    const std::size_t e = text.find('e');
    text.insert(e == std::string::npos ? text.size() : e, 1, '.');
  }
  return text;
}

/// float with neither type nor precision is repr; with a precision it is like `g`, but keeps `.0`.
std::string general_digits(double magnitude, std::optional<std::int64_t> precision, bool alternate) {
  if (!precision) return shortest(magnitude, true);
  if (alternate) {
    std::string text = real_digits(magnitude, 'g', *precision, true);
    const bool moves = text.find('e') == std::string::npos &&
                       static_cast<std::int64_t>(text.find('.')) >= std::max<std::int64_t>(1, *precision);
    return moves ? real_digits(magnitude, 'e', std::max<std::int64_t>(0, *precision - 1), true) : text;
  }
  std::string text = real_digits(magnitude, 'g', *precision, false);
  // CPython moves to the exponent one digit earlier here, so that `.0` always has room.
  if (text.find_first_of(".e") == std::string::npos) {
    const auto count = static_cast<std::int64_t>(text.size());
    if (count >= std::max<std::int64_t>(1, *precision)) {
      text = real_digits(magnitude, 'e', std::max<std::int64_t>(0, *precision - 1), false);
      trim_zeros(text);
    } else {
      text += ".0";
    }
  }
  return text;
}

void append_real_formatted(std::string& out, Value v, double real, const Spec& spec) {
  if (spec.type >= 128) unknown_code(spec.type, v);
  char type = static_cast<char>(spec.type);
  const bool upper = type == 'E' || type == 'F' || type == 'G';
  if (upper) type = static_cast<char>(type - 'A' + 'a');
  if (type == 'n') type = 'g';
  const bool percent = type == '%';
  if (percent) {
    type = 'f';
    real *= 100;
  }
  if (type != 0 && type != 'e' && type != 'f' && type != 'g') unknown_code(spec.type, v);
  std::string digits;
  bool negative = std::signbit(real) && !std::isnan(real);
  if (std::isnan(real) || std::isinf(real)) {
    digits = std::isnan(real) ? "nan" : "inf";
  } else if (type == 0) {
    digits = general_digits(std::fabs(real), spec.precision, spec.alternate);
    const std::size_t e = digits.find('e');
    if (spec.alternate && digits.find('.') == digits.npos && e != digits.npos) digits.insert(e, 1, '.');
  } else {
    digits = real_digits(std::fabs(real), type, spec.precision.value_or(6), spec.alternate);
  }
  if (spec.no_negative_zero && digits.find_first_of("123456789in") == std::string::npos) negative = false;
  if (upper) {
    for (char& c : digits) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (percent) digits += '%';
  const std::string sign = sign_of(negative, spec.sign);
  if (spec.grouping) {
    const std::size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
    const bool zeros = spec.align == '=' && spec.fill == "0";
    const std::int64_t room = zeros ? spec.width - static_cast<std::int64_t>(sign.size() + digits.size() - whole) : 0;
    digits = grouped(digits.substr(0, whole), spec.grouping, 3, room) + digits.substr(whole);
  }
  append_aligned(out, spec, '>', sign, digits);
}

}  // namespace

void append_fixed(std::string& out, double real, int precision) {
  if (!std::isfinite(real)) {
    append_real(out, real);
    return;
  }
  if (std::signbit(real)) out += '-';
  out += real_digits(std::fabs(real), 'f', precision, false);
}

void append_formatted(std::string& out, Value v, std::string_view spec_text) {
  if (spec_text.empty()) {
    append_str(out, v);
    return;
  }
  if (v.is_string()) return append_text_formatted(out, v, parse_spec(spec_text, v));
  if (!is_number(v)) {
    raise_type("unsupported format string passed to " + std::string(type_name(v)) + ".__format__");
  }
  const Spec spec = parse_spec(spec_text, v);
  if (v.is(Kind::real)) return append_real_formatted(out, v, v.as_real(), spec);
  const bool as_real = spec.type != 0 && spec.type < 128 &&
                       std::string_view("eEfFgG%").find(static_cast<char>(spec.type)) != std::string_view::npos;
  if (as_real) {
    const std::optional<double> real = real_of_integer(v);
    if (!real) raise(PythonErrorKind::overflow, "int too large to convert to float");
    return append_real_formatted(out, v, *real, spec);
  }
  append_integer_formatted(out, v, spec);
}

namespace {

/// Rounded to so many digits before the point, half to even, by the exact decimal digits.
double rounded_before_point(double real, std::size_t digits) {
  constexpr int exact = 60;  // a double of one or more has no more digits after the point
  std::string text = "0";
  append_fixed(text, std::fabs(real), exact);
  const std::size_t point = text.find('.');
  if (digits >= point) return std::copysign(0.0, real);
  const std::size_t cut = point - digits;
  const std::string rest = text.substr(cut);
  const bool half = rest[0] == '5' && rest.find_first_not_of("0.", 1) == std::string::npos;
  const bool up = half ? (text[cut - 1] - '0') % 2 != 0 : rest[0] >= '5';
  std::string head = text.substr(0, cut);
  for (std::size_t at = head.size(); up && at-- > 0;) {
    if (++head[at] <= '9') break;
    head[at] = '0';
  }
  head.append(digits, '0');
  double back = 0;
  std::from_chars(head.data(), head.data() + head.size(), back);
  return std::copysign(back, real);
}

}  // namespace

Value rounded(Arena& arena, Value number, std::int64_t digits) {
  if (!number.is(Kind::real)) {
    if (digits >= 0) return number.is(Kind::boolean) ? Value::integer(number.as_integer()) : number;
    // Half to even on integers: n - ((n + half) mod unit - half), the tie told apart by the quotient's parity.
    const std::optional<Value> unit =
        digits < -400 ? std::nullopt
                      : power_of_integers(arena, Value::integer(10), static_cast<std::uint64_t>(-digits));
    if (!unit) return Value::integer(0);
    const Division parts = divide_integers(arena, number, *unit);
    const auto twice = multiply_integers(arena, parts.remainder, Value::integer(2));
    const auto side = compare_integers(*twice, *unit);
    const bool odd = divide_integers(arena, parts.quotient, Value::integer(2)).remainder.as_integer() != 0;
    const bool up = side > 0 || (side == 0 && odd);
    const auto quotient = add_integers(arena, parts.quotient, Value::integer(up));
    return *multiply_integers(arena, *quotient, *unit);
  }
  const double real = number.as_real();
  if (!std::isfinite(real) || digits > 323) return number;
  if (digits < -308) return Value::real(std::copysign(0.0, real));
  if (digits >= 0) {
    // The decimal expansion is exact, so printing rounds correctly and reading gives the nearest double.
    std::string text;
    append_fixed(text, real, static_cast<int>(digits));
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    return Value::real(back);
  }
  return Value::real(rounded_before_point(real, static_cast<std::size_t>(-digits)));
}

}  // namespace tocsin::value
