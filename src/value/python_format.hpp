// Formatting as Python does it: format specs (`{:>10.2f}`), the `%` operator, and round().
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "value/python_error.hpp"
#include "value/value.hpp"

namespace tocsin::value {

/// format(v, spec) for str, int, float, bool, None and containers. Throws PythonError (ValueError, TypeError).
void append_formatted(std::string& out, Value v, std::string_view spec);

/// `text % arguments`: a tuple, a dict for `%(name)s`, or one value.
Value percent_format(Arena& arena, Value text, Value arguments);

/// Resolves a replacement field's path for str.format: the first name or number, then attributes and items.
struct FieldSource {
  std::function<Value(std::string_view name)> named;
  std::function<Value(std::int64_t number)> numbered;
  std::function<Value(Value object, std::string_view name)> attribute;
  std::function<Value(Value object, Value key)> item;
  /// Text made on the way, in memory that lasts.
  std::function<Value(std::string_view text)> text;
  /// Formats with a spec; objects of the room above are its business.
  std::function<void(std::string& out, Value v, std::string_view spec)> format;
};
/// str.format, as Python's string.Formatter does it: fills the replacement fields of `text`.
void append_str_format(std::string& out, std::string_view text, const FieldSource& source);

/// round(x) and round(x, digits) of a float or an integer; half to even, exact.
Value rounded(Arena& arena, Value number, std::int64_t digits);

/// A float with so many digits after the point (`%.{precision}f`).
void append_fixed(std::string& out, double real, int precision);

}  // namespace tocsin::value
