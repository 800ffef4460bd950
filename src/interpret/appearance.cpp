#include "base/text.hpp"
#include "interpret/interpret.hpp"
#include "interpret/settings.hpp"
#include "pattern/pattern.hpp"

namespace tocsin::interpret {
namespace {

using value::Value;

/// Renders one text; nothing when the result stands for 'absent'.
Rendered render_text(const CompiledText& text, std::span<const jinja::Variable> scope, clock::Instant now,
                     const jinja::Budget& budget, Bench::State& bench) {
  if (const auto* broken = std::get_if<jinja::Error>(&text.compiled)) return {std::nullopt, *broken};
  auto error = bench.renderer.render(std::get<jinja::Template>(text.compiled), scope, now, budget, bench.out);
  if (error) return {std::nullopt, std::move(error)};
  jinja::cut_result(bench.out);
  if (bench.out == "None") return {};
  return {bench.out, std::nullopt};
}

}  // namespace

Rendered render_field(const Settings& settings, std::string_view field, Value payload, const GroupFacts& facts,
                      clock::Instant now, Bench& bench) {
  const Settings::Parts& parts = settings.parts();
  std::vector<jinja::Variable> scope = {
      {"payload", payload},
      {"integration_name", Value::text(parts.integration.name)},
      {"source_link", facts.source_link.empty() ? Value::none() : Value::text(facts.source_link)},
      {"grafana_oncall_alert_group_id", Value::integer(facts.number)},
      {"grafana_oncall_incident_id", Value::integer(facts.number)},
      {"grafana_oncall_link", Value::text(facts.link)},
  };
  std::string web[3];
  if (!field.starts_with("web.")) {
    constexpr std::string_view attributes[] = {"title", "message", "image_url"};
    constexpr std::string_view names[] = {"web_title", "web_message", "web_image_url"};
    for (std::size_t i = 0; i < 3; ++i) {
      const CompiledText* compiled = parts.appearance("web." + std::string(attributes[i]));
      const Rendered rendered = compiled ? render_text(*compiled, scope, now, parts.budget, bench.state()) : Rendered{};
      web[i] = rendered.text.value_or(i == 0 ? facts.title : "");
    }
    for (std::size_t i = 0; i < 3; ++i) scope.push_back({names[i], Value::text(web[i])});
  }
  const CompiledText* compiled = parts.appearance(field);
  if (compiled == nullptr) return {};
  Rendered rendered = render_text(*compiled, scope, now, parts.budget, bench.state());
  bench.state().slim();
  return rendered;
}

std::optional<jinja::Error> check_template(std::string_view text) {
  auto compiled = jinja::Template::compile(text);
  if (auto* error = std::get_if<jinja::Error>(&compiled)) return std::move(*error);
  return std::nullopt;
}

std::optional<std::string> check_route(model::RouteType type, std::string_view expression, Bench& bench) {
  if (type == model::RouteType::regex) {
    const auto compiled = pattern::Pattern::compile(expression, pattern::Dialect::python_re);
    return compiled ? std::nullopt : std::optional(compiled.error().message);
  }
  if (type != model::RouteType::jinja2) return std::nullopt;
  auto compiled = jinja::Template::compile(expression);
  if (const auto* error = std::get_if<jinja::Error>(&compiled)) return error->message;
  // A dry run over an empty payload: what only lacks data is fine (spec: ingest.md 4.4).
  value::Arena arena;
  const jinja::Variable scope[] = {{"payload", Value::dict(value::new_dict(arena))},
                                   {"labels", Value::dict(value::new_dict(arena))}};
  const auto error = bench.state().renderer.render(std::get<jinja::Template>(compiled), scope, clock::Instant(),
                                                   jinja::Budget{}, bench.state().out);
  if (error && !jinja::is_warning(error->kind)) return error->message;
  return std::nullopt;
}

}  // namespace tocsin::interpret
