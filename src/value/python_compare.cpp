#include "value/python_compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "value/big_integer.hpp"
#include "value/meter.hpp"
#include "value/python_error.hpp"

namespace tocsin::value {
namespace {

/// Deeper than this, two structures are as good as different; cycles end here.
constexpr int depth_limit = 500;
/// How deep the comparison is within which an object's own is made.
thread_local int outer_depth = 0;
/// So many items are compared for one unit of the meter, or so many bytes.
constexpr std::uint32_t items_a_unit = 16;
constexpr std::size_t bytes_a_unit = 512;

ObjectRules& registered() {
  static ObjectRules rules{
      [](const Object& a, const Object& b) { return &a == &b; },
      [](const Object&, const Object&, std::string_view) -> std::optional<std::partial_ordering> {
        return std::nullopt;
      },
      [](const Object& object) -> std::optional<std::uint64_t> { return reinterpret_cast<std::uintptr_t>(&object); },
      [](const Object&) { return true; },
      [](const Object&) -> std::string_view { return "object"; },
      [](std::string& out, const Object&) { out += "<object>"; },
      [](std::string& out, const Object&) { out += "<object>"; },
      [](const List&) -> std::string_view { return "tuple"; },
      [](std::string& out, const List&) { out += "()"; },
  };
  return rules;
}

std::partial_ordering compare_numbers(Value a, Value b) {
  if (a.is(Kind::real) && b.is(Kind::real)) return a.as_real() <=> b.as_real();
  if (a.is(Kind::real)) return 0 <=> compare_numbers(b, a);
  if (!b.is(Kind::real)) return compare_integers(a, b);
  const double real = b.as_real();
  if (std::isnan(real)) return std::partial_ordering::unordered;
  if (std::isinf(real)) return real > 0 ? std::partial_ordering::less : std::partial_ordering::greater;
  return compare_integer_with_real(a, real);
}

bool equal_at(Value a, Value b, int depth);

bool equal_dicts(const Dict& a, const Dict& b, int depth) {
  if (a.size != b.size) return false;
  for (const Entry& entry : a) {
    Meter::spend(1);
    const Entry* other = find(b, entry.key);
    if (other == nullptr || !equal_at(entry.value, other->value, depth + 1)) return false;
  }
  return true;
}

bool equal_lists(const List& a, const List& b, int depth) {
  if (a.size != b.size) return false;
  for (std::uint32_t i = 0; i < a.size; ++i) {
    if (i % items_a_unit == 0) Meter::spend(1);
    if (!equal_at(a.items[i], b.items[i], depth + 1)) return false;
  }
  return true;
}

bool equal_objects(const Object& a, const Object& b, int depth) {
  struct Deeper {
    explicit Deeper(int depth) : before(std::exchange(outer_depth, depth + 1)) {}
    ~Deeper() { outer_depth = before; }
    int before;
  };
  const Deeper deeper(depth);
  return registered().equal(a, b);
}

bool equal_at(Value a, Value b, int depth) {
  if (depth > depth_limit) return false;
  if (a.is_string() && b.is_string()) {
    const std::size_t size = a.as_text().size();
    if (size != b.as_text().size()) return false;
    if (size >= bytes_a_unit) Meter::spend(size / bytes_a_unit);
    return a.as_text() == b.as_text();
  }
  if (is_number(a) && is_number(b)) return compare_numbers(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::undefined:
    case Kind::none: return true;
    case Kind::list:
    case Kind::tuple: return a.as_list() == b.as_list() || equal_lists(*a.as_list(), *b.as_list(), depth);
    case Kind::dict: return a.as_dict() == b.as_dict() || equal_dicts(*a.as_dict(), *b.as_dict(), depth);
    case Kind::object: return equal_objects(*a.as_object(), *b.as_object(), depth);
    default: return false;
  }
}

/// What is asked for, and how deep.
struct Asked {
  std::string_view sign;
  int depth;
};

std::optional<std::partial_ordering> compare_lists(const List& a, const List& b, Asked asked);

std::optional<std::partial_ordering> compare_at(Value a, Value b, Asked asked) {
  if (asked.depth > depth_limit) return std::partial_ordering::equivalent;
  if (a.is_string() && b.is_string()) {
    const std::size_t size = std::min(a.as_text().size(), b.as_text().size());
    if (size >= bytes_a_unit) Meter::spend(size / bytes_a_unit);
    return a.as_text().compare(b.as_text()) <=> 0;
  }
  if (is_number(a) && is_number(b)) return compare_numbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  if (a.is_sequence()) return compare_lists(*a.as_list(), *b.as_list(), asked);
  if (a.is(Kind::object)) return registered().compare(*a.as_object(), *b.as_object(), asked.sign);
  return std::nullopt;
}

std::optional<std::partial_ordering> compare_lists(const List& a, const List& b, Asked asked) {
  ++asked.depth;
  const std::uint32_t shared = a.size < b.size ? a.size : b.size;
  for (std::uint32_t i = 0; i < shared; ++i) {
    if (i % items_a_unit == 0) Meter::spend(1);
    if (!equal_at(a.items[i], b.items[i], asked.depth)) return compare_at(a.items[i], b.items[i], asked);
  }
  return a.size <=> b.size;
}

std::uint64_t hash_of_integer(std::int64_t i) {
  // The high half, too: numbers that differ in their high bits alone must not meet in one place.
  const auto product = static_cast<unsigned __int128>(static_cast<std::uint64_t>(i)) * 0x9E3779B97F4A7C15u;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_of_real(double real) {
  if (std::nearbyint(real) == real && real >= -0x1p63 && real < 0x1p63)
    return hash_of_integer(static_cast<std::int64_t>(real));
  std::uint64_t bits = 0;
  std::memcpy(&bits, &real, sizeof bits);
  return bits * 0xD6E8FEB86659FD93u;
}

}  // namespace

void set_object_rules(const ObjectRules& rules) {
  registered() = rules;
}
const ObjectRules& object_rules() {
  return registered();
}

bool equal(Value a, Value b) {
  return equal_at(a, b, outer_depth);
}

std::optional<std::partial_ordering> compare(Value a, Value b, std::string_view sign) {
  return compare_at(a, b, {sign, 0});
}

std::uint64_t hash_of(Value v) {
  switch (v.kind()) {
    case Kind::string: return hash_of_text(v.as_text());
    case Kind::boolean:
    case Kind::integer: return hash_of_integer(v.as_integer());
    // Big integers and the doubles that may equal them share the hash of the double.
    case Kind::big_integer: return hash_of_real(real_of_integer(v).value_or(HUGE_VAL));
    case Kind::real: return hash_of_real(v.as_real());
    case Kind::tuple: {
      Meter::spend(1 + v.as_list()->size / items_a_unit);
      std::uint64_t hash = 0x345678;
      for (const Value item : *v.as_list()) hash = hash * 1'000'003 ^ hash_of(item);
      return hash;
    }
    case Kind::object: return registered().hash(*v.as_object()).value_or(0);
    default: return 1;
  }
}

bool is_hashable(Value v) {
  if (v.is_list() || v.is_dict()) return false;
  if (v.is(Kind::object)) return registered().hash(*v.as_object()).has_value();
  if (!v.is(Kind::tuple)) return true;
  Meter::spend(1 + v.as_list()->size / items_a_unit);
  for (const Value item : *v.as_list()) {
    if (!is_hashable(item)) return false;
  }
  return true;
}

void raise_unhashable(Value v) {
  while (v.is(Kind::tuple)) {
    v = *std::find_if(v.as_list()->begin(), v.as_list()->end(), [](Value item) { return !is_hashable(item); });
  }
  raise_type("unhashable type: '" + std::string(type_name(v)) + "'");
}

bool is_true(Value v) {
  switch (v.kind()) {
    case Kind::undefined:
    case Kind::none: return false;
    case Kind::boolean:
    case Kind::integer: return v.as_integer() != 0;
    case Kind::big_integer: return true;
    case Kind::real: return v.as_real() != 0;
    case Kind::string: return !v.as_text().empty();
    case Kind::list:
    case Kind::tuple: return v.as_list()->size != 0;
    case Kind::dict: return v.as_dict()->size != 0;
    case Kind::object: return registered().truth(*v.as_object());
  }
  return false;
}

std::string_view type_name(Value v) {
  switch (v.kind()) {
    case Kind::undefined: return "Undefined";
    case Kind::none: return "NoneType";
    case Kind::boolean: return "bool";
    case Kind::integer:
    case Kind::big_integer: return "int";
    case Kind::real: return "float";
    case Kind::string: return v.is_markup() ? "Markup" : "str";
    case Kind::list: return "list";
    case Kind::tuple: return is_named_tuple(v) ? registered().tuple_name(*v.as_list()) : "tuple";
    case Kind::dict: return "dict";
    case Kind::object: return registered().type_name(*v.as_object());
  }
  return "object";
}

}  // namespace tocsin::value
