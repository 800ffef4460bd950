// Inside the room: an integration with its templates compiled.
#pragma once

#include <map>
#include <mutex>
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
  std::optional<CompiledText> condition;                    ///< jinja2
  std::optional<base::Result<pattern::Pattern>> pattern;    ///< regex
  std::vector<std::pair<std::string, std::string>> labels;  ///< labels
};

struct Settings::Parts {
  model::Integration integration;
  std::vector<model::Route> routes;
  catalog::Type type;
  jinja::Budget budget;
  std::map<std::string, CompiledText, std::less<>> fields;
  std::vector<std::pair<std::string, CompiledText>> dynamic_labels;
  std::vector<CompiledRoute> compiled_routes;

  /// The effective template of a field that every alert needs, or null.
  const CompiledText* field(std::string_view name) const;
  /// The same for any field; one that alerts don't need is compiled when it is first asked for. Any thread.
  const CompiledText* appearance(std::string_view name) const;
  /// The type's own template of a field where the integration has one of its own, or null: what stands in when
  /// the integration's fails.
  const CompiledText* standard(std::string_view name) const;

 private:
  friend class Settings;
  std::map<std::string, CompiledText, std::less<>> standards_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::optional<CompiledText>, std::less<>> appearances_;
};

struct Bench::State {
  jinja::Renderer renderer;
  std::string out;

  /// Gives back what one large result needed; the usual stays, so that the next one allocates nothing.
  void slim() {
    if (out.capacity() > 64 * 1024) std::string().swap(out);
  }
};

CompiledText compile_text(std::string text, bool is_default, const jinja::Budget& budget);
/// The effective text of a field: the integration's own if it is not blank, else the type's.
std::optional<CompiledText> compile_field(const Settings::Parts& parts, std::string_view field);

}  // namespace tocsin::interpret
