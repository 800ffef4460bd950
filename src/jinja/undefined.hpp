// What an undefined value remembers, so that its message is made only when somebody asks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "value/value.hpp"

namespace tocsin::jinja {

using value::Value;

/// Behind every undefined value that the engine makes; Value keeps the pointer.
struct Missing {
  enum class Form : std::uint8_t {
    name,     ///< a variable
    element,  ///< an attribute or item of `of`
    message,  ///< the whole message is in `key`
    unsafe,   ///< the same, and its use is a SecurityError
  };
  Form form = Form::name;
  Value key;
  Value of;
};

inline Value undefined_value(value::Arena& arena, const Missing& missing) {
  return Value::undefined(reinterpret_cast<const char*>(arena.make<Missing>(missing)));
}
/// Null for an undefined value that knows nothing.
inline const Missing* missing_of(Value v) {
  return reinterpret_cast<const Missing*>(v.missing_name());
}

/// Jinja2's message for a use of the undefined value.
std::string undefined_message(Value v);
/// Throws UndefinedError, or SecurityError, with that message.
[[noreturn]] void raise_undefined(Value v);

}  // namespace tocsin::jinja
