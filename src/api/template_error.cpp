#include "api/template_error.hpp"

#include "jinja/excerpt.hpp"

namespace tocsin::api {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::int64_t> unless_zero(int number) {
  return number == 0 ? std::nullopt : std::optional<std::int64_t>(number);
}

}  // namespace

Object show_template_error(Call& call, std::string_view source, const jinja::Error& error) {
  const jinja::Excerpt excerpt = jinja::excerpt_of(source, error).value_or(jinja::Excerpt());
  Object object(call.arena);
  object.set("kind", jinja::name_of(error.kind)).set("message", error.message);
  object.set("line", unless_zero(error.line)).set("column", unless_zero(error.column));
  object.set("source_line", unless_empty(excerpt.line)).set("caret", unless_empty(excerpt.caret));
  return object.set("hint", unless_empty(error.hint));
}

}  // namespace tocsin::api
