// Values as Python prints them: str() and repr().
#pragma once

#include <string>
#include <string_view>

#include "value/value.hpp"

namespace tocsin::value {

/// Python's str(). Undefined prints nothing.
void append_str(std::string& out, Value v);
/// Python's repr(). A container inside itself prints as `[...]` or `{...}`.
void append_repr(std::string& out, Value v);
/// Stands while the repr of a container is made on this thread: so that what is inside itself, through objects too, is
/// not entered again.
class Printing {
 public:
  explicit Printing(const void* container);
  ~Printing();
  Printing(const Printing&) = delete;
  Printing& operator=(const Printing&) = delete;
  /// The container is inside itself: `...` stands for it.
  bool is_again() const { return is_again_; }

 private:
  bool is_again_;
};

/// repr of a str: Python's choice of quotes, escapes for what is not printable.
void append_text_repr(std::string& out, std::string_view text);
/// What ascii() makes of a repr: characters beyond ASCII as escapes.
void append_ascii(std::string& out, std::string_view repr);
/// repr of a float: the shortest digits that give it back.
void append_real(std::string& out, double real);

std::string to_str(Value v);
std::string to_repr(Value v);

}  // namespace tocsin::value
