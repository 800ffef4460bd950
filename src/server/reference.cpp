#include "server/reference.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tocsin::server {
namespace {

bool is_setting(const std::string& name) {
  const auto settings = all_settings();
  return std::any_of(settings.begin(), settings.end(), [&](const Setting& each) { return each.name == name; });
}

std::string usage(const Command& command) {
  std::string text = "tocsin " + command.path;
  for (const Flag& flag : command.flags) {
    if (flag.need == Flag::Need::required) text += fmt::format(" --{} {}", flag.name, flag.value);
  }
  text += " [FLAG...]";
  for (const Positional& positional : command.positionals) {
    switch (positional.count) {
      case Positional::Count::one: text += " " + positional.name; break;
      case Positional::Count::maybe_one: text += " [" + positional.name + "]"; break;
      case Positional::Count::many: text += " " + positional.name + "..."; break;
    }
  }
  return text;
}

/// Examples are indented by two spaces; Markdown wants four for code.
std::string indented(const std::string& detail) {
  std::string text;
  for (std::size_t start = 0; start < detail.size();) {
    const std::size_t end = std::min(detail.find('\n', start), detail.size());
    const std::string line = detail.substr(start, end - start);
    text += (line.starts_with("  ") ? "  " + line : line) + '\n';
    start = end + 1;
  }
  return text;
}

/// The settings are told once, in docs/configuration.md.
std::string flags(const Command& command) {
  std::string text;
  bool takes_settings = false;
  for (const Flag& flag : command.flags) {
    if (flag.need == Flag::Need::hidden) continue;
    if (is_setting(flag.name) || flag.name == "config") {
      takes_settings = true;
    } else {
      text += fmt::format("- `--{}{}`: {}{}\n", flag.name, flag.value.empty() ? "" : " " + flag.value, flag.meaning,
                          flag.need == Flag::Need::required ? " (required)" : "");
    }
  }
  if (!takes_settings) return text;
  return text + (command.path == "serve" || command.path.starts_with("config")
                     ? "- every setting of [configuration.md](configuration.md), and `--config FILE`\n"
                     : "- the settings that say where the data is: see [configuration.md](configuration.md)\n");
}

}  // namespace

std::string command_reference(std::span<const Command> commands) {
  std::string text;
  for (const Command& command : commands) {
    text += fmt::format("## `tocsin {}`\n{}.\n\n    {}\n\n{}", command.path, command.summary, usage(command),
                        indented(command.detail));
    std::string given;
    for (const Positional& each : command.positionals) given += fmt::format("- `{}`: {}\n", each.name, each.meaning);
    given += flags(command);
    if (!given.empty()) text += '\n' + given;
    text += '\n';
  }
  return text;
}

std::string settings_reference(std::span<const Setting> settings) {
  std::string text = "| flag | environment | key in the file | default | meaning |\n|---|---|---|---|---|\n";
  for (const Setting& setting : settings) {
    const std::string initial = setting.initial.empty() ? "" : fmt::format("`{}`", setting.initial);
    text += fmt::format("| `--{} {}` | `{}` | `{}` | {} | {} |\n", setting.name, setting.value,
                        variable_of(setting.name), key_of(setting.name), initial, setting.meaning);
  }
  return text;
}

}  // namespace tocsin::server
