#include "api/call.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tocsin::api {

Query::Query(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    items_.emplace_back(base::repaired_utf8(base::percent_decoded(pair.substr(0, equals), base::Plus::space)),
                        base::repaired_utf8(base::percent_decoded(value, base::Plus::space)));
  }
}

std::optional<std::string> Query::get(std::string_view name) const {
  const auto found = std::find_if(items_.rbegin(), items_.rend(), [&](const auto& item) { return item.first == name; });
  return found == items_.rend() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Query::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : items_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

}  // namespace tocsin::api
