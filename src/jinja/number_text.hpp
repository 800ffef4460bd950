// Numbers read from text and made from other numbers as Python's int() and float() do it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "value/value.hpp"

namespace tocsin::jinja {

/// int(text, base): white space around, one `_` between digits, digits of any script, `0x` and the like where the base
/// allows it. Nothing when Python raises ValueError.
std::optional<value::Value> integer_of(value::Arena& arena, std::string_view text, std::int64_t base = 10);

/// float(text). Nothing when Python raises ValueError.
std::optional<double> real_of(std::string_view text);

/// int(real): throws PythonError for what is not finite.
value::Value truncated(value::Arena& arena, double real);

}  // namespace tocsin::jinja
