#include "jinja/attribute_getter.hpp"

#include <algorithm>

#include "jinja/library.hpp"
#include "jinja/number_text.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

Value part_of_path(Evaluation& evaluation, std::string_view part) {
  const Value text = evaluation.text(part);
  if (!call_method(evaluation, text, MethodName::isdigit).as_boolean()) return text;
  if (const auto number = integer_of(evaluation.arena(), part)) return *number;
  value::raise_value("invalid literal for int() with base 10: " + value::to_repr(text));
}

}  // namespace

AttributeGetter AttributeGetter::of(Evaluation& evaluation, Value attribute) {
  value::Arena& arena = evaluation.arena();
  AttributeGetter getter{value::new_list(arena)};
  if (attribute.is_none()) return getter;
  if (!attribute.is_string()) {
    value::append(arena, *getter.parts, attribute);
    return getter;
  }
  for (const Value part : *value::split(arena, attribute.as_text(), ".", -1)) {
    value::append(arena, *getter.parts, part_of_path(evaluation, part.as_text()));
  }
  return getter;
}

Value AttributeGetter::operator()(Evaluation& evaluation, Value item) const {
  evaluation.charge(1);
  for (const Value part : *parts) {
    item = evaluation.item(item, part);
    if (item.is_undefined() && !fallback.is_none()) item = fallback;
  }
  return text_case == Case::ignore ? without_case(evaluation, item) : item;
}

SortKey::SortKey(Evaluation& evaluation, Value attribute, AttributeGetter::Case text_case) {
  std::vector<Value> paths = {attribute};
  if (attribute.is_string()) {
    const value::List& split = *value::split(evaluation.arena(), attribute.as_text(), ",", -1);
    paths.assign(split.begin(), split.end());
  }
  for (const Value path : paths) {
    getters_.push_back(AttributeGetter::of(evaluation, path));
    getters_.back().text_case = text_case;
  }
}

Value SortKey::operator()(Evaluation& evaluation, Value item) const {
  value::List* keys = value::new_list(evaluation.arena(), static_cast<std::uint32_t>(getters_.size()));
  for (const AttributeGetter& getter : getters_) value::append(evaluation.arena(), *keys, getter(evaluation, item));
  return Value::list(keys);
}

Value without_case(Evaluation& evaluation, Value v) {
  return v.is_string() ? call_method(evaluation, v, MethodName::lower) : v;
}

}  // namespace tocsin::jinja
