#include "jinja/hints.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "jinja/names.hpp"

namespace tocsin::jinja {
namespace {

/// Changes, additions and removals of a letter between the two.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[b.size()];
}

/// The name most like the wrong one, if any is like it.
template <class Name>
std::string_view nearest(std::string_view wrong) {
  constexpr std::size_t longest = 40;
  if (wrong.size() > longest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, wrong.size() / 3 + 1);
  for (std::uint16_t i = 1; i < static_cast<std::uint16_t>(Name::count_); ++i) {
    const std::string_view name = text_of(static_cast<Name>(i));
    const std::size_t changes = distance(wrong, name);
    if (changes >= least) continue;
    least = changes;
    best = name;
  }
  return best;
}

/// What stands between the first quotes.
std::string_view quoted_part(std::string_view message) {
  const std::size_t open = message.find('\'');
  const std::size_t close = message.find('\'', open + 1);
  if (open == message.npos || close == message.npos) return {};
  return message.substr(open + 1, close - open - 1);
}

std::string did_you_mean(std::string_view name) {
  return name.empty() ? std::string() : "Did you mean `" + std::string(name) + "`?";
}

}  // namespace

std::string hint_for(ErrorKind kind, std::string_view message) {
  if (message.starts_with("No filter named")) return did_you_mean(nearest<FilterName>(quoted_part(message)));
  if (message.starts_with("No test named")) return did_you_mean(nearest<TestName>(quoted_part(message)));
  if (kind == ErrorKind::syntax && message.find("got '='") != message.npos) {
    return "`=` assigns (`{% set x = 1 %}`); compare with `==`.";
  }
  if (kind == ErrorKind::security && message.find("'range'") != message.npos) {
    return "Templates have no range(); loop over a list, or over a slice of one.";
  }
  if (kind == ErrorKind::undefined) {
    return "Give a default (`x|default('')`) or ask first (`{% if x is defined %}`); names with other signs than "
           "letters, digits and `_` are read as `payload[\"some-name\"]`.";
  }
  return {};
}

}  // namespace tocsin::jinja
