// The groups of commands, one source each, and what they share: flags, settings, the clock.
#pragma once

#include <vector>

#include "server/command.hpp"
#include "server/settings.hpp"

namespace tocsin::server {

std::vector<Command> serve_commands();
std::vector<Command> user_commands();
std::vector<Command> token_commands();
std::vector<Command> integration_commands();
std::vector<Command> send_commands();
std::vector<Command> group_commands();
std::vector<Command> action_commands();
std::vector<Command> catalog_commands();
std::vector<Command> template_commands();
std::vector<Command> config_commands();

/// `first` and then `rest`.
std::vector<Flag> joined(std::vector<Flag> first, const std::vector<Flag>& rest);

/// `--output` and nothing else.
std::vector<Flag> output_flags();
/// `--config`, the settings that the scope brings and `--output`.
std::vector<Flag> settings_flags(Scope scope);

/// What this run says of the settings.
Sources sources_of(const Invocation& invocation);
/// The settings of this run: its flags, the environment, the file.
base::Result<Settings> settings_of(const Invocation& invocation);

}  // namespace tocsin::server
