// A Delivery into Readings: formats, templates, route, grouping key, trace. Pure: settings, payload and time come
// in as values. A template that fails never loses or un-groups an alert (a fallback key and title stand in, and the
// error is in the trace).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "jinja/template.hpp"
#include "model/delivery.hpp"
#include "model/integration.hpp"
#include "model/reading.hpp"

namespace tocsin::interpret {

/// An integration with its routes and every template compiled. Immutable, shared by all workers.
class Settings {
 public:
  /// Never fails: a text that does not compile is kept with its error and told in every trace.
  static std::shared_ptr<const Settings> compile(const model::Integration& integration,
                                                 const std::vector<model::Route>& routes, const catalog::Type& type,
                                                 const jinja::Budget& budget);
  ~Settings();

  const model::Integration& integration() const;
  const std::vector<model::Route>& routes() const;
  const catalog::Type& type() const;

  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  explicit Settings(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

/// What one thread keeps between interpretations.
class Bench {
 public:
  Bench();
  ~Bench();
  struct State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

/// One Reading an alert; several for formats that carry many (none for `{"alerts": []}` of such a format).
/// `key_seed` makes the keys of alerts that never group (demo alerts) unique.
std::vector<model::Reading> interpret(const Settings& settings, const model::Delivery& delivery,
                                      std::string_view key_seed, Bench& bench);

/// The same within a small budget, for a thread that must not be held up: nothing when a template needs more (then
/// nothing was decided). What it gives is what `interpret` gives.
std::optional<std::vector<model::Reading>> interpret_briefly(const Settings& settings, const model::Delivery& delivery,
                                                             std::string_view key_seed, Bench& bench);

/// Facts of a group that appearance templates may use (spec: ingest.md 3.3).
struct GroupFacts {
  std::string link;  ///< web link of the group
  std::int64_t number = 0;
  std::string source_link;
  std::string title;  ///< stands in for `web_title` when that template fails
};

/// A field such as `web.title` or `slack.message` rendered for a stored payload.
struct Rendered {
  std::optional<std::string> text;  ///< absent: no template, or the result is `None`
  std::optional<jinja::Error> error;
};
Rendered render_field(const Settings& settings, std::string_view field, value::Value payload, const GroupFacts& facts,
                      clock::Instant now, Bench& bench);

/// Another template in the place of a field, for a preview. Fields of intake (those without a channel, `route`,
/// `label`) see what they see when an alert comes in: `labels` holds the alert's, a dict.
Rendered try_template(const Settings& settings, std::string_view field, std::string_view text, value::Value payload,
                      value::Value labels, const GroupFacts& facts, clock::Instant now, Bench& bench);

/// Does a template text compile? (for the API's checks)
std::optional<jinja::Error> check_template(std::string_view text);
/// Is it a valid route expression? Nothing when it is; else the message for people.
std::optional<std::string> check_route(model::RouteType type, std::string_view expression, Bench& bench);

}  // namespace tocsin::interpret
