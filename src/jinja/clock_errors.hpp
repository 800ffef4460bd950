// Failures of the room `clock` as the exceptions of Python that they stand for. Inside the room only.
#pragma once

#include <utility>

#include "base/result.hpp"

namespace tocsin::jinja {

/// Throws PythonError of the kind that `where` names.
[[noreturn]] void raise_clock(const base::Error& error);

/// The value, or the exception.
template <class T>
T or_raise(base::Result<T> result) {
  if (!result) raise_clock(result.error());
  return std::move(result).value();
}

}  // namespace tocsin::jinja
