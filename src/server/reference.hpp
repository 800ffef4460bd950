// The commands and the settings as Markdown, for docs/cli.md and docs/configuration.md. Pure.
#pragma once

#include <span>
#include <string>

#include "server/command.hpp"
#include "server/settings.hpp"

namespace tocsin::server {

/// A section a command: summary, usage, what there is to know, flags.
std::string command_reference(std::span<const Command> commands);
/// A table: flag, variable, key, default, meaning.
std::string settings_reference(std::span<const Setting> settings);

}  // namespace tocsin::server
