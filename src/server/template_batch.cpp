#include "server/template_batch.hpp"

#include <fmt/format.h>

#include <istream>
#include <ostream>

#include "base/text.hpp"
#include "jinja/json_safe.hpp"
#include "value/json.hpp"

namespace tocsin::server {
namespace {

using value::Value;

/// One line, understood.
struct Case {
  std::string id = "null";  ///< JSON
  std::string_view source;
  std::vector<jinja::Variable> scope;
  clock::Instant now;
  std::size_t limit = 50'000;
};

std::string failure(const std::string& id, const jinja::Error& error) {
  return fmt::format("{{\"id\":{},\"error\":{{\"kind\":{},\"message\":{},\"line\":{}}}}}", id,
                     base::json_quoted(jinja::name_of(error.kind)), base::json_quoted(error.message), error.line);
}

/// Nothing, or what is wrong with the line.
std::optional<std::string> understand(value::Document& document, Case& into) {
  const Value root = document.root();
  if (!root.is_dict()) return "the line is not an object";
  if (const Value* id = root.find("id")) into.id = value::to_json(*id);
  const Value* source = root.find("template");
  if (source == nullptr || !source->is_string()) return "`template` must be a text";
  into.source = source->as_text();
  const bool for_webhook = root.text_at("mode") == "webhook";
  if (const Value* context = root.find("context")) {
    if (!context->is_dict()) return "`context` must be an object";
    for (const value::Entry& entry : *context->as_dict()) {
      into.scope.push_back(
          {entry.key.as_text(), for_webhook ? jinja::json_safe(document.arena(), entry.value) : entry.value});
    }
  }
  into.now = clock::RealClock().now();
  if (root.find("now") != nullptr) {
    const auto now = clock::from_iso8601(root.text_at("now"));
    if (!now) return "`now` must be a time such as 2026-03-01T12:00:00Z";
    into.now = *now;
  }
  if (const Value* limit = root.find("limit")) {
    if (!limit->is(value::Kind::integer) || limit->as_integer() < 0) return "`limit` must be a number of characters";
    into.limit = static_cast<std::size_t>(limit->as_integer());
  }
  return std::nullopt;
}

}  // namespace

std::string render_case(std::string_view line, jinja::Renderer& renderer) {
  base::Result<value::Document> document = value::read_json(line, {.dialect = value::Dialect::python});
  if (!document) {
    return failure("null",
                   {jinja::ErrorKind::other, document.error().message + " at " + document.error().where, 0, 0, {}});
  }
  Case wanted;
  if (const auto mistake = understand(*document, wanted)) {
    return failure(wanted.id, {jinja::ErrorKind::other, *mistake, 0, 0, {}});
  }
  const auto compiled = jinja::Template::compile(wanted.source);
  if (const auto* error = std::get_if<jinja::Error>(&compiled)) return failure(wanted.id, *error);
  std::string text;
  const std::optional<jinja::Error> error =
      renderer.render(std::get<jinja::Template>(compiled), wanted.scope, wanted.now, jinja::Budget(), text);
  if (error) return failure(wanted.id, *error);
  jinja::cut_result(text, wanted.limit);
  return fmt::format("{{\"id\":{},\"output\":{}}}", wanted.id, base::json_quoted(text));
}

void render_batch(std::istream& in, std::ostream& out) {
  jinja::Renderer renderer;
  std::string line;
  while (std::getline(in, line)) {
    if (base::trimmed(line).empty()) continue;
    out << render_case(line, renderer) << '\n';
    // Who waits for each answer gets it; who sends many does not pay for it.
    if (in.rdbuf()->in_avail() <= 0) out.flush();
  }
}

}  // namespace tocsin::server
