#include "value/big_integer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "value/meter.hpp"

namespace tocsin::value {
namespace {

constexpr std::uint64_t base = 1'000'000'000;
constexpr std::size_t limb_digits = 9;
constexpr std::size_t limb_limit = big_digits_limit / limb_digits + 1;

/// Working form: limbs lowest first, no leading zero limb; zero has none.
struct Number {
  bool negative = false;
  std::vector<std::uint32_t> limbs;
};

void trim(Number& n) {
  while (!n.limbs.empty() && n.limbs.back() == 0) n.limbs.pop_back();
  if (n.limbs.empty()) n.negative = false;
}

Number number_of(Value v) {
  Number n;
  if (v.is(Kind::big_integer)) {
    const BigInteger& big = *v.as_big();
    n.negative = big.negative;
    n.limbs.assign(big.limbs, big.limbs + big.size);
    return n;
  }
  const std::int64_t i = v.as_integer();
  n.negative = i < 0;
  std::uint64_t magnitude = i < 0 ? ~static_cast<std::uint64_t>(i) + 1 : static_cast<std::uint64_t>(i);
  for (; magnitude != 0; magnitude /= base) n.limbs.push_back(static_cast<std::uint32_t>(magnitude % base));
  return n;
}

std::optional<std::int64_t> as_int64(const Number& n) {
  if (n.limbs.size() > 3) return std::nullopt;
  unsigned __int128 magnitude = 0;
  for (auto limb = n.limbs.rbegin(); limb != n.limbs.rend(); ++limb) magnitude = magnitude * base + *limb;
  const unsigned __int128 limit = (static_cast<unsigned __int128>(1) << 63) - (n.negative ? 0 : 1);
  if (magnitude > limit) return std::nullopt;
  const auto bits = static_cast<std::uint64_t>(magnitude);
  return static_cast<std::int64_t>(n.negative ? ~bits + 1 : bits);
}

Value value_of(Arena& arena, Number n) {
  trim(n);
  if (const std::optional<std::int64_t> small = as_int64(n)) return Value::integer(*small);
  auto* big = arena.make<BigInteger>();
  big->negative = n.negative;
  big->size = static_cast<std::uint32_t>(n.limbs.size());
  big->limbs = arena.make_array<std::uint32_t>(n.limbs.size());
  std::copy(n.limbs.begin(), n.limbs.end(), big->limbs);
  return Value::big(big);
}

std::strong_ordering compare_magnitudes(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] <=> b[i];
  }
  return std::strong_ordering::equal;
}

std::vector<std::uint32_t> add_magnitudes(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::vector<std::uint32_t> sum;
  sum.reserve(std::max(a.size(), b.size()) + 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry != 0; ++i) {
    carry += (i < a.size() ? a[i] : 0) + std::uint64_t{i < b.size() ? b[i] : 0};
    sum.push_back(static_cast<std::uint32_t>(carry % base));
    carry /= base;
  }
  return sum;
}

/// a - b where a >= b.
std::vector<std::uint32_t> subtract_magnitudes(const std::vector<std::uint32_t>& a,
                                               const std::vector<std::uint32_t>& b) {
  std::vector<std::uint32_t> difference(a.size());
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int64_t limb = std::int64_t{a[i]} - (i < b.size() ? b[i] : 0) - borrow;
    borrow = limb < 0;
    if (limb < 0) limb += base;
    difference[i] = static_cast<std::uint32_t>(limb);
  }
  return difference;
}

Number sum_of(const Number& a, const Number& b) {
  if (a.negative == b.negative) return {a.negative, add_magnitudes(a.limbs, b.limbs)};
  if (compare_magnitudes(a.limbs, b.limbs) >= 0) return {a.negative, subtract_magnitudes(a.limbs, b.limbs)};
  return {b.negative, subtract_magnitudes(b.limbs, a.limbs)};
}

Number product_of(const Number& a, const Number& b) {
  Meter::spend(a.limbs.size() * b.limbs.size() / 16);
  Number product{a.negative != b.negative, std::vector<std::uint32_t>(a.limbs.size() + b.limbs.size() + 1)};
  for (std::size_t i = 0; i < a.limbs.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.limbs.size() || carry != 0; ++j) {
      const std::uint64_t factor = j < b.limbs.size() ? b.limbs[j] : 0;
      carry += product.limbs[i + j] + std::uint64_t{a.limbs[i]} * factor;
      product.limbs[i + j] = static_cast<std::uint32_t>(carry % base);
      carry /= base;
    }
  }
  trim(product);
  return product;
}

std::uint32_t divide_by_limb(std::vector<std::uint32_t>& limbs, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = limbs.size(); i-- > 0;) {
    rest = rest * base + limbs[i];
    limbs[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  return static_cast<std::uint32_t>(rest);
}

void multiply_by_limb(std::vector<std::uint32_t>& limbs, std::uint32_t factor) {
  std::uint64_t carry = 0;
  for (std::uint32_t& limb : limbs) {
    carry += std::uint64_t{limb} * factor;
    limb = static_cast<std::uint32_t>(carry % base);
    carry /= base;
  }
  if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
}

/// Subtracts divisor * digit from the dividend at `shift`; false when that went below zero (then added back once).
bool subtract_product(std::vector<std::uint32_t>& dividend, const std::vector<std::uint32_t>& divisor,
                      std::size_t shift, std::uint64_t digit) {
  std::uint64_t carry = 0;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i <= divisor.size(); ++i) {
    carry += (i < divisor.size() ? divisor[i] : 0) * digit;
    std::int64_t limb = std::int64_t{dividend[shift + i]} - static_cast<std::int64_t>(carry % base) - borrow;
    borrow = limb < 0;
    if (limb < 0) limb += base;
    dividend[shift + i] = static_cast<std::uint32_t>(limb);
    carry /= base;
  }
  if (borrow == 0) return true;
  std::uint64_t add = 0;
  for (std::size_t i = 0; i <= divisor.size(); ++i) {
    add += std::uint64_t{dividend[shift + i]} + (i < divisor.size() ? divisor[i] : 0);
    dividend[shift + i] = static_cast<std::uint32_t>(add % base);
    add /= base;
  }
  return false;
}

struct Magnitudes {
  std::vector<std::uint32_t> quotient;
  std::vector<std::uint32_t> remainder;
};

/// Schoolbook long division (Knuth, volume 2, algorithm D) in base 10^9.
Magnitudes divide_magnitudes(std::vector<std::uint32_t> dividend, std::vector<std::uint32_t> divisor) {
  if (compare_magnitudes(dividend, divisor) < 0) return {{}, std::move(dividend)};
  Meter::spend((dividend.size() - divisor.size() + 1) * divisor.size() / 8);
  if (divisor.size() == 1) {
    const std::uint32_t rest = divide_by_limb(dividend, divisor[0]);
    return {std::move(dividend), {rest}};
  }
  const auto scale = static_cast<std::uint32_t>(base / (divisor.back() + 1));
  multiply_by_limb(dividend, scale);
  multiply_by_limb(divisor, scale);
  dividend.push_back(0);
  const std::size_t n = divisor.size();
  std::vector<std::uint32_t> quotient(dividend.size() - n);
  for (std::size_t shift = quotient.size(); shift-- > 0;) {
    const std::uint64_t top = dividend[shift + n] * base + dividend[shift + n - 1];
    std::uint64_t digit = std::min(top / divisor[n - 1], base - 1);
    std::uint64_t rest = top - digit * divisor[n - 1];
    while (rest < base && digit * divisor[n - 2] > rest * base + dividend[shift + n - 2]) {
      --digit;
      rest += divisor[n - 1];
    }
    if (!subtract_product(dividend, divisor, shift, digit)) --digit;
    quotient[shift] = static_cast<std::uint32_t>(digit);
  }
  dividend.resize(n);
  divide_by_limb(dividend, scale);
  return {std::move(quotient), std::move(dividend)};
}

std::optional<Value> checked(Arena& arena, Number n) {
  trim(n);
  if (n.limbs.size() > limb_limit) return std::nullopt;
  return value_of(arena, std::move(n));
}

bool both_small(Value a, Value b) {
  return !a.is(Kind::big_integer) && !b.is(Kind::big_integer);
}

}  // namespace

Value integer_of_text(Arena& arena, std::string_view digits) {
  std::int64_t small = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), small);
  if (error == std::errc() && end == digits.data() + digits.size()) return Value::integer(small);
  Number n;
  n.negative = digits.starts_with('-');
  if (n.negative || digits.starts_with('+')) digits.remove_prefix(1);
  while (!digits.empty()) {
    const std::size_t take = std::min(limb_digits, digits.size());
    std::uint32_t limb = 0;
    for (const char c : digits.substr(digits.size() - take)) limb = limb * 10 + static_cast<std::uint32_t>(c - '0');
    n.limbs.push_back(limb);
    digits.remove_suffix(take);
  }
  return value_of(arena, std::move(n));
}

Value integer_of_real(Arena& arena, double real) {
  if (std::fabs(real) < 9e18) return Value::integer(static_cast<std::int64_t>(real));
  char text[400];
  const auto [end, error] = std::to_chars(text, text + sizeof text, std::trunc(real), std::chars_format::fixed);
  return integer_of_text(arena, std::string_view(text, static_cast<std::size_t>(end - text)));
}

void append_integer(std::string& out, Value integer) {
  char text[24];
  if (!integer.is(Kind::big_integer)) {
    const auto [end, error] = std::to_chars(text, text + sizeof text, integer.as_integer());
    out.append(text, end);
    return;
  }
  const BigInteger& big = *integer.as_big();
  if (big.negative) out.push_back('-');
  for (std::uint32_t i = big.size; i-- > 0;) {
    const auto [end, error] = std::to_chars(text, text + sizeof text, big.limbs[i]);
    const auto length = static_cast<std::size_t>(end - text);
    if (i + 1 != big.size) out.append(limb_digits - length, '0');
    out.append(text, length);
  }
}

std::optional<double> real_of_integer(Value integer) {
  if (!integer.is(Kind::big_integer)) return static_cast<double>(integer.as_integer());
  Meter::spend(integer.as_big()->size / 2);
  std::string text;
  append_integer(text, integer);
  double real = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error == std::errc::result_out_of_range || std::isinf(real)) return std::nullopt;
  return real;
}

std::optional<Value> add_integers(Arena& arena, Value a, Value b) {
  std::int64_t sum = 0;
  if (both_small(a, b) && !__builtin_add_overflow(a.as_integer(), b.as_integer(), &sum)) return Value::integer(sum);
  return checked(arena, sum_of(number_of(a), number_of(b)));
}

std::optional<Value> subtract_integers(Arena& arena, Value a, Value b) {
  std::int64_t difference = 0;
  if (both_small(a, b) && !__builtin_sub_overflow(a.as_integer(), b.as_integer(), &difference)) {
    return Value::integer(difference);
  }
  Number subtrahend = number_of(b);
  subtrahend.negative = !subtrahend.negative;
  return checked(arena, sum_of(number_of(a), subtrahend));
}

std::optional<Value> multiply_integers(Arena& arena, Value a, Value b) {
  std::int64_t product = 0;
  if (both_small(a, b) && !__builtin_mul_overflow(a.as_integer(), b.as_integer(), &product)) {
    return Value::integer(product);
  }
  return checked(arena, product_of(number_of(a), number_of(b)));
}

Division divide_integers(Arena& arena, Value a, Value b) {
  if (both_small(a, b) && !(b.as_integer() == -1)) {
    const std::int64_t x = a.as_integer();
    const std::int64_t y = b.as_integer();
    const std::int64_t rest = x % y;
    const bool down = rest != 0 && (rest < 0) != (y < 0);
    return {Value::integer(x / y - down), Value::integer(down ? rest + y : rest)};
  }
  const Number x = number_of(a);
  const Number y = number_of(b);
  Magnitudes parts = divide_magnitudes(x.limbs, y.limbs);
  Number quotient{x.negative != y.negative, std::move(parts.quotient)};
  Number remainder{x.negative, std::move(parts.remainder)};
  trim(quotient);
  trim(remainder);
  if (!remainder.limbs.empty() && x.negative != y.negative) {
    quotient = sum_of(quotient, Number{true, {1}});
    remainder = sum_of(remainder, y);
  }
  return {value_of(arena, std::move(quotient)), value_of(arena, std::move(remainder))};
}

std::optional<Value> power_of_integers(Arena& arena, Value a, std::uint64_t b) {
  std::optional<Value> result = Value::integer(1);
  std::optional<Value> square = a;
  while (b != 0) {
    if (b & 1) result = multiply_integers(arena, *result, *square);
    b >>= 1;
    if (b != 0) square = multiply_integers(arena, *square, *square);
    if (!result || !square) return std::nullopt;
  }
  return result;
}

std::strong_ordering compare_integers(Value a, Value b) {
  if (both_small(a, b)) return a.as_integer() <=> b.as_integer();
  const Number x = number_of(a);
  const Number y = number_of(b);
  if (x.negative != y.negative) return x.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  return x.negative ? compare_magnitudes(y.limbs, x.limbs) : compare_magnitudes(x.limbs, y.limbs);
}

std::strong_ordering compare_integer_with_real(Value integer, double real) {
  const double whole = std::floor(real);
  Arena arena;
  const std::strong_ordering order = compare_integers(integer, integer_of_real(arena, whole));
  if (order == 0 && real > whole) return std::strong_ordering::less;
  return order;
}

}  // namespace tocsin::value
