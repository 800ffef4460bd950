// Runs the cases that tests/differential/value_oracle.py recorded from Python.
#include "value/json.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_format.hpp"
#include "value/python_strings.hpp"
#include "value/python_text.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace tocsin;
using value::Arena;
using value::Kind;
using value::Value;

namespace {

std::string class_name(value::PythonErrorKind kind) {
  using K = value::PythonErrorKind;
  switch (kind) {
    case K::type: return "TypeError";
    case K::value: return "ValueError";
    case K::key: return "KeyError";
    case K::index: return "IndexError";
    case K::attribute: return "AttributeError";
    case K::overflow: return "OverflowError";
    case K::zerodivision: return "ZeroDivisionError";
    case K::recursion: return "RecursionError";
    default: return "Exception";
  }
}

/// Arguments are JSON; one-key objects stand for what JSON lacks (see the script).
Value decoded(Arena& arena, Value v) {
  if (v.is_list()) {
    value::List* list = value::new_list(arena);
    for (const Value item : *v.as_list()) value::append(arena, *list, decoded(arena, item));
    return Value::list(list);
  }
  if (!v.is_dict()) return v;
  if (const Value* markup = v.find("m")) {
    return Value::text(markup->as_text(), markup->flags() | Value::markup);
  }
  if (const Value* tuple = v.find("t")) return Value::tuple(decoded(arena, *tuple).as_list());
  value::Dict* dict = value::new_dict(arena);
  for (const Value pair : *v.find("d")->as_list()) {
    value::set(arena, *dict, decoded(arena, pair.as_list()->items[0]), decoded(arena, pair.as_list()->items[1]));
  }
  return Value::dict(dict);
}

Value compared(std::string_view sign, Value a, Value b) {
  if (sign == "==") return Value::boolean(value::equal(a, b));
  if (sign == "in") return Value::boolean(value::contains(b, a));
  const int order = value::order(a, b, std::string(sign).c_str());
  if (order == 2) return Value::boolean(false);
  const bool or_equal = sign.size() == 2 && order == 0;
  return Value::boolean(or_equal || (sign[0] == '<' ? order == -1 : order == 1));
}

Value calculated(Arena& arena, std::string_view sign, Value a, Value b) {
  if (sign == "+") return value::add(arena, a, b);
  if (sign == "-") return value::subtract(arena, a, b);
  if (sign == "*") return value::multiply(arena, a, b);
  if (sign == "/") return value::true_divide(arena, a, b);
  if (sign == "//") return value::floor_divide(arena, a, b);
  if (sign == "%") return value::modulo(arena, a, b);
  return value::power(arena, a, b);
}

Value item_of(Arena& arena, Value container, Value key) {
  if (container.is_dict()) {
    if (const value::Entry* entry = value::find(*container.as_dict(), key)) return entry->value;
    value::raise(value::PythonErrorKind::key, value::to_repr(key));
  }
  if (!container.is_string() && !container.is_sequence()) {
    value::raise_type("'" + std::string(value::type_name(container)) + "' object is not subscriptable");
  }
  const std::string kind = container.is_string() ? "string" : std::string(value::type_name(container));
  if (!key.is(Kind::integer)) {
    value::raise_type(kind + " indices must be integers" + (container.is_string() ? ", not '" : " or slices, not ") +
                      std::string(value::type_name(key)) + (container.is_string() ? "'" : ""));
  }
  Value out;
  if (!value::item_at(container, key.as_integer(), out)) {
    value::raise(value::PythonErrorKind::index, kind + " index out of range");
  }
  (void)arena;
  return out;
}

Value filled(Arena& arena, std::string_view text, Value positional, Value named) {
  value::FieldSource source;
  source.named = [&](std::string_view name) { return item_of(arena, named, Value::copied(arena, name)); };
  source.numbered = [&](std::int64_t number) {
    if (number < positional.as_list()->size) return positional.as_list()->items[number];
    value::raise(value::PythonErrorKind::index, "tuple index out of range");
  };
  source.text = [&](std::string_view text) { return Value::copied(arena, text); };
  source.attribute = [&](Value, std::string_view) -> Value { value::raise_type("no attributes here"); };
  source.item = [&](Value object, Value key) { return item_of(arena, object, key); };
  source.format = value::append_formatted;
  std::string out;
  value::append_str_format(out, text, source);
  return Value::copied(arena, out);
}

value::JsonStyle style_named(std::string_view name) {
  using Ascii = value::JsonStyle::Ascii;
  if (name == "compact") return {};
  if (name == "pretty") return {.key_separator = ": ", .indent = 4, .sort_keys = true};
  if (name == "ascii") return {.key_separator = ": ", .indent = 0, .ascii = Ascii::escape};
  return {.item_separator = ", ", .key_separator = ": ", .sort_keys = name == "sorted", .ascii = Ascii::escape};
}

Value loaded(Arena& arena, std::string_view text) {
  const auto root = value::read_json(arena, text, {.dialect = value::Dialect::python});
  if (root) return *root;
  value::raise_value("JSON");
}

Value dumped(Arena& arena, Value v, std::string_view style) {
  std::string out;
  const base::Status status = value::write_json(out, v, style_named(style));
  if (status) return Value::copied(arena, out);
  value::raise_type(status.error().message);
}

/// Sets, removes and looks up; the dict and what was seen.
Value dict_steps(Arena& arena, Value steps) {
  value::Dict* dict = value::new_dict(arena);
  value::List* seen = value::new_list(arena);
  for (const Value step : *steps.as_list()) {
    const std::string_view kind = step.as_list()->items[0].as_text();
    const Value key = step.as_list()->items[1];
    if (kind == "set") {
      value::set(arena, *dict, key, step.as_list()->items[2]);
    } else if (kind == "del") {
      value::append(arena, *seen, Value::boolean(value::erase(*dict, key)));
    } else {
      const value::Entry* entry = value::find(*dict, key);
      value::append(arena, *seen, entry == nullptr ? Value::none() : entry->value);
    }
  }
  value::List* both = value::new_list(arena);
  value::append(arena, *both, Value::dict(dict));
  value::append(arena, *both, Value::list(seen));
  return Value::tuple(both);
}

Value called(Arena& arena, Value self, std::string_view name, Value positional, Value named) {
  const value::StringMethod method = value::string_method(name);
  if (method == nullptr) value::raise(value::PythonErrorKind::attribute, std::string(name));
  std::vector<std::pair<std::string_view, Value>> pairs;
  for (const value::Entry& entry : *named.as_dict()) pairs.emplace_back(entry.key.as_text(), entry.value);
  const value::List& list = *positional.as_list();
  return method(arena, self, {list.items, list.size}, pairs);
}

Value result_of(Arena& arena, std::string_view operation, const Value* a) {
  if (operation == "op") return calculated(arena, a[0].as_text(), a[1], a[2]);
  if (operation == "cmp") return compared(a[0].as_text(), a[1], a[2]);
  if (operation == "neg") return value::negate(arena, a[0]);
  if (operation == "pos") return value::plus(a[0]);
  if (operation == "len") return Value::integer(value::length(a[0]));
  if (operation == "bool") return Value::boolean(value::is_true(a[0]));
  if (operation == "repr") return a[0];
  if (operation == "str") return Value::copied(arena, value::to_str(a[0]));
  if (operation == "escape") return value::escaped(arena, a[0].as_text());
  if (operation == "slice") return value::slice(arena, a[0], a[1], a[2], a[3]);
  if (operation == "index") return item_of(arena, a[0], a[1]);
  if (operation == "method") return called(arena, a[0], a[1].as_text(), a[2], a[3]);
  if (operation == "percent") return value::percent_format(arena, a[0], a[1]);
  if (operation == "fields") return filled(arena, a[0].as_text(), a[1], a[2]);
  if (operation == "round") return value::rounded(arena, a[0], a[1].as_integer());
  if (operation == "loads") return loaded(arena, a[0].as_text());
  if (operation == "dumps") return dumped(arena, a[0], a[1].as_text());
  if (operation == "dict") return dict_steps(arena, a[0]);
  if (operation == "samekey") {
    return Value::boolean(value::is_hashable(a[0]) && value::is_hashable(a[1]) && value::equal(a[0], a[1]) &&
                          value::hash_of(a[0]) == value::hash_of(a[1]));
  }
  if (operation == "format") {
    std::string out;
    value::append_formatted(out, a[0], a[1].as_text());
    return Value::copied(arena, out);
  }
  FAIL("unknown operation " << operation);
  return {};
}

std::string outcome(Arena& arena, std::string_view operation, const Value* arguments) {
  try {
    return value::to_repr(result_of(arena, operation, arguments));
  } catch (const value::PythonError& error) {
    return class_name(error.kind) + ": " + error.message;
  }
}

}  // namespace

TEST_CASE("values behave as Python recorded it") {
  const char* other = std::getenv("TOCSIN_VALUE_CASES");
  std::ifstream file(other != nullptr ? other : TOCSIN_SOURCE_DIR "/tests/cases/value/oracle.jsonl");
  REQUIRE(file.good());
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    auto document = value::read_json(line, {.dialect = value::Dialect::python});
    REQUIRE_MESSAGE(document.ok(), "line " << number);
    const value::List& parts = *document->root().as_list();
    const Value arguments = decoded(document->arena(), parts.items[1]);
    const std::string got = outcome(document->arena(), parts.items[0].as_text(), arguments.as_list()->items);
    CHECK_MESSAGE(got == parts.items[2].as_text(), number << ": " << line);
  }
  CHECK(number > 1000);
}
