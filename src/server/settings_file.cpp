#include "server/settings_file.hpp"

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tocsin::server {
namespace {

base::Error invalid(const std::string& path, std::size_t line, std::string_view message) {
  return {base::ErrorKind::invalid, fmt::format("{}:{}: {}", path, line, message)};
}

/// The text of a plain value; nothing for a table, a date or the like.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::string joined;
  for (const toml::node& item : *array) {
    const std::optional<std::string> text = item.is_array() ? std::nullopt : text_of(item);
    if (!text) return std::nullopt;
    if (!joined.empty()) joined += ',';
    joined += *text;
  }
  return joined;
}

}  // namespace

base::Result<Texts> read_settings_text(const std::string& text, const std::string& path) {
  try {
    const toml::table table = toml::parse(text, path);
    Texts texts;
    for (const auto& [key, node] : table) {
      const std::optional<std::string> found = text_of(node);
      if (!found) {
        return invalid(path, key.source().begin.line,
                       fmt::format("{} must be a text, a number or a list of texts", key.str()));
      }
      texts.emplace(std::string(key.str()), *found);
    }
    return texts;
  } catch (const toml::parse_error& error) {
    return invalid(path, error.source().begin.line, error.description());
  }
}

base::Result<Texts> read_settings_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::Error{base::ErrorKind::not_found, fmt::format("{} can't be read: {}", path, std::strerror(errno))};
  }
  std::ostringstream text;
  text << file.rdbuf();
  return read_settings_text(text.str(), path);
}

}  // namespace tocsin::server
