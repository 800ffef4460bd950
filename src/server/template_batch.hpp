// Many templates rendered, a JSON object a line in and out: for tests against other engines and for scripts.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "jinja/template.hpp"

namespace tocsin::server {

/// The answer to one line: `{"id","output"}` or `{"id","error":{"kind","message","line"}}`, without newline. A line
/// that is no case gets an error of kind `other`.
std::string render_case(std::string_view line, jinja::Renderer& renderer);

/// Every line until the input ends. Blank lines are passed over.
void render_batch(std::istream& in, std::ostream& out);

}  // namespace tocsin::server
