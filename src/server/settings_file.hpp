// The TOML file of the configuration. toml++ stays in settings_file.cpp.
#pragma once

#include <string>

#include "server/settings.hpp"

namespace tocsin::server {

/// Texts by key as written (`public_url`), arrays joined with commas. Errors: not_found, invalid with the line.
base::Result<Texts> read_settings_file(const std::string& path);
/// The same from a text; `path` is for messages.
base::Result<Texts> read_settings_text(const std::string& text, const std::string& path);

}  // namespace tocsin::server
