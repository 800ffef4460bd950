// How the methods of str read their arguments, and make what they give. Inside the room only.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_strings.hpp"

namespace tocsin::value {

using Positional = std::span<const Value>;

/// Binds the arguments of one call by the names of a signature, with CPython's complaints.
class Call {
 public:
  Call(const char* method, Positional positional, Named named, std::span<const char* const> names, std::size_t required)
      : method_(method) {
    const std::string_view name = method;
    const bool takes_names = name == "split" || name == "rsplit" || name == "splitlines" || name == "expandtabs";
    if (positional.size() + (takes_names ? named.size() : 0) > names.size()) {
      if (takes_names) {
        raise_type(std::string(name) + "() takes at most " + std::to_string(names.size()) + " argument" +
                   (names.size() == 1 ? "" : "s") + " (" + std::to_string(positional.size() + named.size()) +
                   " given)");
      }
      raise_type(std::string(method) + " expected at most " + std::to_string(names.size()) + " argument" +
                 (names.size() == 1 ? "" : "s") + ", got " + std::to_string(positional.size()));
    }
    for (std::size_t i = 0; i < positional.size(); ++i) slots_[i] = positional[i];
    for (const auto& [name, value] : named) {
      const auto at = std::find_if(names.begin(), names.end(), [&, n = name](const char* each) { return n == each; });
      if (at == names.end()) {
        raise_type("'" + std::string(name) + "' is an invalid keyword argument for " + method + "()");
      }
      slots_[static_cast<std::size_t>(at - names.begin())] = value;
    }
    for (std::size_t i = 0; i < required; ++i) {
      if (!slots_[i]) {
        raise_type(std::string(method) + " expected at least " + std::to_string(required) + " argument" +
                   (required == 1 ? "" : "s") + ", got " + std::to_string(positional.size()));
      }
    }
  }

  bool has(std::size_t i) const { return slots_[i].has_value(); }
  bool given(std::size_t i) const { return slots_[i] && !slots_[i]->is_none(); }
  Value at(std::size_t i) const { return *slots_[i]; }
  std::string_view text(std::size_t i) const {
    if (!slots_[i]->is_string()) {
      raise_type(std::string(method_) + "() argument must be str, not " + std::string(argument_type(*slots_[i])));
    }
    return slots_[i]->as_text();
  }
  std::int64_t integer(std::size_t i, std::int64_t absent) const {
    if (!slots_[i]) return absent;
    if (slots_[i]->is(Kind::big_integer)) {
      raise(PythonErrorKind::overflow, "Python int too large to convert to C ssize_t");
    }
    if (slots_[i]->is(Kind::integer)) return slots_[i]->as_integer();
    return as_index(*slots_[i], integer_message(*slots_[i]).c_str());
  }

 private:
  static std::string integer_message(Value v) {
    return "'" + std::string(type_name(v)) + "' object cannot be interpreted as an integer";
  }

  const char* method_;
  std::array<std::optional<Value>, 3> slots_;
};

/// A part of the text itself: shares its bytes.
inline Value part(std::string_view text, Value like) {
  if (like.is_ascii()) return Value::text(text, like.flags());
  const Value v = Value::text(text);
  return Value::text(v.as_text(), v.flags() | (like.flags() & Value::markup));
}

Value split_from_left(Arena& arena, Value self, Positional positional, Named named);
Value split_from_right(Arena& arena, Value self, Positional positional, Named named);
Value split_lines(Arena& arena, Value self, Positional positional, Named named);

}  // namespace tocsin::value
