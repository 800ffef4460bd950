// Python's operators on plain values. Objects (dates) are the room above's business: it looks at them first.
// All throw PythonError with CPython 3.11's words.
#pragma once

#include <cstdint>

#include "value/python_error.hpp"
#include "value/value.hpp"

namespace tocsin::value {

/// What a result may weigh: `'x' * 10**9` is refused before it is built.
inline constexpr std::uint64_t repeated_bytes_limit = 64u << 20;

Value add(Arena& arena, Value a, Value b);
Value subtract(Arena& arena, Value a, Value b);
Value multiply(Arena& arena, Value a, Value b);
Value true_divide(Arena& arena, Value a, Value b);
Value floor_divide(Arena& arena, Value a, Value b);
/// On numbers only; `%` on text is formatting (python_format.hpp).
Value modulo(Arena& arena, Value a, Value b);
Value power(Arena& arena, Value a, Value b);
Value negate(Arena& arena, Value a);
Value plus(Value a);

/// `a < b` and the like: -1, 0, 1, or 2 for unordered (NaN); `sign` names the operator in the error.
int order(Value a, Value b, const char* sign);
/// `item in container`.
bool contains(Value container, Value item);
/// Where a part stands in a text, from a byte on; npos when it does not. Never slow, whatever the two are.
std::size_t find_in(std::string_view text, std::string_view part, std::size_t from = 0);
std::size_t rfind_in(std::string_view text, std::string_view part);
/// len().
std::int64_t length(Value v);

/// Text joined, escaping what is not Markup when one of them is.
Value concatenate(Arena& arena, Value a, Value b);
/// MarkupSafe's escape of a text.
void append_escaped(std::string& out, std::string_view text);
Value escaped(Arena& arena, std::string_view text);

/// An index as Python's __index__: an integer that fits, else TypeError with the message.
std::int64_t as_index(Value v, const char* message);
/// The same for bounds of slices: what does not fit is as far as can be.
std::int64_t as_clamped_index(Value v, const char* message);
/// The item at a Python index of a sequence or text; false when out of range.
bool item_at(Value container, std::int64_t index, Value& out);
/// `v[start:stop:step]`; None or undefined means not given.
Value slice(Arena& arena, Value v, Value start, Value stop, Value step);

}  // namespace tocsin::value
