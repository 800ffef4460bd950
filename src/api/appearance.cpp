#include "api/appearance.hpp"

namespace tocsin::api {
namespace {

value::Value show_error(Call& call, std::string_view field, const jinja::Error& error) {
  Object object(call.arena);
  object.set("field", field).set("kind", jinja::name_of(error.kind));
  object.set("message", error.message).set("line", error.line);
  return object.value();
}

}  // namespace

Object show_appearance(Call& call, const interpret::Settings& settings, value::Value payload,
                       const interpret::GroupFacts& facts) {
  std::vector<std::pair<std::string_view, Object>> channels;
  std::vector<value::Value> errors;
  for (const std::string_view field : catalog::template_fields()) {
    const std::size_t dot = field.find('.');
    if (dot == std::string_view::npos) continue;
    const std::string_view channel = field.substr(0, dot);
    if (channels.empty() || channels.back().first != channel) channels.emplace_back(channel, call.arena);
    const interpret::Rendered rendered =
        interpret::render_field(settings, field, payload, facts, call.now(), call.bench);
    channels.back().second.set(field.substr(dot + 1), rendered.text);
    if (rendered.error) errors.push_back(show_error(call, field, *rendered.error));
  }
  Object object(call.arena);
  for (const auto& [channel, attributes] : channels) object.set(channel, attributes);
  return object.set("errors", list_of(call.arena, errors));
}

}  // namespace tocsin::api
