#include "jinja/dict_views.hpp"

#include <algorithm>

#include "value/meter.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

/// Is the entry, seen as the item of a view of that part, in the other? As Python looks it up: by its hash.
bool is_in(const value::Entry& entry, DictView::Part part, const DictView& other) {
  value::Meter::spend(1);
  Value key = entry.key;
  Value item = entry.value;
  if (part == DictView::Part::keys && other.part == DictView::Part::items) {
    if (!key.is(value::Kind::tuple) || key.as_list()->size != 2) return false;
    item = key.as_list()->items[1];
    key = key.as_list()->items[0];
  }
  Value pair[] = {key, item};
  value::List list{pair, 2, 2};
  if (part == DictView::Part::items && other.part == DictView::Part::keys) {
    key = Value::tuple(&list);
    if (!value::is_hashable(key)) value::raise_unhashable(key);
  }
  const value::Entry* found = value::find(*other.dict, key);
  if (found == nullptr || other.part == DictView::Part::keys) return found != nullptr;
  return found->value.same_as(item) || value::equal(found->value, item);
}

/// Views of keys and of items are sets.
bool is_set(const DictView& view) {
  return view.part != DictView::Part::values;
}

bool is_subset(const DictView& a, const DictView& b) {
  return std::all_of(a.dict->begin(), a.dict->end(), [&](const value::Entry& each) { return is_in(each, a.part, b); });
}

}  // namespace

std::string_view view_name(const DictView& view) {
  switch (view.part) {
    case DictView::Part::keys: return "dict_keys";
    case DictView::Part::values: return "dict_values";
    case DictView::Part::items: break;
  }
  return "dict_items";
}

void append_view(std::string& out, const DictView& view) {
  const value::Printing printing(&view);
  if (printing.is_again()) {
    out += "...";
    return;
  }
  (out += view_name(view)) += "([";
  for (std::uint32_t i = 0; i < view.dict->size; ++i) {
    const value::Entry& entry = view.dict->entries[i];
    if (i != 0) out += ", ";
    if (view.part == DictView::Part::items) {
      out += '(';
      value::append_repr(out, entry.key);
      out += ", ";
      value::append_repr(out, entry.value);
      out += ')';
    } else {
      value::append_repr(out, view.part == DictView::Part::keys ? entry.key : entry.value);
    }
  }
  out += "])";
}

bool equal_views(const DictView& a, const DictView& b) {
  return is_set(a) && is_set(b) && a.dict->size == b.dict->size && is_subset(a, b);
}

std::optional<std::partial_ordering> compare_views(const DictView& a, const DictView& b, std::string_view sign) {
  if (!is_set(a) || !is_set(b)) return std::nullopt;
  const bool or_equal = sign.ends_with('=');
  const bool less = sign.starts_with('<');
  const DictView& part = less ? a : b;
  const DictView& whole = less ? b : a;
  const bool fits = or_equal ? part.dict->size <= whole.dict->size : part.dict->size < whole.dict->size;
  if (!fits || !is_subset(part, whole)) return std::partial_ordering::unordered;
  return less ? std::partial_ordering::less : std::partial_ordering::greater;
}

}  // namespace tocsin::jinja
