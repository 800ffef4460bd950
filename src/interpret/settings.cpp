#include "interpret/settings.hpp"

#include "value/json.hpp"

namespace tocsin::interpret {
namespace {

/// Fields that every alert needs; the others are compiled when somebody asks for them.
constexpr std::string_view needed_fields[] = {"grouping_key", "resolve_signal", "acknowledge_signal", "source_link",
                                              "web.title"};

std::vector<std::pair<std::string, std::string>> label_pairs(const std::string& json) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto document = value::read_json(json);
  if (!document || !document->root().is_list()) return pairs;
  for (const value::Value pair : *document->root().as_list()) {
    pairs.emplace_back(pair.text_at("key"), pair.text_at("value"));
  }
  return pairs;
}

CompiledRoute compile_route(const model::Route& route, const jinja::Budget& budget) {
  CompiledRoute compiled{route, std::nullopt, std::nullopt, {}};
  if (route.is_default || !route.expression) return compiled;
  switch (route.type) {
    case model::RouteType::jinja2: compiled.condition = compile_text(*route.expression, false, budget); break;
    case model::RouteType::regex:
      compiled.pattern = pattern::Pattern::compile(*route.expression, pattern::Dialect::python_re);
      break;
    case model::RouteType::labels: compiled.labels = label_pairs(*route.expression); break;
  }
  return compiled;
}

}  // namespace

const CompiledText* Settings::Parts::field(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

const CompiledText* Settings::Parts::appearance(std::string_view name) const {
  if (const CompiledText* needed = field(name)) return needed;
  const std::lock_guard lock(mutex_);
  auto found = appearances_.find(name);
  if (found == appearances_.end()) found = appearances_.emplace(name, compile_field(*this, name)).first;
  return found->second ? &*found->second : nullptr;
}

const CompiledText* Settings::Parts::standard(std::string_view name) const {
  const auto found = standards_.find(name);
  return found == standards_.end() ? nullptr : &found->second;
}

CompiledText compile_text(std::string text, bool is_default, const jinja::Budget& budget) {
  auto compiled = jinja::Template::compile(text, budget);
  return {std::move(text), is_default, std::move(compiled)};
}

std::optional<CompiledText> compile_field(const Settings::Parts& parts, std::string_view field) {
  const auto own = parts.integration.templates.find(std::string(field));
  if (own != parts.integration.templates.end() && !own->second.empty()) {
    return compile_text(own->second, false, parts.budget);
  }
  const std::optional<std::string_view> standard = catalog::default_template(parts.type, field);
  if (!standard) return std::nullopt;
  return compile_text(std::string(*standard), true, parts.budget);
}

std::shared_ptr<const Settings> Settings::compile(const model::Integration& integration,
                                                  const std::vector<model::Route>& routes, const catalog::Type& type,
                                                  const jinja::Budget& budget) {
  auto parts = std::make_unique<Parts>();
  parts->integration = integration;
  parts->routes = routes;
  parts->type = type;
  parts->budget = budget;
  for (const std::string_view field : needed_fields) {
    if (auto compiled = compile_field(*parts, field)) parts->fields.emplace(field, std::move(*compiled));
  }
  const CompiledText* key = parts->field("grouping_key");
  const auto standard_key = catalog::default_template(type, "grouping_key");
  if (key != nullptr && !key->is_default && standard_key) {
    parts->standards_.emplace("grouping_key", compile_text(std::string(*standard_key), true, budget));
  }
  for (const auto& [name, text] : integration.dynamic_labels) {
    parts->dynamic_labels.emplace_back(name, compile_text(text, false, budget));
  }
  for (const model::Route& route : routes) parts->compiled_routes.push_back(compile_route(route, budget));
  return std::shared_ptr<const Settings>(new Settings(std::move(parts)));  // NOLINT: the constructor is private
}

Settings::Settings(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Settings::~Settings() = default;
const model::Integration& Settings::integration() const {
  return parts_->integration;
}
const std::vector<model::Route>& Settings::routes() const {
  return parts_->routes;
}
const catalog::Type& Settings::type() const {
  return parts_->type;
}

Bench::Bench() : state_(std::make_unique<State>()) {}
Bench::~Bench() = default;

}  // namespace tocsin::interpret
