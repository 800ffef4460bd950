#include "interpret/trace.hpp"

#include "base/text.hpp"

namespace tocsin::interpret {
namespace {

/// Longer template texts and results are cut; the integration's settings have them whole.
constexpr std::size_t shown = 300;

std::string quoted(std::string_view text) {
  const std::string_view cut = base::utf8_prefix(text, shown);
  return base::json_quoted(cut.size() == text.size() ? std::string(cut) : std::string(cut) + "…");
}

std::string_view name_of(model::RouteType type) {
  switch (type) {
    case model::RouteType::regex: return "regex";
    case model::RouteType::jinja2: return "jinja2";
    case model::RouteType::labels: return "labels";
  }
  return "";
}

}  // namespace

void Trace::begin(std::string_view step) {
  steps_ += steps_.empty() ? "{\"step\":" : ",{\"step\":";
  steps_ += base::json_quoted(step);
}

void Trace::member(std::string_view name, std::string_view text) {
  steps_.append(",\"").append(name).append("\":").append(quoted(text));
}

void Trace::describe(const CompiledText& text) {
  steps_ += text.is_default ? ",\"origin\":\"default\"" : ",\"origin\":\"integration\"";
  // The catalogue has the defaults; what people wrote is kept as it was.
  if (!text.is_default) member("template", text.text);
}

void Trace::rendered(std::string_view step, const CompiledText& text, std::string_view value) {
  begin(step);
  describe(text);
  member("value", value);
  steps_ += '}';
}

void Trace::failed(std::string_view step, const CompiledText& text, const jinja::Error& error) {
  begin(step);
  describe(text);
  steps_ += ",\"error\":{\"kind\":" + base::json_quoted(jinja::name_of(error.kind)) +
            ",\"message\":" + quoted(error.message) + ",\"line\":" + std::to_string(error.line) +
            ",\"column\":" + std::to_string(error.column) + "}}";
  if (first_error_.empty()) {
    first_error_ = std::string(step) + ": " + error.message;
    if (error.line > 0) first_error_ += " (line " + std::to_string(error.line) + ")";
  }
}

void Trace::fallback(std::string_view step, std::string_view value, std::string_view why) {
  begin(step);
  steps_ += ",\"origin\":\"fallback\"";
  member("value", value);
  member("why", why);
  steps_ += '}';
}

void Trace::note(std::string_view step, std::string_view what) {
  begin(step);
  member("note", what);
  steps_ += '}';
}

void Trace::route(const model::Route& route, bool matched) {
  routes_ += routes_.empty() ? "{\"route\":" : ",{\"route\":";
  routes_ += base::json_quoted(route.id.text());
  if (route.is_default) {
    routes_ += ",\"type\":\"default\"";
  } else {
    routes_.append(",\"type\":\"").append(name_of(route.type)).append("\",\"expression\":");
    routes_ += quoted(route.expression.value_or(""));
  }
  routes_ += matched ? ",\"matched\":true}" : ",\"matched\":false}";
}

std::string Trace::finish() {
  return "{\"steps\":[" + steps_ + "],\"routes\":[" + routes_ + "]}";
}

}  // namespace tocsin::interpret
