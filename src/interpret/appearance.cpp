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

/// What the templates of a channel see: the payload, the group, and what the web shows of it.
class GroupScope {
 public:
  // NOLINTNEXTLINE: what a template may see is much
  GroupScope(const Settings::Parts& parts, std::string_view field, Value payload, const GroupFacts& facts,
             clock::Instant now, Bench::State& bench)
      : variables_{
            {"payload", payload},
            {"integration_name", Value::text(parts.integration.name)},
            {"source_link", facts.source_link.empty() ? Value::none() : Value::text(facts.source_link)},
            {"grafana_oncall_alert_group_id", Value::integer(facts.number)},
            {"grafana_oncall_incident_id", Value::integer(facts.number)},
            {"grafana_oncall_link", Value::text(facts.link)},
        } {
    if (field.starts_with("web.")) return;
    constexpr std::string_view attributes[] = {"title", "message", "image_url"};
    constexpr std::string_view names[] = {"web_title", "web_message", "web_image_url"};
    for (std::size_t i = 0; i < 3; ++i) {
      const CompiledText* compiled = parts.appearance("web." + std::string(attributes[i]));
      const Rendered rendered = compiled ? render_text(*compiled, variables_, now, parts.budget, bench) : Rendered{};
      web_[i] = rendered.text.value_or(i == 0 ? facts.title : "");
    }
    for (std::size_t i = 0; i < 3; ++i) variables_.push_back({names[i], Value::text(web_[i])});
  }
  GroupScope(const GroupScope&) = delete;
  GroupScope& operator=(const GroupScope&) = delete;

  std::span<const jinja::Variable> variables() const { return variables_; }

 private:
  std::string web_[3];
  std::vector<jinja::Variable> variables_;
};

}  // namespace

Rendered render_field(const Settings& settings, std::string_view field, Value payload, const GroupFacts& facts,
                      clock::Instant now, Bench& bench) {
  const Settings::Parts& parts = settings.parts();
  const CompiledText* compiled = parts.appearance(field);
  if (compiled == nullptr) return {};
  const GroupScope scope(parts, field, payload, facts, now, bench.state());
  return render_text(*compiled, scope.variables(), now, parts.budget, bench.state());
}

// NOLINTNEXTLINE: what a template may see is much
Rendered try_template(const Settings& settings, std::string_view field, std::string_view text, Value payload,
                      Value labels, const GroupFacts& facts, clock::Instant now, Bench& bench) {
  const Settings::Parts& parts = settings.parts();
  const CompiledText compiled = compile_text(std::string(text), false, parts.budget);
  if (field.find('.') == std::string_view::npos) {
    const jinja::Variable scope[] = {
        {"payload", payload}, {"labels", labels}, {"integration_name", Value::text(parts.integration.name)}};
    return render_text(compiled, scope, now, parts.budget, bench.state());
  }
  const GroupScope scope(parts, field, payload, facts, now, bench.state());
  return render_text(compiled, scope.variables(), now, parts.budget, bench.state());
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
