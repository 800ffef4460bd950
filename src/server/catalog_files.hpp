// The catalogue of this process: the embedded types and those of `--catalog DIR` over them.
#pragma once

#include <string>

#include "catalog/catalog.hpp"

namespace tocsin::server {

/// `folder` empty: only the embedded types. Errors: not_found, unavailable, and invalid naming file and field.
base::Result<catalog::Catalog> load_catalog(const std::string& folder);

}  // namespace tocsin::server
