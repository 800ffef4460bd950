// Integers of any size, sign and magnitude, limbs of nine decimal digits (so that decimal text, which is what
// payloads and templates show, is cheap). Immutable, in an arena.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "value/value.hpp"

namespace tocsin::value {

struct BigInteger {
  bool negative = false;
  std::uint32_t size = 0;          ///< limbs in use; the highest is not zero
  std::uint32_t* limbs = nullptr;  ///< base 10^9, lowest first
};

/// Digits that a result may have; beyond it an operation gives nothing.
inline constexpr std::size_t big_digits_limit = 20'000;

/// The integer of decimal text (an optional `-`, then digits): int64 when it fits, else big. The text is valid.
Value integer_of_text(Arena& arena, std::string_view digits);
/// The integer nearest to zero of a finite double.
Value integer_of_real(Arena& arena, double real);

/// Decimal text of an integer or boolean.
void append_integer(std::string& out, Value integer);
/// The nearest double; nothing when it is beyond the doubles.
std::optional<double> real_of_integer(Value integer);

// Arithmetic on integers of either size (booleans count as 0 and 1). Nothing: too many digits.
std::optional<Value> add_integers(Arena& arena, Value a, Value b);
std::optional<Value> subtract_integers(Arena& arena, Value a, Value b);
std::optional<Value> multiply_integers(Arena& arena, Value a, Value b);
/// Python's floor division and its remainder (the divisor's sign); the divisor is not zero.
struct Division {
  Value quotient;
  Value remainder;
};
Division divide_integers(Arena& arena, Value a, Value b);
/// `a ** b` for b >= 0.
std::optional<Value> power_of_integers(Arena& arena, Value a, std::uint64_t b);
std::strong_ordering compare_integers(Value a, Value b);
/// Compared exactly; the real is finite.
std::strong_ordering compare_integer_with_real(Value integer, double real);

}  // namespace tocsin::value
