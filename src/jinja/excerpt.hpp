// The line of a template that an error points at, for people. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jinja/template.hpp"

namespace tocsin::jinja {

struct Excerpt {
  std::string line;   ///< the source line, cut to a part around the place when it is long
  std::string caret;  ///< blanks and a `^` that stands below the place; empty when the column is not known
};

/// Nothing when the error has no line, or the line is empty. `width` is in code points.
std::optional<Excerpt> excerpt_of(std::string_view source, const Error& error, std::size_t width = 120);

}  // namespace tocsin::jinja
