// Advice for common slips, shown beside an error.
#pragma once

#include <string>
#include <string_view>

#include "jinja/template.hpp"

namespace tocsin::jinja {

/// How to mend what the message tells; empty when there is nothing to say.
std::string hint_for(ErrorKind kind, std::string_view message);

}  // namespace tocsin::jinja
