#include "server/template_report.hpp"

#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"
#include "jinja/excerpt.hpp"

namespace tocsin::server {
namespace {

std::string quoted_or_null(std::string_view text) {
  return text.empty() ? "null" : base::json_quoted(text);
}

}  // namespace

std::string place_of(const jinja::Error& error) {
  std::string place;
  if (error.line > 0) place += fmt::format(", line {}", error.line);
  if (error.line > 0 && error.column > 0) place += fmt::format(", column {}", error.column);
  return place;
}

void show_excerpt(std::ostream& out, std::string_view source, const jinja::Error& error) {
  if (const auto excerpt = jinja::excerpt_of(source, error)) {
    out << "  " << excerpt->line << '\n';
    if (!excerpt->caret.empty()) out << "  " << excerpt->caret << '\n';
  }
  if (!error.hint.empty()) out << "  " << error.hint << '\n';
}

std::string members_of(std::string_view source, const jinja::Error& error) {
  const auto excerpt = jinja::excerpt_of(source, error).value_or(jinja::Excerpt());
  return fmt::format(R"("kind":{},"message":{},"line":{},"column":{},"source_line":{},"caret":{},"hint":{})",
                     base::json_quoted(jinja::name_of(error.kind)), base::json_quoted(error.message), error.line,
                     error.column, quoted_or_null(excerpt.line), quoted_or_null(excerpt.caret),
                     quoted_or_null(error.hint));
}

}  // namespace tocsin::server
