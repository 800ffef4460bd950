#include "server/commands.hpp"

#include <fmt/format.h>

#include <iterator>

#include "server/command_line.hpp"

namespace tocsin::server {
namespace {

std::vector<Command> gathered() {
  std::vector<Command> all;
  for (const auto group : {serve_commands, user_commands, token_commands, integration_commands, send_commands,
                           group_commands, action_commands, catalog_commands, template_commands, config_commands}) {
    std::vector<Command> commands = group();
    all.insert(all.end(), std::make_move_iterator(commands.begin()), std::make_move_iterator(commands.end()));
  }
  return all;
}

std::string meaning_of(const Setting& setting) {
  std::string meaning(setting.meaning);
  if (!setting.initial.empty()) meaning += fmt::format(" [{}]", setting.initial);
  return meaning;
}

}  // namespace

std::string_view version() {
  return TOCSIN_VERSION;
}

std::span<const Command> all_commands() {
  static const std::vector<Command> commands = gathered();
  return commands;
}

std::vector<Flag> joined(std::vector<Flag> first, const std::vector<Flag>& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

std::vector<Flag> output_flags() {
  return {{"output", "FORMAT", "text or json [text]"}};
}

std::vector<Flag> settings_flags(Scope scope) {
  std::vector<Flag> flags = {{"config", "FILE", "the TOML file with settings; also TOCSIN_CONFIG"}};
  for (const Setting& setting : all_settings()) {
    if (scope == Scope::ledger && setting.scope == Scope::server) continue;
    flags.push_back({std::string(setting.name), std::string(setting.value), meaning_of(setting)});
  }
  return joined(std::move(flags), output_flags());
}

Sources sources_of(const Invocation& invocation) {
  Sources sources;
  for (const Setting& setting : all_settings()) {
    if (auto text = invocation.arguments.maybe(setting.name))
      sources.flags[std::string(setting.name)] = std::move(*text);
  }
  sources.environment = process_environment();
  sources.file = invocation.arguments.maybe("config");
  return sources;
}

base::Result<Settings> settings_of(const Invocation& invocation) {
  return resolve(sources_of(invocation));
}

}  // namespace tocsin::server
