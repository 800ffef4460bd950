#include "jinja/attribute_getter.hpp"

#include <algorithm>

#include "jinja/library.hpp"
#include "jinja/number_text.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Calls `visit` for each part of the text, as str.split() parts it.
template <class Visit>
void each_part(std::string_view text, char separator, Visit visit) {
  for (std::size_t end = text.find(separator); end != text.npos; end = text.find(separator)) {
    visit(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  visit(text);
}

/// The text of the attribute outlives the rendering, so that its parts need no copies.
Value part_of_path(Evaluation& evaluation, std::string_view part) {
  const Value text = Value::text(part);
  const bool is_name = part.empty() || (static_cast<unsigned char>(part.front()) < 0x80 && !is_digit(part.front()));
  if (is_name || !call_method(evaluation, text, MethodName::isdigit).as_boolean()) return text;
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
  each_part(attribute.as_text(), '.',
            [&](std::string_view part) { value::append(arena, *getter.parts, part_of_path(evaluation, part)); });
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
  const auto add = [&](Value path) {
    getters_.push_back(AttributeGetter::of(evaluation, path));
    getters_.back().text_case = text_case;
  };
  if (attribute.is_string()) {
    each_part(attribute.as_text(), ',', [&](std::string_view path) { add(Value::text(path)); });
  } else {
    add(attribute);
  }
}

Value SortKey::operator()(Evaluation& evaluation, Value item) const {
  value::List* keys = value::new_list(evaluation.arena(), static_cast<std::uint32_t>(getters_.size()));
  for (const AttributeGetter& getter : getters_) value::append(evaluation.arena(), *keys, getter(evaluation, item));
  return Value::list(keys);
}

Value without_case(Evaluation& evaluation, Value v) {
  if (!v.is_string()) return v;
  charge_bytes(evaluation, v.as_text().size());
  return value::lower_case(evaluation.arena(), v);
}

}  // namespace tocsin::jinja
