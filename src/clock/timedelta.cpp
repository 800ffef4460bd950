#include "clock/timedelta.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

namespace tocsin::clock {
namespace {

using Wide = __int128;
using Unsigned = unsigned __int128;

constexpr std::int64_t second_micros = 1'000'000;
constexpr std::int64_t day_micros = 86'400 * second_micros;
constexpr int most_days = 999'999'999;

base::Error overflow(std::string message) {
  return python_error("OverflowError", std::move(message));
}
base::Error too_large() {
  return overflow("Python int too large to convert to C int");
}

Wide floor_div(Wide a, Wide b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

Wide micros_of(TimeDelta a) {
  return Wide{a.days} * day_micros + Wide{a.seconds} * second_micros + a.microseconds;
}

base::Result<TimeDelta> delta_of(Wide micros) {
  const Wide days = floor_div(micros, day_micros);
  if (days > std::numeric_limits<int>::max() || days < std::numeric_limits<int>::min()) return too_large();
  if (days > most_days || days < -most_days) {
    return overflow("days=" + std::to_string(static_cast<int>(days)) + "; must have magnitude <= 999999999");
  }
  const auto rest = static_cast<std::int64_t>(micros - days * day_micros);
  return TimeDelta{static_cast<int>(days), static_cast<int>(rest / second_micros),
                   static_cast<int>(rest % second_micros)};
}

/// a / b to the nearest whole number, ties to even. `b` is positive.
Wide divide_nearest(Wide a, Wide b) {
  const Wide floor = floor_div(a, b);
  const Wide rest = a - floor * b;
  // rest < b, so b - rest does not overflow.
  const bool up = rest > b - rest || (rest == b - rest && floor % 2 != 0);
  return floor + (up ? 1 : 0);
}

/// Correctly rounded a / b. `b` is not zero.
double true_divide(Wide a, Wide b) {
  if (a == 0) return b < 0 ? -0.0 : 0.0;
  constexpr Wide exact = Wide{1} << 53;  // below it both are doubles, and one division rounds once
  if (-exact < a && a < exact && -exact < b && b < exact) return static_cast<double>(a) / static_cast<double>(b);
  const bool minus = (a < 0) != (b < 0);
  Unsigned top = a < 0 ? -static_cast<Unsigned>(a) : static_cast<Unsigned>(a);
  const Unsigned bottom = b < 0 ? -static_cast<Unsigned>(b) : static_cast<Unsigned>(b);
  int shift = 0;
  for (; (top >> 126) == 0; top <<= 1) ++shift;
  // The quotient has more bits than a double; what is left over only matters as 'not exactly half'.
  const Unsigned quotient = top / bottom | static_cast<Unsigned>(top % bottom != 0);
  const double value = std::ldexp(static_cast<double>(quotient), -shift);
  return minus ? -value : value;
}

/// A finite float as `mantissa * 2^exponent` with an odd mantissa (or zero).
struct Binary {
  std::int64_t mantissa;
  int exponent;
};
Binary binary_of(double value) {
  int exponent = 0;
  auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(value, &exponent), 53));
  exponent -= 53;
  for (; mantissa != 0 && mantissa % 2 == 0; mantissa /= 2) ++exponent;
  return {mantissa, exponent};
}

base::Status check_finite(double value) {
  if (std::isnan(value)) return python_error("ValueError", "cannot convert NaN to integer ratio");
  if (std::isinf(value)) return overflow("cannot convert Infinity to integer ratio");
  return {};
}

base::Error zero_division(std::string message) {
  return python_error("ZeroDivisionError", std::move(message));
}

/// `top * 2^power / bottom` to the nearest, ties to even; nothing when it is past any timedelta. `bottom` is positive.
std::optional<Wide> scaled_quotient(Wide top, int power, Wide bottom) {
  const bool minus = top < 0;
  const Wide size = minus ? -top : top;
  Wide quotient = size / bottom;
  Wide rest = size % bottom;
  for (int i = 0; i < power; ++i) {
    rest *= 2;
    quotient = quotient * 2 + (rest >= bottom);
    if (rest >= bottom) rest -= bottom;
    if (quotient >> 90 != 0) return std::nullopt;
    if (quotient == 0 && rest == 0) break;
  }
  if (rest > bottom - rest || (rest == bottom - rest && quotient % 2 != 0)) ++quotient;
  return minus ? -quotient : quotient;
}

}  // namespace

base::Error python_error(std::string_view exception, std::string message) {
  base::ErrorKind kind = base::ErrorKind::invalid;
  if (exception == "OverflowError" || exception == "OSError") kind = base::ErrorKind::too_large;
  if (exception == "TypeError") kind = base::ErrorKind::conflict;
  if (exception == "ZeroDivisionError") kind = base::ErrorKind::unsupported;
  if (exception == "KeyError") kind = base::ErrorKind::not_found;
  return {kind, std::move(message), std::string(exception)};
}

TimeDelta TimeDelta::from_seconds(std::int64_t seconds) {
  // More than a timedelta holds is held at its ends.
  constexpr std::int64_t most = std::int64_t{most_days} * 86'400;
  return *delta_of(Wide{std::min(std::max(seconds, -most), most)} * second_micros);
}

TimeDelta TimeDelta::from_micros(std::int64_t micros) {
  return *delta_of(micros);
}

base::Result<TimeDelta> timedelta_of(std::int64_t amount, int unit_seconds) {
  return delta_of(Wide{amount} * unit_seconds * second_micros);
}

base::Result<TimeDelta> add(TimeDelta a, TimeDelta b) {
  return delta_of(micros_of(a) + micros_of(b));
}
base::Result<TimeDelta> subtract(TimeDelta a, TimeDelta b) {
  return delta_of(micros_of(a) - micros_of(b));
}
base::Result<TimeDelta> negate(TimeDelta a) {
  return delta_of(-micros_of(a));
}
base::Result<TimeDelta> absolute(TimeDelta a) {
  return a.days < 0 ? negate(a) : base::Result<TimeDelta>(a);
}

base::Result<TimeDelta> multiply(TimeDelta a, std::int64_t factor) {
  Wide product = 0;
  if (__builtin_mul_overflow(micros_of(a), Wide{factor}, &product)) return too_large();
  return delta_of(product);
}

base::Result<TimeDelta> multiply(TimeDelta a, double factor) {
  if (base::Status fine = check_finite(factor); !fine) return std::move(fine).error();
  const Binary binary = binary_of(factor);
  const Wide product = micros_of(a) * binary.mantissa;
  if (product == 0) return TimeDelta{};
  if (binary.exponent >= 0) {
    const std::optional<Wide> scaled = scaled_quotient(product, binary.exponent, 1);
    return scaled ? delta_of(*scaled) : too_large();
  }
  if (binary.exponent < -125) return TimeDelta{};
  return delta_of(divide_nearest(product, Wide{1} << -binary.exponent));
}

base::Result<TimeDelta> divide(TimeDelta a, std::int64_t divisor) {
  if (divisor == 0) return zero_division("integer division or modulo by zero");
  return delta_of(divisor < 0 ? divide_nearest(-micros_of(a), -Wide{divisor}) : divide_nearest(micros_of(a), divisor));
}

base::Result<TimeDelta> divide(TimeDelta a, double divisor) {
  if (base::Status fine = check_finite(divisor); !fine) return std::move(fine).error();
  const Binary binary = binary_of(divisor);
  if (binary.mantissa == 0) return zero_division("integer division or modulo by zero");
  const Wide top = binary.mantissa < 0 ? -micros_of(a) : micros_of(a);
  const Wide bottom = binary.mantissa < 0 ? -Wide{binary.mantissa} : Wide{binary.mantissa};
  if (binary.exponent > 70) return TimeDelta{};
  const std::optional<Wide> quotient = binary.exponent > 0 ? scaled_quotient(top, 0, bottom << binary.exponent)
                                                           : scaled_quotient(top, -binary.exponent, bottom);
  return quotient ? delta_of(*quotient) : too_large();
}

base::Result<double> divide(TimeDelta a, TimeDelta divisor) {
  if (!divisor) return zero_division("division by zero");
  return true_divide(micros_of(a), micros_of(divisor));
}

base::Result<TimeDelta> floor_divide(TimeDelta a, std::int64_t divisor) {
  if (divisor == 0) return zero_division("integer division or modulo by zero");
  return delta_of(floor_div(micros_of(a), divisor));
}

base::Result<std::int64_t> floor_divide(TimeDelta a, TimeDelta divisor) {
  if (!divisor) return zero_division("integer division or modulo by zero");
  const Wide quotient = floor_div(micros_of(a), micros_of(divisor));
  if (quotient != static_cast<std::int64_t>(quotient)) return overflow("the quotient is too large");
  return static_cast<std::int64_t>(quotient);
}

base::Result<TimeDelta> modulo(TimeDelta a, TimeDelta divisor) {
  if (!divisor) return zero_division("integer modulo by zero");
  const Wide quotient = floor_div(micros_of(a), micros_of(divisor));
  return delta_of(micros_of(a) - quotient * micros_of(divisor));
}

double total_seconds(TimeDelta a) {
  return true_divide(micros_of(a), second_micros);
}

std::string to_text(TimeDelta a) {
  char text[64];
  int size = 0;
  const auto room = [&] { return sizeof text - static_cast<std::size_t>(size); };
  if (a.days != 0)
    size = std::snprintf(text, sizeof text, "%d day%s, ", a.days, a.days == 1 || a.days == -1 ? "" : "s");
  size += std::snprintf(text + size, room(), "%d:%02d:%02d", a.seconds / 3600, a.seconds / 60 % 60, a.seconds % 60);
  if (a.microseconds != 0) size += std::snprintf(text + size, room(), ".%06d", a.microseconds);
  return {text, static_cast<std::size_t>(size)};
}

std::string python_repr(TimeDelta a) {
  std::string parts;
  const auto part = [&](const char* name, int value) {
    if (value != 0) parts += (parts.empty() ? "" : ", ") + std::string(name) + "=" + std::to_string(value);
  };
  part("days", a.days);
  part("seconds", a.seconds);
  part("microseconds", a.microseconds);
  return "datetime.timedelta(" + (parts.empty() ? "0" : parts) + ")";
}

}  // namespace tocsin::clock
