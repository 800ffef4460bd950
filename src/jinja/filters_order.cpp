// Filters that order, group and compare.
#include <vector>

#include "jinja/attribute_getter.hpp"
#include "jinja/library.hpp"
#include "jinja/named_tuples.hpp"
#include "jinja/sorting.hpp"
#include "jinja/stage.hpp"
#include "value/python_compare.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;
using Case = AttributeGetter::Case;

Case case_of(Value case_sensitive) {
  return value::is_true(case_sensitive) ? Case::keep : Case::ignore;
}

/// An item with what it is ordered by.
struct Keyed {
  Value key;
  Value item;
};

void sort_keyed(Evaluation& evaluation, std::vector<Keyed>& items, bool reverse) {
  const auto less = [&](const Keyed& a, const Keyed& b) {
    evaluation.charge(1);
    return evaluation.less(a.key, b.key);
  };
  if (reverse) {
    python_sort_reversed(items, less);
  } else {
    python_sort(items, less);
  }
}

Value list_of_items(Evaluation& evaluation, const std::vector<Keyed>& items) {
  value::List* list = value::new_list(evaluation.arena(), static_cast<std::uint32_t>(items.size()));
  for (const Keyed& each : items) value::append(evaluation.arena(), *list, each.item);
  return Value::list(list);
}

Value sort(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment", "value", "reverse", "case_sensitive", "attribute"};
  Value slots[] = {Value::boolean(false), Value::boolean(false), Value()};
  bind({"do_sort", parameters, 2, 2}, arguments, slots);
  const SortKey key_of(evaluation, slots[2], case_of(slots[1]));
  std::vector<Keyed> items;
  for (const Value item : *evaluation.to_list(subject)) items.push_back({key_of(evaluation, item), item});
  sort_keyed(evaluation, items, index_of(slots[0]) != 0);
  return list_of_items(evaluation, items);
}

Value pair(Evaluation& evaluation, Value first, Value second) {
  value::List* list = value::new_list(evaluation.arena(), 2);
  value::append(evaluation.arena(), *list, first);
  value::append(evaluation.arena(), *list, second);
  return Value::tuple(list);
}

Value dict_sort(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "case_sensitive", "by", "reverse"};
  Value slots[] = {Value::boolean(false), Value::text("key"), Value::boolean(false)};
  bind({"do_dictsort", parameters, 1}, arguments, slots);
  const Names by = slots[1].is_string() ? slots[1].as_text() : Names();
  if (by != "key" && by != "value") fail(ErrorKind::runtime, "You can only sort by either \"key\" or \"value\"");
  if (!subject.is_dict()) fail_attribute(evaluation, subject, "items");
  const bool keep_case = value::is_true(slots[0]);
  std::vector<Keyed> items;
  for (const value::Entry& entry : *subject.as_dict()) {
    const Value key = by == "key" ? entry.key : entry.value;
    items.push_back({keep_case ? key : without_case(evaluation, key), pair(evaluation, entry.key, entry.value)});
  }
  sort_keyed(evaluation, items, index_of(slots[2]) != 0);
  return list_of_items(evaluation, items);
}

template <CompareOp op>
Value extreme(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment", "value", "case_sensitive", "attribute"};
  Value slots[] = {Value::boolean(false), Value()};
  bind({op == CompareOp::less ? "do_min" : "do_max", parameters, 2, 2}, arguments, slots);
  Cursor cursor = evaluation.iterate(subject);
  Value found;
  if (!cursor.next(found)) return evaluation.undefined("No aggregated item, sequence was empty.");
  AttributeGetter getter = AttributeGetter::of(evaluation, slots[1]);
  getter.text_case = case_of(slots[0]);
  Value best = getter(evaluation, found);
  for (Value item; cursor.next(item);) {
    const Value key = getter(evaluation, item);
    if (!evaluation.compare(op, key, best)) continue;
    best = key;
    found = item;
  }
  return found;
}

struct UniqueStage : Stage {
  AttributeGetter getter;
  Value attribute;
  Case text_case;
  value::Dict* seen;

  bool start(Evaluation& evaluation) {
    getter = AttributeGetter::of(evaluation, attribute);
    getter.text_case = text_case;
    seen = value::new_dict(evaluation.arena());
    cursor = evaluation.iterate(source);
    return true;
  }

  bool produce(Evaluation& evaluation, Value& out) {
    while (cursor.next(out)) {
      const Value key = getter(evaluation, out);
      if (!value::is_hashable(key)) value::raise_unhashable(key);
      if (value::find(*seen, key) != nullptr) continue;
      value::set(evaluation.arena(), *seen, key, Value());
      return true;
    }
    return false;
  }
};

Value unique(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment", "value", "case_sensitive", "attribute"};
  Value slots[] = {Value::boolean(false), Value()};
  bind({"do_unique", parameters, 2, 2}, arguments, slots);
  auto* stage = new_stage<UniqueStage>(evaluation, subject);
  stage->function = "do_unique";
  stage->attribute = slots[1];
  stage->text_case = case_of(slots[0]);
  return Value::object(stage);
}

Value group_pair(Evaluation& evaluation, Value key, value::List* members) {
  const Value parts[] = {key, Value::list(members)};
  return named_tuple(evaluation.arena(), TupleClass::group, parts);
}

Value group_by(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment", "value", "attribute", "default", "case_sensitive"};
  Value slots[] = {Value(), Value(), Value::boolean(false)};
  bind({"sync_do_groupby", parameters, 3, 2}, arguments, slots);
  AttributeGetter shown = AttributeGetter::of(evaluation, slots[0]);
  shown.fallback = slots[1];
  AttributeGetter getter = shown;
  getter.text_case = case_of(slots[2]);
  std::vector<Keyed> items;
  for (const Value item : *evaluation.to_list(subject)) items.push_back({getter(evaluation, item), item});
  sort_keyed(evaluation, items, false);
  value::List* groups = value::new_list(evaluation.arena());
  value::List* members = nullptr;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i == 0 || !(items[i].key.same_as(items[i - 1].key) || value::equal(items[i].key, items[i - 1].key))) {
      members = value::new_list(evaluation.arena());
      const Value key = getter.text_case == Case::ignore ? shown(evaluation, items[i].item) : items[i].key;
      value::append(evaluation.arena(), *groups, group_pair(evaluation, key, members));
    }
    value::append(evaluation.arena(), *members, items[i].item);
  }
  return Value::list(groups);
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::dictsort, dict_sort},
    {FilterName::groupby, group_by},
    {FilterName::max, extreme<CompareOp::greater>},
    {FilterName::min, extreme<CompareOp::less>},
    {FilterName::sort, sort},
    {FilterName::unique, unique},
};

}  // namespace

FilterTable order_filters() {
  return table;
}

}  // namespace tocsin::jinja
