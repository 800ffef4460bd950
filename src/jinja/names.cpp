#include "jinja/names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::jinja {
namespace {

#define TOCSIN_JINJA_TEXT(name, text) text,
constexpr std::string_view filters[] = {"", TOCSIN_JINJA_FILTERS(TOCSIN_JINJA_TEXT)};
constexpr std::string_view tests[] = {"", TOCSIN_JINJA_TESTS(TOCSIN_JINJA_TEXT)};
constexpr std::string_view attributes[] = {"", TOCSIN_JINJA_ATTRIBUTES(TOCSIN_JINJA_TEXT)};
#undef TOCSIN_JINJA_TEXT

template <std::size_t count>
using Sorted = std::array<std::pair<std::string_view, std::uint16_t>, count>;

template <std::size_t count>
constexpr Sorted<count> sorted(const std::string_view (&names)[count]) {
  Sorted<count> pairs;
  for (std::size_t i = 0; i < count; ++i) pairs[i] = {names[i], static_cast<std::uint16_t>(i)};
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

template <class Name, std::size_t count>
Name find(const Sorted<count>& pairs, std::string_view name) {
  const auto at = std::lower_bound(pairs.begin(), pairs.end(), std::pair<std::string_view, std::uint16_t>(name, 0));
  return at != pairs.end() && at->first == name ? static_cast<Name>(at->second) : Name::unknown;
}

constexpr auto sorted_filters = sorted(filters);
constexpr auto sorted_tests = sorted(tests);
constexpr auto sorted_attributes = sorted(attributes);

}  // namespace

FilterName filter_of(std::string_view name) {
  return find<FilterName>(sorted_filters, name);
}
TestName test_of(std::string_view name) {
  return find<TestName>(sorted_tests, name);
}
MethodName method_of(std::string_view name) {
  return find<MethodName>(sorted_attributes, name);
}

std::string_view text_of(FilterName name) {
  return filters[static_cast<std::size_t>(name)];
}
std::string_view text_of(TestName name) {
  return tests[static_cast<std::size_t>(name)];
}
std::string_view text_of(MethodName name) {
  return attributes[static_cast<std::size_t>(name)];
}

}  // namespace tocsin::jinja
