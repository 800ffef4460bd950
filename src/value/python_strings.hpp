// The methods of Python's str, on UTF-8. Each is the method of its name in Python 3.11; texts that result keep the
// Markup flag where MarkupSafe keeps it. Arguments are checked by the caller (see `method_of`).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "value/python_error.hpp"
#include "value/value.hpp"

namespace tocsin::value {

/// Named arguments of a call.
using Named = std::span<const std::pair<std::string_view, Value>>;

/// A method of str: `self`, positional and named arguments. Throws PythonError.
using StringMethod = Value (*)(Arena& arena, Value self, std::span<const Value> positional, Named named);

/// The method of that name, or null. `format` and `format_map` are not among them (python_format.hpp).
StringMethod string_method(std::string_view name);

/// Python's str.split() by white space or by a separator; `most` < 0: no limit.
List* split(Arena& arena, std::string_view text, std::optional<std::string_view> separator, std::int64_t most);

// Case as Python maps it (special casing, final sigma).
/// str.lower() and str.upper(): Markup stays Markup.
Value lower_case(Arena& arena, Value text);
Value upper_case(Arena& arena, Value text);
std::string lowered(std::string_view text);
std::string uppered(std::string_view text);
std::string titled(std::string_view text);
std::string capitalized(std::string_view text);
std::string swapped(std::string_view text);

/// Without white space, or without the given characters, at the ends.
enum class Side { left, right, both };
std::string_view stripped(std::string_view text, Side side, std::optional<std::string_view> characters = {});

}  // namespace tocsin::value
