#include "jinja/excerpt.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tocsin::jinja {
namespace {

std::string_view line_of(std::string_view source, int number) {
  for (int line = 1; line < number; ++line) {
    const std::size_t end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
  }
  source = source.substr(0, source.find('\n'));
  if (source.ends_with('\r')) source.remove_suffix(1);
  return source;
}

/// The code points from the first on, so many.
std::string_view part(std::string_view line, std::size_t first, std::size_t count) {
  line.remove_prefix(base::utf8_prefix(line, first).size());
  return base::utf8_prefix(line, count);
}

}  // namespace

std::optional<Excerpt> excerpt_of(std::string_view source, const Error& error, std::size_t width) {
  if (error.line <= 0) return std::nullopt;
  const std::string repaired = base::repaired_utf8(line_of(source, error.line));
  if (repaired.empty()) return std::nullopt;
  const std::size_t length = base::utf8_length(repaired);
  const auto column = static_cast<std::size_t>(std::max(error.column, 0));
  const std::size_t place = std::min(column == 0 ? 0 : column - 1, length);
  // Two thirds before the place, for what led there.
  const std::size_t first =
      length <= width || place < width * 2 / 3 ? 0 : std::min(place - width * 2 / 3, length - width);
  const std::string_view shown = part(repaired, first, width);
  Excerpt excerpt;
  if (first > 0) excerpt.line = "…";
  excerpt.line += shown;
  if (first + width < length) excerpt.line += "…";
  if (column == 0) return excerpt;
  if (first > 0) excerpt.caret = " ";
  // A tab stays one, so that the mark stands right however wide tabs are shown.
  std::string_view before = base::utf8_prefix(shown, place - first);
  while (!before.empty()) {
    excerpt.caret += before.front() == '\t' ? '\t' : ' ';
    before.remove_prefix(base::utf8_prefix(before, 1).size());
  }
  excerpt.caret += '^';
  return excerpt;
}

}  // namespace tocsin::jinja
