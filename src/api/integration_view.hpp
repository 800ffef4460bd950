// Integrations as the API shows and reads them (spec: api.md 2.1).
#pragma once

#include <optional>
#include <string>

#include "api/answer.hpp"
#include "api/call.hpp"
#include "api/fields.hpp"
#include "change/integration.hpp"

namespace tocsin::api {

/// A live integration with its routes, read in one snapshot.
std::optional<change::Standing> standing_of(const store::Reader& reader, model::Integration integration);
std::optional<change::Standing> find_integration(Call& call);

/// The URL that its monitoring system posts to; nothing for a type without one.
std::optional<std::string> link_of(Call& call, const model::Integration& integration);
Object show_integration(Call& call, const change::Standing& standing);

/// The whole `templates` object: a text, or null where `text_of` has none.
template <class TextOf>
Object show_templates(Call& call, TextOf&& text_of);

/// Reads `templates` into the change. Mistakes go to `fields`; OnCall's `{"detail": …}` is returned.
std::optional<wire::Response> read_templates(Fields& fields, change::IntegrationChange& change);
/// Reads everything of the body but the type, and checks it.
std::optional<wire::Response> read_integration(Call& call, Fields& fields, change::IntegrationChange& change);

template <class TextOf>
Object show_templates(Call& call, TextOf&& text_of) {
  Object templates(call.arena);
  std::optional<Object> channel;
  std::string_view channel_name;
  const auto close = [&] {
    if (channel) templates.set(channel_name, *channel);
  };
  for (const std::string_view field : catalog::template_fields()) {
    const std::optional<std::string> text = text_of(field);
    const std::size_t dot = field.find('.');
    if (dot == std::string_view::npos) {
      templates.set(field, text);
      continue;
    }
    if (field.substr(0, dot) != channel_name) {
      close();
      channel.emplace(call.arena);
      channel_name = field.substr(0, dot);
    }
    channel->set(field.substr(dot + 1), text);
  }
  close();
  return templates;
}

}  // namespace tocsin::api
