// Names into slots, by Jinja2's scoping rules: which names a frame stores, which it reads from outside, when a value
// is copied into an inner frame, and what the top level shows to macros and blocks through the scope.
#pragma once

#include "jinja/program.hpp"

namespace tocsin::jinja {

/// Resolves every name of the parsed program. Throws Failure (assertion, …).
void resolve(Template::Program& program);

}  // namespace tocsin::jinja
