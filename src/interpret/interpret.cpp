#include "interpret/interpret.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "interpret/alerts.hpp"
#include "interpret/md5.hpp"
#include "interpret/settings.hpp"
#include "interpret/trace.hpp"

namespace tocsin::interpret {
namespace {

using value::Value;

constexpr std::size_t title_limit = 500;
constexpr std::size_t key_limit = 4000;
constexpr std::size_t link_limit = 2000;
constexpr std::size_t label_limit = 15;
constexpr std::size_t label_text_limit = 200;

/// Some ten microseconds for a usual template, some hundreds for the worst that keeps within it.
constexpr std::uint64_t brief_steps = 5'000;
constexpr std::size_t brief_bytes = 256 * 1024;
/// Templates of labels and routes; past these a thread would be held up by their number.
constexpr std::size_t brief_templates = 30;
constexpr std::size_t brief_alerts = 10;  ///< of one body

/// NUL can't be kept as text by every database, and shows nothing anyway.
std::string without_nul(std::string text) {
  std::erase(text, '\0');
  return text;
}

/// Renders templates for one alert and writes down how.
class Reader {
 public:
  Reader(const Settings& settings, const model::Delivery& delivery, const Item& item, const jinja::Budget& budget,
         Bench::State& bench)
      : settings_(settings.parts()), delivery_(delivery), item_(item), budget_(budget), bench_(bench) {}

  /// Did a template or pattern need more than the budget?
  bool ran_out() const { return ran_out_; }

  model::Reading read(std::string_view key_seed) {
    const model::Integration& integration = settings_.integration;
    model::Reading reading;
    reading.integration = integration.id;
    reading.organization = integration.organization;
    reading.team = integration.team;
    reading.received_at = delivery_.received_at;
    reading.peer = delivery_.peer;
    reading.demo = delivery_.kind == model::DeliveryKind::demo;
    reading.series = item_.series;
    reading.labels = labels();
    reading.source_link = source_link();
    reading.title = title(reading.source_link);
    reading.grouping_key = grouping_key(reading.title);
    if (reading.demo) reading.grouping_key.append(" demo ").append(key_seed);
    reading.distinction = md5_hex(reading.grouping_key);
    reading.resolve = condition("resolve_signal") && integration.resolves_from_source;
    reading.acknowledge = condition("acknowledge_signal");
    reading.route = route();
    reading.payload = value::to_json(item_.payload);
    reading.trace = trace_.finish();
    reading.first_error = trace_.first_error();
    return reading;
  }

 private:
  /// The result of a compiled text, or nothing when it failed; told in the trace.
  std::optional<std::string> render(std::string_view step, const CompiledText& text,
                                    std::span<const jinja::Variable> scope) {
    if (const auto* broken = std::get_if<jinja::Error>(&text.compiled)) {
      trace_.failed(step, text, *broken);
      return std::nullopt;
    }
    const auto& compiled = std::get<jinja::Template>(text.compiled);
    const std::optional<jinja::Error> error =
        bench_.renderer.render(compiled, scope, delivery_.received_at, budget_, bench_.out);
    if (error) {
      ran_out_ |= error->kind == jinja::ErrorKind::budget;
      trace_.failed(step, text, *error);
      return std::nullopt;
    }
    std::string result = without_nul(bench_.out);
    trace_.rendered(step, text, result);
    return result;
  }

  std::optional<std::string> render_field(std::string_view field, std::span<const jinja::Variable> scope) {
    const CompiledText* text = settings_.field(field);
    return text == nullptr ? std::nullopt : render(field, *text, scope);
  }

  std::vector<jinja::Variable> scope() const {
    return {{"payload", item_.payload},
            {"labels", labels_value_},
            {"integration_name", Value::text(settings_.integration.name)}};
  }

  std::map<std::string, std::string> labels() {
    std::map<std::string, std::string> labels = settings_.integration.labels;
    const jinja::Variable payload{"payload", item_.payload};
    for (const auto& [name, text] : settings_.dynamic_labels) {
      const std::optional<std::string> result = render("label " + name, text, {&payload, 1});
      if (!result) continue;
      const std::string value(base::trimmed(*result));
      const bool usable =
          !value.empty() && base::utf8_length(value) <= label_text_limit && base::ascii_lower(value) != "none";
      if (usable) labels[name] = value;
    }
    while (labels.size() > label_limit) {
      trace_.note("label " + std::prev(labels.end())->first, "left out: a group has at most 15 labels");
      labels.erase(std::prev(labels.end()));
    }
    value::Dict* dict = value::new_dict(arena_);
    for (const auto& [name, text] : labels) {
      value::set(arena_, *dict, Value::copied(arena_, name), Value::copied(arena_, text));
    }
    labels_value_ = Value::dict(dict);
    return labels;
  }

  std::string source_link() {
    const auto variables = scope();
    const std::optional<std::string> result = render_field("source_link", variables);
    std::string link(base::trimmed(result.value_or("")));
    if (link == "None") link.clear();
    if (link.size() > link_limit) {
      trace_.note("source_link", "left out: it is over 2000 bytes");
      link.clear();
    }
    return link;
  }

  std::string title(const std::string& link) {
    auto variables = scope();
    variables.push_back({"source_link", link.empty() ? Value::none() : Value::text(link)});
    std::string title(base::trimmed(render_field("web.title", variables).value_or("")));
    if (title.empty() || title == "None") {
      title = "Alert from " + settings_.integration.name;
      trace_.fallback("web.title", title, "the template failed or gave nothing");
    }
    jinja::cut_result(title, title_limit);
    return title;
  }

  // A key must keep alerts of one problem together whatever happens: when the integration's template fails, the
  // type's own is tried, then the title stands in.
  std::string grouping_key(const std::string& title) {
    const auto variables = scope();
    std::optional<std::string> key = render_field("grouping_key", variables);
    const CompiledText* standard = settings_.standard("grouping_key");
    if (standard != nullptr && (!key || base::trimmed(*key).empty()))
      key = render("grouping_key", *standard, variables);
    if (!key || base::trimmed(*key).empty()) {
      key = "title: " + title;
      trace_.fallback("grouping_key", *key, "the template failed or gave nothing");
    }
    if (key->size() > key_limit) key = "digest: " + md5_hex(*key);
    return *key;
  }

  bool condition(std::string_view field) {
    const auto variables = scope();
    const std::optional<std::string> result = render_field(field, variables);
    return result && jinja::is_true(*result);
  }

  model::RouteId route() {
    for (const CompiledRoute& each : settings_.compiled_routes) {
      const bool matched = each.route.is_default || matches(each);
      trace_.route(each.route, matched);
      if (matched) return each.route.id;
    }
    return {};
  }

  bool matches(const CompiledRoute& route) {
    if (route.condition) {
      const auto variables = scope();
      const auto result = render("route " + route.route.id.text(), *route.condition, variables);
      return result && jinja::is_true(*result);
    }
    if (route.pattern) return pattern_matches(route);
    if (route.labels.empty()) return false;
    return std::all_of(route.labels.begin(), route.labels.end(), [&](const auto& pair) {
      return labels_value_.text_at(pair.first) == pair.second && !pair.second.empty();
    });
  }

  // OnCall searched json.dumps(payload), where non-ASCII is escaped; people write what they see, so both are searched.
  bool pattern_matches(const CompiledRoute& route) {
    if (!*route.pattern) {
      trace_.note("route " + route.route.id.text(), route.pattern->error().message);
      return false;
    }
    for (const auto ascii : {value::JsonStyle::Ascii::escape, value::JsonStyle::Ascii::keep}) {
      std::string& text = searched_[ascii == value::JsonStyle::Ascii::keep];
      if (text.empty()) {
        (void)value::write_json(text, item_.payload, {.item_separator = ", ", .key_separator = ": ", .ascii = ascii})
            .ok();
      }
      const pattern::Outcome outcome = (**route.pattern).search(text, budget_.regex_matches);
      if (outcome == pattern::Outcome::match) return true;
      if (outcome == pattern::Outcome::limit) {
        ran_out_ = true;
        trace_.note("route " + route.route.id.text(), "the regular expression needs too many steps");
        return false;
      }
    }
    return false;
  }

  const Settings::Parts& settings_;
  const model::Delivery& delivery_;
  const Item& item_;
  const jinja::Budget& budget_;
  Bench::State& bench_;
  bool ran_out_ = false;
  Trace trace_;
  value::Arena arena_;
  Value labels_value_ = Value::none();
  std::string searched_[2];
};

/// How much an interpretation may take. A brief one is given up when that does not do.
struct Effort {
  jinja::Budget budget;
  bool is_brief = false;
};

std::optional<std::vector<model::Reading>> read_all(const Settings& settings, const model::Delivery& delivery,
                                                    std::string_view key_seed, const Effort& effort, Bench& bench) {
  value::Arena arena;
  const std::vector<Item> items = alerts_of(settings.type().format, delivery.body->root(), arena);
  if (effort.is_brief && items.size() > brief_alerts) return std::nullopt;
  std::vector<model::Reading> readings;
  readings.reserve(items.size());
  for (const Item& item : items) {
    Reader reader(settings, delivery, item, effort.budget, bench.state());
    readings.push_back(reader.read(std::string(key_seed) + "." + std::to_string(readings.size())));
    if (effort.is_brief && reader.ran_out()) return std::nullopt;
  }
  bench.state().slim();
  return readings;
}

jinja::Budget brief(jinja::Budget budget) {
  budget.steps = std::min(budget.steps, brief_steps);
  budget.regex_matches = std::min(budget.regex_matches, brief_steps);
  budget.regex_must_end = true;
  budget.output_bytes = std::min(budget.output_bytes, brief_bytes);
  budget.memory_bytes = std::min(budget.memory_bytes, brief_bytes);
  return budget;
}

}  // namespace

std::vector<model::Reading> interpret(const Settings& settings, const model::Delivery& delivery,
                                      std::string_view key_seed, Bench& bench) {
  return *read_all(settings, delivery, key_seed, {settings.parts().budget}, bench);
}

std::optional<std::vector<model::Reading>> interpret_briefly(const Settings& settings, const model::Delivery& delivery,
                                                             std::string_view key_seed, Bench& bench) {
  const Settings::Parts& parts = settings.parts();
  if (parts.compiled_routes.size() + parts.dynamic_labels.size() > brief_templates) return std::nullopt;
  return read_all(settings, delivery, key_seed, {brief(parts.budget), true}, bench);
}

}  // namespace tocsin::interpret
