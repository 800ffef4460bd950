// Errors of templates as the API shows them.
#pragma once

#include <string_view>

#include "api/answer.hpp"
#include "api/call.hpp"
#include "jinja/template.hpp"

namespace tocsin::api {

/// `{"kind", "message", "line", "column", "source_line", "caret", "hint"}`; what is not known is null.
Object show_template_error(Call& call, std::string_view source, const jinja::Error& error);

}  // namespace tocsin::api
