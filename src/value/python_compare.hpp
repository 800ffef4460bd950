// Equality, order, hash, truth and names of kinds, as Python has them. Objects of the room above take part through
// ObjectRules, which that room registers once.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "value/value.hpp"

namespace tocsin::value {

/// What the room that hangs objects into values knows about them. Each gets objects only.
struct ObjectRules {
  bool (*equal)(const Object& a, const Object& b);
  /// Nothing: the two can't be ordered. It need hold for the sign that is asked for only (`<`, `<=`, `>`, `>=`): sets
  /// look no further than that one needs, and what they look at may raise.
  std::optional<std::partial_ordering> (*compare)(const Object& a, const Object& b, std::string_view sign);
  std::optional<std::uint64_t> (*hash)(const Object& object);  ///< nothing: unhashable
  bool (*truth)(const Object& object);
  std::string_view (*type_name)(const Object& object);
  void (*append_str)(std::string& out, const Object& object);
  void (*append_repr)(std::string& out, const Object& object);
  /// Of tuples that are classes of their own (`is_named_tuple`).
  std::string_view (*tuple_name)(const List& tuple);
  void (*append_tuple_repr)(std::string& out, const List& tuple);
};

/// Is the tuple one of a class of its own? The room above marks them by their capacity.
inline constexpr std::uint32_t named_tuples = ~std::uint32_t{0} - 15;
inline bool is_named_tuple(Value v) {
  return v.is(Kind::tuple) && v.as_list()->capacity >= named_tuples;
}
/// Registers the rules; once, before values with objects exist (static initialisation).
void set_object_rules(const ObjectRules& rules);
const ObjectRules& object_rules();

/// Thrown where Python asks an undefined value for what it does not give; the room above words it.
struct UndefinedUsed {
  Value of;
};

/// Python's ==. Undefined equals undefined.
bool equal(Value a, Value b);

/// The order of two values, good for that sign; unordered for NaN; nothing when Python raises TypeError.
std::optional<std::partial_ordering> compare(Value a, Value b, std::string_view sign = "<");

/// Equal values have equal hashes. For hashable values.
std::uint64_t hash_of(Value v);
std::uint64_t hash_of_text(std::string_view text);
bool is_hashable(Value v);
/// Python's error for a value that is not hashable: of a tuple, the item in it that is not.
[[noreturn]] void raise_unhashable(Value v);

/// Python's bool().
bool is_true(Value v);

/// `int`, `str`, `NoneType` …
std::string_view type_name(Value v);
/// The same in CPython's complaints of an argument, which say `None`.
inline std::string_view argument_type(Value v) {
  return v.is_none() ? "None" : type_name(v);
}

inline bool is_integer(Value v) {
  return v.is(Kind::integer) || v.is(Kind::boolean) || v.is(Kind::big_integer);
}
inline bool is_number(Value v) {
  return is_integer(v) || v.is(Kind::real);
}

}  // namespace tocsin::value
