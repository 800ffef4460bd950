// The methods of list and tuple.
#include <algorithm>
#include <vector>

#include "jinja/library.hpp"
#include "jinja/sorting.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

bool is_same_or_equal(Value a, Value b) {
  return a.same_as(b) || value::equal(a, b);
}

/// An index of insert and pop, clamped to what fits.
std::int64_t clamped_index(Value v) {
  if (v.is(Kind::big_integer))
    value::raise(value::PythonErrorKind::overflow, "Python int too large to convert to C ssize_t");
  return index_of(v);
}

Value append(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value item = one_argument("list.append", arguments);
  value::append(evaluation.arena(), evaluation.to_change_list(self), item);
  return Value();
}

Value clear(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("list.clear", arguments);
  evaluation.to_change_list(self).size = 0;
  return Value();
}

Value copy(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("list.copy", arguments);
  return Value::list(evaluation.to_list(self));
}

Value count(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value wanted = one_argument(self.is_list() ? "list.count" : "tuple.count", arguments);
  std::int64_t count = 0;
  for (const Value item : *self.as_list()) {
    evaluation.charge(1);
    if (is_same_or_equal(item, wanted)) ++count;
  }
  return Value::integer(count);
}

Value extend(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value items = one_argument("list.extend", arguments);
  value::List& list = evaluation.to_change_list(self);
  // A list may extend itself, so its items are taken first.
  const value::List& added = *evaluation.to_list(items);
  for (const Value item : added) value::append(evaluation.arena(), list, item);
  return Value();
}

Value index(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const auto given = positional_arguments(self.is_list() ? "list.index" : "tuple.index", arguments, 1, 3);
  const value::List& list = *self.as_list();
  const auto bound = [&](std::size_t i, std::int64_t absent) {
    if (given.size() <= i) return absent;
    const std::int64_t at = value::as_index(given[i], "slice indices must be integers or have an __index__ method");
    return at < 0 ? std::max<std::int64_t>(0, at + list.size) : at;
  };
  const std::int64_t end = std::min<std::int64_t>(bound(2, list.size), list.size);
  for (std::int64_t i = bound(1, 0); i < end; ++i) {
    evaluation.charge(1);
    if (is_same_or_equal(list.items[i], given[0])) return Value::integer(i);
  }
  if (!self.is_list()) value::raise_value("tuple.index(x): x not in tuple");
  value::raise_value(value::to_repr(given[0]) + " is not in list");
}

Value insert(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const auto given = positional_arguments("list.insert", arguments, 2, 2);
  std::int64_t at = clamped_index(given[0]);
  value::List& list = evaluation.to_change_list(self);
  if (at < 0) at = std::max<std::int64_t>(0, at + list.size);
  at = std::min<std::int64_t>(at, list.size);
  value::append(evaluation.arena(), list, given[1]);
  evaluation.charge(list.size - static_cast<std::uint64_t>(at));
  for (std::int64_t i = list.size - 1; i > at; --i) list.items[i] = list.items[i - 1];
  list.items[at] = given[1];
  return Value();
}

Value pop(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const auto given = positional_arguments("list.pop", arguments, 0, 1);
  std::int64_t at = given.empty() ? -1 : clamped_index(given[0]);
  value::List& list = evaluation.to_change_list(self);
  if (list.size == 0) value::raise(value::PythonErrorKind::index, "pop from empty list");
  if (at < 0) at += list.size;
  if (at < 0 || at >= list.size) value::raise(value::PythonErrorKind::index, "pop index out of range");
  const Value item = list.items[at];
  evaluation.charge(list.size - static_cast<std::uint64_t>(at));
  std::copy(list.items + at + 1, list.end(), list.items + at);
  --list.size;
  return item;
}

Value remove(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value wanted = one_argument("list.remove", arguments);
  value::List& list = evaluation.to_change_list(self);
  for (std::uint32_t i = 0; i < list.size; ++i) {
    evaluation.charge(1);
    if (!is_same_or_equal(list.items[i], wanted)) continue;
    std::copy(list.items + i + 1, list.end(), list.items + i);
    --list.size;
    return Value();
  }
  value::raise_value("list.remove(x): x not in list");
}

Value reverse(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("list.reverse", arguments);
  value::List& list = evaluation.to_change_list(self);
  evaluation.charge(list.size);
  std::reverse(list.begin(), list.end());
  return Value();
}

struct Keyed {
  Value key;
  Value item;
};

Value sort(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static constexpr std::string_view names[] = {"key", "reverse"};
  if (!arguments.positional.empty()) value::raise_type("sort() takes no positional arguments");
  Value slots[] = {Value(), Value::boolean(false)};
  for (const auto& [name, item] : arguments.named) {
    if (name != names[0] && name != names[1]) {
      value::raise_type("'" + std::string(name) + "' is an invalid keyword argument for sort()");
    }
    slots[name == names[0] ? 0 : 1] = item;
  }
  const bool backwards = index_of(slots[1]) != 0;
  value::List& list = evaluation.to_change_list(self);
  std::vector<Keyed> items;
  for (const Value item : list) {
    const Value argument[] = {item};
    items.push_back({slots[0].is_none() ? item : evaluation.call(slots[0], Arguments{argument, {}}), item});
  }
  const auto less = [&](const Keyed& a, const Keyed& b) {
    evaluation.charge(1);
    return evaluation.less(a.key, b.key);
  };
  if (backwards) {
    python_sort_reversed(items, less);
  } else {
    python_sort(items, less);
  }
  for (std::size_t i = 0; i < items.size() && i < list.size; ++i) list.items[i] = items[i].item;
  return Value();
}

constexpr Entry<MethodName, Method> tuple_table[] = {
    {MethodName::count, count},
    {MethodName::index, index},
};

constexpr Entry<MethodName, Method> list_table[] = {
    {MethodName::append, append},   {MethodName::clear, clear},   {MethodName::copy, copy},
    {MethodName::count, count},     {MethodName::extend, extend}, {MethodName::index, index},
    {MethodName::insert, insert},   {MethodName::pop, pop},       {MethodName::remove, remove},
    {MethodName::reverse, reverse}, {MethodName::sort, sort},
};

}  // namespace

Method list_method(Value self, MethodName name) {
  return self.is_list() ? method_in(list_table, name) : method_in(tuple_table, name);
}

}  // namespace tocsin::jinja
