// A pattern in one of Python's dialects, rewritten for PCRE2. Inside the room; pure.
#pragma once

#include <string>
#include <string_view>

#include "pattern/pattern.hpp"

namespace tocsin::pattern {

/// The same pattern in PCRE2's words. Errors: invalid, for what the dialect itself refuses and for what PCRE2 would
/// take to mean something else; `where` = `position N`.
base::Result<std::string> translate(std::string_view source, Dialect dialect);

}  // namespace tocsin::pattern
