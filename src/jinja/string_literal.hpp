// String literals of the template language: Python's unicode-escape rules.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::jinja {

/// Appends the text of a literal (with its quotes) to `out`. Returns what is wrong, or an empty string.
std::string append_string_literal(std::string& out, std::string_view literal);

}  // namespace tocsin::jinja
