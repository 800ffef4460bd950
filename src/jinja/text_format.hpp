// str.format and format_map as the sandbox lets them through: attributes and items of fields go by its rules.
#pragma once

#include "jinja/evaluation.hpp"

namespace tocsin::jinja {

/// `self.format(*positional, **named)`. Of Markup it escapes what it fills in.
Value formatted(Evaluation& evaluation, Value self, const Arguments& arguments);
/// `self.format_map(mapping)`.
Value formatted_by(Evaluation& evaluation, Value self, Value mapping);

/// format(v, spec), dates included.
void append_formatted_value(Evaluation& evaluation, std::string& out, Value v, std::string_view spec);

}  // namespace tocsin::jinja
