#include "jinja/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "base/text.hpp"
#include "value/big_integer.hpp"
#include "value/python_error.hpp"
#include "value/python_strings.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

using value::Value;

/// Python's limit for decimal text that becomes an integer.
constexpr std::size_t digits_limit = 4300;

/// The value of a decimal digit of any script: they come in runs of ten.
std::optional<char> decimal_digit(std::uint32_t code) {
  if (code < 0x80 || !value::is_in(value::CharClass::decimal, code)) return std::nullopt;
  std::uint32_t first = code;
  while (first > 0 && value::is_in(value::CharClass::decimal, first - 1)) --first;
  return static_cast<char>('0' + (code - first) % 10);
}

/// Without white space around, in ASCII; what has no ASCII form becomes `?`.
std::string ascii_of(std::string_view text) {
  text = value::stripped(text, value::Side::both);
  std::string out;
  while (!text.empty()) {
    const std::uint32_t code = value::next_code(text);
    out += code < 0x80 ? static_cast<char>(code) : decimal_digit(code).value_or('?');
  }
  return out;
}

/// Takes the `_` out; false when one does not stand between two digits.
bool drop_underscores(std::string& text, bool leading) {
  std::string out;
  char before = leading ? '0' : '_';
  for (const char c : text) {
    if (c == '_' && before == '_') return false;
    if (c != '_') out += c;
    before = c;
  }
  if (before == '_') return false;
  text = std::move(out);
  return true;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

/// The base that the prefix names, or 0; the prefix is two characters.
int base_of_prefix(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return 0;
  switch (text[1] | 0x20) {
    case 'x': return 16;
    case 'o': return 8;
    case 'b': return 2;
    default: return 0;
  }
}

Value from_digits(value::Arena& arena, std::string_view digits, std::int64_t base) {
  Value number = Value::integer(0);
  for (const char c : digits) {
    number = *value::multiply_integers(arena, number, Value::integer(base));
    number = *value::add_integers(arena, number, Value::integer(digit_of(c)));
  }
  return number;
}

/// The digits alone, and their base.
struct Digits {
  std::string text;
  std::int64_t base;
};

std::optional<Digits> digits_of(std::string text, std::int64_t base) {
  const int named = base_of_prefix(text);
  bool after_prefix = false;
  if (named != 0 && (base == 0 || base == named)) {
    base = named;
    text.erase(0, 2);
    after_prefix = true;
  } else if (base == 0) {
    base = 10;
    if (text.starts_with('0') && text.find_first_not_of("0_") != std::string::npos) return std::nullopt;
  }
  if (!drop_underscores(text, after_prefix) || text.empty()) return std::nullopt;
  for (const char c : text) {
    if (digit_of(c) >= base) return std::nullopt;
  }
  const bool counted = (base & (base - 1)) != 0;
  if ((counted && text.size() > digits_limit) || text.size() > value::big_digits_limit / 2) return std::nullopt;
  return Digits{std::move(text), base};
}

/// Takes a sign off the front; true for a minus.
bool take_sign(std::string& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.erase(0, 1);
  return negative;
}

/// `digits[.digits][e[+-]digits]`, with digits on one side of the point at least.
bool is_real(std::string_view text) {
  const auto digits = [&] {
    std::size_t count = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      text.remove_prefix(1);
      ++count;
    }
    return count;
  };
  std::size_t count = digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    count += digits();
  }
  if (count == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

/// Takes out each `_` between two digits; false when there is another.
bool drop_real_underscores(std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
      continue;
    }
    if (i == 0 || i + 1 == text.size() || digit_of(text[i - 1]) > 9 || digit_of(text[i + 1]) > 9) return false;
  }
  text = std::move(out);
  return true;
}

}  // namespace

std::optional<Value> integer_of(value::Arena& arena, std::string_view text, std::int64_t base) {
  if (base != 0 && (base < 2 || base > 36)) return std::nullopt;
  std::string ascii = ascii_of(text);
  const bool negative = take_sign(ascii);
  const std::optional<Digits> digits = digits_of(std::move(ascii), base);
  if (!digits) return std::nullopt;
  if (digits->base == 10) {
    const std::size_t first = std::min(digits->text.find_first_not_of('0'), digits->text.size() - 1);
    return value::integer_of_text(arena, (negative ? "-" : "") + digits->text.substr(first));
  }
  const Value number = from_digits(arena, digits->text, digits->base);
  return negative ? value::subtract_integers(arena, Value::integer(0), number) : number;
}

std::optional<double> real_of(std::string_view text) {
  std::string ascii = ascii_of(text);
  if (!drop_real_underscores(ascii)) return std::nullopt;
  const bool negative = take_sign(ascii);
  const std::string word = base::ascii_lower(ascii);
  double real = 0;
  if (word == "inf" || word == "infinity") {
    real = HUGE_VAL;
  } else if (word == "nan") {
    real = std::nan("");
  } else if (!is_real(ascii)) {
    return std::nullopt;
  } else {
    const auto [end, error] = std::from_chars(ascii.data(), ascii.data() + ascii.size(), real);
    if (error == std::errc::result_out_of_range) real = std::strtod(ascii.c_str(), nullptr);
  }
  return negative ? -real : real;
}

Value truncated(value::Arena& arena, double real) {
  if (std::isnan(real)) value::raise_value("cannot convert float NaN to integer");
  if (std::isinf(real)) value::raise(value::PythonErrorKind::overflow, "cannot convert float infinity to integer");
  return value::integer_of_real(arena, real);
}

}  // namespace tocsin::jinja
