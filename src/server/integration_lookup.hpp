// Integrations as the command line names them, and their URLs.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/integration.hpp"
#include "store/reader.hpp"

namespace tocsin::server {

/// The live integration of that id or name. Errors: not_found.
base::Result<model::Integration> integration_named(const store::Reader& reader, const std::string& text);

/// `<base>/integrations/v1/<type>/<token>/`
std::string integration_url(std::string_view base, std::string_view type, std::string_view token);

}  // namespace tocsin::server
