// The exceptions of Python that operations on values raise. Thrown, because the way that does not fail is the hot
// one and failures travel far; caught at the door of an evaluation.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace tocsin::value {

enum class PythonErrorKind {
  type,
  value,
  key,
  index,
  attribute,
  overflow,
  zerodivision,
  recursion,
  memory,
  os,
  regex,
  other,
};

struct PythonError : std::exception {
  PythonError(PythonErrorKind what_kind, std::string text) : kind(what_kind), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }

  PythonErrorKind kind;
  std::string message;
};

[[noreturn]] inline void raise(PythonErrorKind kind, std::string message) {
  throw PythonError(kind, std::move(message));
}
[[noreturn]] inline void raise_type(std::string message) {
  raise(PythonErrorKind::type, std::move(message));
}
[[noreturn]] inline void raise_value(std::string message) {
  raise(PythonErrorKind::value, std::move(message));
}

}  // namespace tocsin::value
