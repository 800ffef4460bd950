// What a command prints: records, as a table or lines for people, or as JSON for programs.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "server/command.hpp"

namespace tocsin::server {

/// Named values in order, each in both forms.
class Record {
 public:
  Record& text(std::string name, std::string_view value);
  /// An empty text is null.
  Record& maybe_text(std::string name, std::string_view value);
  Record& number(std::string name, std::int64_t value);
  Record& truth(std::string name, bool value);
  Record& instant(std::string name, const std::optional<clock::Instant>& value);
  /// A value that is JSON already; people see `shown`.
  Record& json(std::string name, std::string json, std::string shown);

  /// One JSON object.
  std::string to_json() const;
  /// Lines `name: value`, those without a value left out.
  std::string to_lines() const;
  /// What people see of a field.
  std::string_view shown(std::string_view name) const;

 private:
  struct Field {
    std::string name;
    std::string json;
    std::string shown;
  };
  std::vector<Field> fields_;
};

/// A JSON array of objects, or a table of the named columns (headed by their names in capitals).
void print_records(Invocation& invocation, const std::vector<Record>& records, const std::vector<std::string>& columns);
/// A JSON object, or lines.
void print_record(Invocation& invocation, const Record& record);

}  // namespace tocsin::server
