#include "jinja/clock_errors.hpp"

#include "value/python_error.hpp"

namespace tocsin::jinja {

void raise_clock(const base::Error& error) {
  using Kind = value::PythonErrorKind;
  Kind kind = Kind::value;
  if (error.where == "OverflowError") kind = Kind::overflow;
  if (error.where == "OSError") kind = Kind::os;
  if (error.where == "TypeError") kind = Kind::type;
  if (error.where == "ZeroDivisionError") kind = Kind::zerodivision;
  if (error.where == "KeyError") kind = Kind::key;
  value::raise(kind, error.message);
}

}  // namespace tocsin::jinja
