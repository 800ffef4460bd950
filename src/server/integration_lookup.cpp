#include "server/integration_lookup.hpp"

#include <fmt/format.h>

#include "catalog/catalog.hpp"

namespace tocsin::server {

base::Result<model::Integration> integration_named(const store::Reader& reader, const std::string& text) {
  if (std::optional<model::Integration> found = reader.integration(model::IntegrationId(text)))
    return std::move(*found);
  store::IntegrationFilter filter;
  filter.name = text;
  store::Page<model::Integration> found = reader.integrations(filter, {0, 1});
  if (!found.items.empty()) return std::move(found.items.front());
  return base::Error{base::ErrorKind::not_found, fmt::format("there is no integration '{}'", text)};
}

std::string integration_url(std::string_view base, std::string_view type, std::string_view token) {
  return fmt::format("{}/integrations/v1/{}/{}/", base, catalog::shown_slug(type), token);
}

}  // namespace tocsin::server
