// The methods of dict and of its views.
#include <string>

#include "jinja/library.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

void expect_hashable(Value key) {
  if (!value::is_hashable(key)) value::raise_unhashable(key);
}

Value clear(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("dict.clear", arguments);
  value::Dict& dict = evaluation.to_change_dict(self);
  dict.size = 0;
  dict.index = nullptr;
  dict.index_capacity = 0;
  return Value();
}

Value copy(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("dict.copy", arguments);
  value::Dict* out = value::new_dict(evaluation.arena(), self.as_dict()->size);
  evaluation.charge(self.as_dict()->size);
  for (const value::Entry& entry : *self.as_dict()) value::set(evaluation.arena(), *out, entry.key, entry.value);
  return Value::dict(out);
}

Value get(Evaluation&, Value self, const Arguments& arguments) {
  const auto given = positional_arguments("dict.get", arguments, 1, 2);
  expect_hashable(given[0]);
  if (const value::Entry* entry = value::find(*self.as_dict(), given[0])) return entry->value;
  return given.size() == 2 ? given[1] : Value();
}

template <DictView::Part part>
Value view(Evaluation& evaluation, Value self, const Arguments& arguments) {
  constexpr std::string_view names[] = {"dict.keys", "dict.values", "dict.items"};
  expect_no_arguments(names[static_cast<std::size_t>(part)], arguments);
  return Value::object(make_object<DictView>(evaluation.arena(), self.as_dict(), part));
}

Value pop(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const auto given = positional_arguments("dict.pop", arguments, 1, 2);
  if (self.as_dict()->size != 0) expect_hashable(given[0]);
  value::Dict& dict = evaluation.to_change_dict(self);
  evaluation.charge(1 + dict.size);
  const value::Entry* entry = value::find(dict, given[0]);
  if (entry != nullptr) {
    const Value item = entry->value;
    value::erase(dict, given[0]);
    return item;
  }
  if (given.size() == 2) return given[1];
  value::raise(value::PythonErrorKind::key, value::to_repr(given[0]));
}

Value popitem(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("dict.popitem", arguments);
  value::Dict& dict = evaluation.to_change_dict(self);
  if (dict.size == 0) value::raise(value::PythonErrorKind::key, "'popitem(): dictionary is empty'");
  evaluation.charge(1 + dict.size);
  const value::Entry last = dict.entries[dict.size - 1];
  value::erase(dict, last.key);
  value::List* pair = value::new_list(evaluation.arena(), 2);
  value::append(evaluation.arena(), *pair, last.key);
  value::append(evaluation.arena(), *pair, last.value);
  return Value::tuple(pair);
}

Value setdefault(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const auto given = positional_arguments("dict.setdefault", arguments, 1, 2);
  expect_hashable(given[0]);
  if (const value::Entry* entry = value::find(*self.as_dict(), given[0])) return entry->value;
  const Value item = given.size() == 2 ? given[1] : Value();
  value::set(evaluation.arena(), evaluation.to_change_dict(self), given[0], item);
  return item;
}

/// Sets the pairs of an iterable of pairs, as dict.update and dict() take them.
void set_pairs(Evaluation& evaluation, value::Dict& dict, Value pairs) {
  if (!pairs.is_string() && !has_items(pairs)) {
    value::raise_type("'" + std::string(value::type_name(pairs)) + "' object is not iterable");
  }
  Cursor cursor = evaluation.iterate(pairs);
  std::size_t number = 0;
  for (Value pair; cursor.next(pair); ++number) {
    const std::string element = " dictionary update sequence element #" + std::to_string(number);
    if (!pair.is_string() && !has_items(pair)) value::raise_type("cannot convert" + element + " to a sequence");
    const value::List& parts = *evaluation.to_list(pair);
    if (parts.size != 2) {
      value::raise_value(element.substr(1) + " has length " + std::to_string(parts.size) + "; 2 is required");
    }
    expect_hashable(parts.items[0]);
    value::set(evaluation.arena(), dict, parts.items[0], parts.items[1]);
  }
}

Value update(Evaluation& evaluation, Value self, const Arguments& arguments) {
  if (arguments.positional.size() > 1) {
    value::raise_type("update expected at most 1 argument, got " + std::to_string(arguments.positional.size()));
  }
  value::Dict& dict = evaluation.to_change_dict(self);
  value::Arena& arena = evaluation.arena();
  if (!arguments.positional.empty()) {
    const Value from = arguments.positional[0];
    if (from.is_undefined()) evaluation.fail_undefined(from);
    if (const auto* type = object_of<TypeObject>(from); type != nullptr && type->name == "dict") {
      value::raise_type("unbound method dict.keys() needs an argument");
    }
    if (from.is_dict()) {
      evaluation.charge(from.as_dict()->size);
      if (from.as_dict() != &dict) {
        for (const value::Entry& entry : *from.as_dict()) value::set(arena, dict, entry.key, entry.value);
      }
    } else {
      set_pairs(evaluation, dict, from);
    }
  }
  for (const auto& [name, item] : arguments.named) value::set(arena, dict, evaluation.text(name), item);
  return Value();
}

Value fromkeys(Evaluation& evaluation, Value, const Arguments& arguments) {
  const auto given = positional_arguments("dict.fromkeys", arguments, 1, 2);
  value::Dict* out = value::new_dict(evaluation.arena());
  Cursor cursor = evaluation.iterate(given[0]);
  for (Value key; cursor.next(key);) {
    evaluation.charge(1);
    expect_hashable(key);
    value::set(evaluation.arena(), *out, key, given.size() == 2 ? given[1] : Value());
  }
  return Value::dict(out);
}

Value isdisjoint(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value other = one_argument("dict_keys.isdisjoint", arguments);
  Cursor cursor = evaluation.iterate(other);
  for (Value item; cursor.next(item);) {
    evaluation.charge(1);
    if (evaluation.contains(self, item)) return Value::boolean(false);
  }
  return Value::boolean(true);
}

constexpr Entry<MethodName, Method> table[] = {
    {MethodName::clear, clear},
    {MethodName::copy, copy},
    {MethodName::fromkeys, fromkeys},
    {MethodName::get, get},
    {MethodName::items, view<DictView::Part::items>},
    {MethodName::keys, view<DictView::Part::keys>},
    {MethodName::pop, pop},
    {MethodName::popitem, popitem},
    {MethodName::setdefault, setdefault},
    {MethodName::update, update},
    {MethodName::values, view<DictView::Part::values>},
};
constexpr MethodIndex index = indexed(table);

}  // namespace

Method dict_method(Value self, MethodName name) {
  if (self.is_dict()) return method_in(index, name);
  const DictView* view = object_of<DictView>(self);
  const bool set_like = view != nullptr && view->part != DictView::Part::values;
  return set_like && name == MethodName::isdisjoint ? isdisjoint : nullptr;
}

/// A method of dict that is called on the class: the dict is its first argument.
template <MethodName name>
Value unbound(Evaluation& evaluation, Value, const Arguments& arguments) {
  const std::string method(text_of(name));
  if (arguments.positional.empty()) value::raise_type("unbound method dict." + method + "() needs an argument");
  const Value self = arguments.positional[0];
  if (!self.is_dict()) {
    value::raise_type("descriptor '" + method + "' for 'dict' objects doesn't apply to a '" +
                      std::string(value::type_name(self)) + "' object");
  }
  return dict_method(self, name)(evaluation, self, {arguments.positional.subspan(1), arguments.named});
}

constexpr Entry<MethodName, Method> unbound_table[] = {
    {MethodName::clear, unbound<MethodName::clear>},
    {MethodName::copy, unbound<MethodName::copy>},
    {MethodName::fromkeys, fromkeys},
    {MethodName::get, unbound<MethodName::get>},
    {MethodName::items, unbound<MethodName::items>},
    {MethodName::keys, unbound<MethodName::keys>},
    {MethodName::pop, unbound<MethodName::pop>},
    {MethodName::popitem, unbound<MethodName::popitem>},
    {MethodName::setdefault, unbound<MethodName::setdefault>},
    {MethodName::update, unbound<MethodName::update>},
    {MethodName::values, unbound<MethodName::values>},
};

Method type_method(const TypeObject& self, MethodName name) {
  if (self.name == "dict") return method_in(unbound_table, name);
  if (self.name == "datetime.datetime") return datetime_class_method(name);
  return nullptr;
}

}  // namespace tocsin::jinja
