#include "server/sheet.hpp"

#include <algorithm>
#include <ostream>

#include "base/text.hpp"

namespace tocsin::server {
namespace {

/// Titles and names are other people's texts: in a terminal they must not move the cursor or break a line.
std::string printable(std::string_view text) {
  std::string safe = base::repaired_utf8(text);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const bool is_c1 = safe[i] == '\xC2' && static_cast<unsigned char>(safe[i + 1]) < 0xA0;  // two bytes in UTF-8
    if (is_c1) safe.erase(i, 1);
    if (is_c1 || static_cast<unsigned char>(safe[i]) < 0x20 || safe[i] == 0x7F) safe[i] = ' ';
  }
  return safe;
}

std::string heading(const std::string& column) {
  std::string text = column;
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c == '_' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

void print_row(std::ostream& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << cells[i];
    if (i + 1 < cells.size()) out << std::string(widths[i] - base::utf8_length(cells[i]) + 2, ' ');
  }
  out << '\n';
}

}  // namespace

Record& Record::text(std::string name, std::string_view value) {
  return json(std::move(name), base::json_quoted(value), printable(value));
}

Record& Record::maybe_text(std::string name, std::string_view value) {
  return value.empty() ? json(std::move(name), "null", {}) : text(std::move(name), value);
}

Record& Record::number(std::string name, std::int64_t value) {
  const std::string digits = std::to_string(value);
  return json(std::move(name), digits, digits);
}

Record& Record::truth(std::string name, bool value) {
  return json(std::move(name), value ? "true" : "false", value ? "yes" : "no");
}

Record& Record::instant(std::string name, const std::optional<clock::Instant>& value) {
  return value ? text(std::move(name), clock::to_iso8601(*value)) : json(std::move(name), "null", {});
}

Record& Record::json(std::string name, std::string json, std::string shown) {
  fields_.push_back({std::move(name), std::move(json), std::move(shown)});
  return *this;
}

std::string Record::to_json() const {
  std::string json = "{";
  for (const Field& field : fields_) {
    if (json.size() > 1) json += ',';
    json += base::json_quoted(field.name) + ':' + field.json;
  }
  return json + '}';
}

std::string Record::to_lines() const {
  std::size_t width = 0;
  for (const Field& field : fields_) width = std::max(width, field.name.size());
  std::string lines;
  for (const Field& field : fields_) {
    if (field.shown.empty()) continue;
    std::string name = field.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    lines += name + ':' + std::string(width - name.size() + 1, ' ') + field.shown + '\n';
  }
  return lines;
}

std::string_view Record::shown(std::string_view name) const {
  for (const Field& field : fields_) {
    if (field.name == name) return field.shown;
  }
  return {};
}

void print_records(Invocation& invocation, const std::vector<Record>& records,
                   const std::vector<std::string>& columns) {
  std::ostream& out = invocation.out;
  if (invocation.wants_json()) {
    out << '[';
    for (std::size_t i = 0; i < records.size(); ++i) out << (i == 0 ? "" : ",") << records[i].to_json();
    out << "]\n";
    return;
  }
  std::vector<std::vector<std::string>> rows(1);
  for (const std::string& column : columns) rows[0].push_back(heading(column));
  for (const Record& record : records) {
    rows.emplace_back();
    for (const std::string& column : columns) rows.back().emplace_back(record.shown(column));
  }
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], base::utf8_length(row[i]));
  }
  for (const auto& row : rows) print_row(out, row, widths);
}

void print_record(Invocation& invocation, const Record& record) {
  invocation.out << (invocation.wants_json() ? record.to_json() + '\n' : record.to_lines());
}

}  // namespace tocsin::server
