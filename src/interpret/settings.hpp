// Inside the room: an integration with its templates compiled.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "interpret/interpret.hpp"
#include "pattern/pattern.hpp"

namespace tocsin::interpret {

/// A template text, where it came from, and its compiled form or why there is none.
struct CompiledText {
  std::string text;
  bool is_default = true;
  std::variant<jinja::Template, jinja::Error> compiled;
};

/// A route with its condition ready to be asked.
struct CompiledRoute {
  model::Route route;
  std::optional<CompiledText> condition;                   ///< jinja2
  std::optional<base::Result<pattern::Pattern>> pattern;   ///< regex
  std::vector<std::pair<std::string, std::string>> labels; ///< labels
};

struct Settings::Parts {
  model::Integration integration;
  std::vector<model::Route> routes;
  catalog::Type type;
  jinja::Budget budget;
  std::map<std::string, CompiledText, std::less<>> fields;
  std::vector<std::pair<std::string, CompiledText>> dynamic_labels;
  std::vector<CompiledRoute> compiled_routes;

  /// The effective template of a field, or null.
  const CompiledText* field(std::string_view name) const;
};

struct Bench::State {
  jinja::Renderer renderer;
  std::string out;
};

CompiledText compile_text(std::string text, bool is_default, const jinja::Budget& budget);
/// The effective text of a field: the integration's own if it is not blank, else the type's.
std::optional<CompiledText> compile_field(const Settings::Parts& parts, std::string_view field);

}  // namespace tocsin::interpret
