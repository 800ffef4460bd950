// The log face: a level, a message, and key=value fields, as one line to standard error.
// Any thread. The only source that includes spdlog is log.cpp. Never pass a secret: tokens are
// shown by their first four characters (see `abridged`).
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::base {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

/// One `key=value` of a log line.
struct Field {
  std::string_view key;
  std::string value;

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(text) {}
  Field(std::string_view name, const std::string& text) : key(name), value(text) {}
  Field(std::string_view name, std::integral auto number) : key(name), value(std::to_string(number)) {}
  Field(std::string_view name, double number) : key(name), value(std::to_string(number)) {}
};

/// Sets what is written, and how. Call once, before threads start.
void set_log(LogLevel lowest, LogFormat format);

/// Writes a line. Control characters are escaped, so that input can't forge lines.
void log(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {});

/// A warning or an error that was told lately, whatever the lowest level is.
struct Problem {
  std::string at;  ///< ISO 8601 in UTC
  std::string level;
  std::string text;  ///< message and fields, as in a line of text
};
/// The newest 50 of this process, newest first.
std::vector<Problem> recent_problems();

/// The first four characters of a secret and an ellipsis: enough to recognise, too little to use.
std::string abridged(std::string_view secret);

}  // namespace tocsin::base
