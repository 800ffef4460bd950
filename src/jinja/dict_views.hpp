// What Python says of dict.keys(), dict.values() and dict.items(): text, equality, order. Pure. Views of keys and of
// items are sets; what they look up must be hashable, else the functions raise Python's TypeError.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "jinja/objects.hpp"

namespace tocsin::jinja {

/// `dict_keys`, `dict_values`, `dict_items`.
std::string_view view_name(const DictView& view);

/// repr(): `dict_keys(['a'])`.
void append_view(std::string& out, const DictView& view);

bool equal_views(const DictView& a, const DictView& b);

/// By what holds what, looking no further than Python does for that sign (`<`, `<=`, `>`, `>=`), and good for it only.
/// Nothing when one is of values: they have no order.
std::optional<std::partial_ordering> compare_views(const DictView& a, const DictView& b, std::string_view sign);

}  // namespace tocsin::jinja
