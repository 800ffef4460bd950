// The methods of str and Markup that templates can call.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "jinja/encoding.hpp"
#include "jinja/html_text.hpp"
#include "jinja/library.hpp"
#include "jinja/text_format.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_strings.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

/// Methods of Markup that escape their arguments first.
constexpr bool escapes_arguments(MethodName name) {
  switch (name) {
    case MethodName::replace:
    case MethodName::ljust:
    case MethodName::rjust:
    case MethodName::lstrip:
    case MethodName::rstrip:
    case MethodName::center:
    case MethodName::strip:
    case MethodName::zfill:
    case MethodName::expandtabs:
    case MethodName::partition:
    case MethodName::rpartition: return true;
    default: return false;
  }
}

constexpr bool takes_keywords(MethodName name) {
  return name == MethodName::split || name == MethodName::rsplit || name == MethodName::splitlines ||
         name == MethodName::expandtabs;
}

/// How CPython counts the arguments of a method.
enum class Arity { free, none, one, at_least_one };

constexpr Arity arity_of(MethodName name) {
  switch (name) {
    case MethodName::capitalize:
    case MethodName::casefold:
    case MethodName::isalnum:
    case MethodName::isalpha:
    case MethodName::isascii:
    case MethodName::isdecimal:
    case MethodName::isdigit:
    case MethodName::isidentifier:
    case MethodName::islower:
    case MethodName::isnumeric:
    case MethodName::isprintable:
    case MethodName::isspace:
    case MethodName::istitle:
    case MethodName::isupper:
    case MethodName::lower:
    case MethodName::swapcase:
    case MethodName::title:
    case MethodName::upper: return Arity::none;
    case MethodName::partition:
    case MethodName::removeprefix:
    case MethodName::removesuffix:
    case MethodName::rpartition:
    case MethodName::zfill: return Arity::one;
    case MethodName::count:
    case MethodName::endswith:
    case MethodName::find:
    case MethodName::index:
    case MethodName::rfind:
    case MethodName::rindex:
    case MethodName::startswith: return Arity::at_least_one;
    default: return Arity::free;
  }
}

constexpr bool is_allowed(Arity arity, std::size_t count) {
  switch (arity) {
    case Arity::free: return true;
    case Arity::none: return count == 0;
    case Arity::one: return count == 1;
    case Arity::at_least_one: return count >= 1 && count <= 3;
  }
  return true;
}

void check_arity(Value self, MethodName name, std::size_t count) {
  if (is_allowed(arity_of(name), count)) return;
  const bool of_markup = self.is_markup() && (name == MethodName::casefold || arity_of(name) == Arity::one ||
                                              text_of(name).starts_with("is"));
  const std::string method(text_of(name));
  const std::string full = (of_markup && name != MethodName::zfill ? "Markup." : "str.") + method;
  const std::string given = " (" + std::to_string(count) + " given)";
  switch (arity_of(name)) {
    case Arity::free: return;
    case Arity::none:
      if (count != 0) value::raise_type(full + "() takes no arguments" + given);
      return;
    case Arity::one:
      if (count != 1) value::raise_type(full + "() takes exactly one argument" + given);
      return;
    case Arity::at_least_one:
      if (count == 0) value::raise_type(method + "() takes at least 1 argument" + given);
      if (count > 3) value::raise_type(method + "() takes at most 3 arguments" + given);
      return;
  }
}

/// `all`: what is no text is made text, too.
std::vector<Value> with_escaped_text(Evaluation& evaluation, std::span<const Value> values, bool all) {
  std::vector<Value> out(values.begin(), values.end());
  for (Value& each : out) {
    if (each.is_string() || all) each = evaluation.escape(each);
  }
  return out;
}

/// A method that the room `value` has.
template <MethodName name>
Value plain(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static const value::StringMethod method = value::string_method(text_of(name));
  charge_bytes(evaluation, self.as_text().size());
  if (!takes_keywords(name) && !arguments.named.empty()) {
    const bool short_name = arity_of(name) == Arity::at_least_one;
    value::raise_type((short_name ? "" : "str.") + std::string(text_of(name)) + "() takes no keyword arguments");
  }
  check_arity(self, name, arguments.positional.size());
  constexpr bool partitions = name == MethodName::partition || name == MethodName::rpartition;
  if (escapes_arguments(name) && self.is_markup() && arguments.named.empty()) {
    return method(evaluation.arena(), self, with_escaped_text(evaluation, arguments.positional, partitions), {});
  }
  return method(evaluation.arena(), self, arguments.positional, arguments.named);
}

Value join(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value items = one_argument("str.join", arguments);
  if (!items.is_string() && !has_items(items)) value::raise_type("can only join an iterable");
  std::vector<Value> texts;
  Cursor cursor = evaluation.iterate(items);
  for (Value item; cursor.next(item);) {
    evaluation.charge(1);
    if (!self.is_markup() && !item.is_string()) {
      value::raise_type("sequence item " + std::to_string(texts.size()) + ": expected str instance, " +
                        std::string(value::type_name(item)) + " found");
    }
    texts.push_back(item);
  }
  return joined(evaluation, self, texts);
}

Value format(Evaluation& evaluation, Value self, const Arguments& arguments) {
  return formatted(evaluation, self, arguments);
}

Value format_map(Evaluation& evaluation, Value self, const Arguments& arguments) {
  if (!arguments.named.empty()) value::raise_type("format_map() takes no keyword arguments");
  if (arguments.positional.size() != 1) {
    value::raise_type("format_map() takes exactly one argument (" + std::to_string(arguments.positional.size()) +
                      " given)");
  }
  return formatted_by(evaluation, self, arguments.positional[0]);
}

Value encode(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const CodecNames names = codec_names("encode", arguments);
  charge_bytes(evaluation, self.as_text().size());
  const std::string bytes = encoded(self.as_text(), names);
  return Value::object(make_object<BytesObject>(evaluation.arena(), evaluation.arena().copy(bytes)));
}

Value escape(Evaluation& evaluation, Value, const Arguments& arguments) {
  return evaluation.escape(one_argument("Markup.escape", arguments));
}

Value unescape(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("Markup.unescape", arguments);
  charge_bytes(evaluation, self.as_text().size());
  return evaluation.text(html_unescaped(self.as_text()));
}

Value striptags(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("Markup.striptags", arguments);
  charge_bytes(evaluation, self.as_text().size());
  return evaluation.text(without_tags(self.as_text()));
}

/// What a character becomes by a table of str.translate: itself, nothing, another or a text.
void append_translated(Evaluation& evaluation, std::string& out, std::uint32_t code, Value table) {
  Value to;
  if (table.is_dict()) {
    const value::Entry* entry = value::find(*table.as_dict(), Value::integer(code));
    if (entry == nullptr) return base::append_utf8(out, code);
    to = entry->value;
  } else if (table.is_sequence() || table.is_string()) {
    if (!value::item_at(table, code, to)) return base::append_utf8(out, code);
  } else {
    if (table.is_undefined()) evaluation.fail_undefined(table);
    value::raise_type("'" + std::string(value::type_name(table)) + "' object is not subscriptable");
  }
  if (to.is_none()) return;
  if (to.is_string()) {
    charge_bytes(evaluation, to.as_text().size());
    out += to.as_text();
    return;
  }
  if (!value::is_integer(to)) value::raise_type("character mapping must return integer, None or str");
  if (to.is(Kind::big_integer) || to.as_integer() < 0 || to.as_integer() > 0x10FFFF) {
    value::raise_value("character mapping must be in range(0x110000)");
  }
  base::append_utf8(out, static_cast<std::uint32_t>(to.as_integer()));
}

Value translate(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value table = one_argument("str.translate", arguments);
  std::string out;
  for (std::string_view text = self.as_text(); !text.empty();) {
    evaluation.charge(1);
    append_translated(evaluation, out, value::next_code(text), table);
  }
  return like(evaluation, out, self);
}

Value code_of(Value character) {
  std::string_view text = character.as_text();
  return Value::integer(value::next_code(text));
}

void add_to_table(Evaluation& evaluation, value::Dict& table, Value from, Value to) {
  value::Arena& arena = evaluation.arena();
  if (value::length(from) != value::length(to)) {
    value::raise_value("the first two maketrans arguments must have equal length");
  }
  Cursor keys = evaluation.iterate(from);
  Cursor values = evaluation.iterate(to);
  Value key;
  Value item;
  while (keys.next(key) && values.next(item)) value::set(arena, table, code_of(key), code_of(item));
}

Value table_of_dict(Evaluation& evaluation, Value mapping) {
  if (!mapping.is_dict()) value::raise_type("if you give only one argument to maketrans it must be a dict");
  value::Dict* table = value::new_dict(evaluation.arena());
  for (const value::Entry& entry : *mapping.as_dict()) {
    const bool text = entry.key.is_string();
    if (!text && !value::is_integer(entry.key))
      value::raise_type("keys in translate table must be strings or integers");
    if (text && value::length(entry.key) != 1) value::raise_value("string keys in translate table must be of length 1");
    value::set(evaluation.arena(), *table, text ? code_of(entry.key) : entry.key, entry.value);
  }
  return Value::dict(table);
}

Value maketrans(Evaluation& evaluation, Value, const Arguments& arguments) {
  const auto given = positional_arguments("str.maketrans", arguments, 1, 3);
  if (given.size() == 1) return table_of_dict(evaluation, given[0]);
  value::Dict* table = value::new_dict(evaluation.arena());
  for (const Value each : given) {
    if (!each.is_string()) {
      value::raise_type(given[0].same_as(each)
                            ? "first maketrans argument must be a string if there is a second argument"
                            : "maketrans() argument must be str, not " + std::string(value::argument_type(each)));
    }
  }
  add_to_table(evaluation, *table, given[0], given[1]);
  if (given.size() == 3) {
    Cursor removed = evaluation.iterate(given[2]);
    for (Value each; removed.next(each);) value::set(evaluation.arena(), *table, code_of(each), Value());
  }
  return Value::dict(table);
}

#define TOCSIN_PLAIN(name) \
  { MethodName::name, plain<MethodName::name> }
constexpr Entry<MethodName, Method> table[] = {
    TOCSIN_PLAIN(capitalize),
    TOCSIN_PLAIN(casefold),
    TOCSIN_PLAIN(center),
    TOCSIN_PLAIN(count),
    TOCSIN_PLAIN(endswith),
    TOCSIN_PLAIN(expandtabs),
    TOCSIN_PLAIN(find),
    TOCSIN_PLAIN(index),
    TOCSIN_PLAIN(isalnum),
    TOCSIN_PLAIN(isalpha),
    TOCSIN_PLAIN(isascii),
    TOCSIN_PLAIN(isdecimal),
    TOCSIN_PLAIN(isdigit),
    TOCSIN_PLAIN(isidentifier),
    TOCSIN_PLAIN(islower),
    TOCSIN_PLAIN(isnumeric),
    TOCSIN_PLAIN(isprintable),
    TOCSIN_PLAIN(isspace),
    TOCSIN_PLAIN(istitle),
    TOCSIN_PLAIN(isupper),
    TOCSIN_PLAIN(ljust),
    TOCSIN_PLAIN(lower),
    TOCSIN_PLAIN(lstrip),
    TOCSIN_PLAIN(partition),
    TOCSIN_PLAIN(removeprefix),
    TOCSIN_PLAIN(removesuffix),
    TOCSIN_PLAIN(replace),
    TOCSIN_PLAIN(rfind),
    TOCSIN_PLAIN(rindex),
    TOCSIN_PLAIN(rjust),
    TOCSIN_PLAIN(rpartition),
    TOCSIN_PLAIN(rsplit),
    TOCSIN_PLAIN(rstrip),
    TOCSIN_PLAIN(split),
    TOCSIN_PLAIN(splitlines),
    TOCSIN_PLAIN(startswith),
    TOCSIN_PLAIN(strip),
    TOCSIN_PLAIN(swapcase),
    TOCSIN_PLAIN(title),
    TOCSIN_PLAIN(upper),
    TOCSIN_PLAIN(zfill),
    {MethodName::encode, encode},
    {MethodName::format, format},
    {MethodName::format_map, format_map},
    {MethodName::join, join},
    {MethodName::maketrans, maketrans},
    {MethodName::translate, translate},
};
#undef TOCSIN_PLAIN

constexpr Entry<MethodName, Method> markup_table[] = {
    {MethodName::escape, escape},
    {MethodName::striptags, striptags},
    {MethodName::unescape, unescape},
};

constexpr MethodIndex index = indexed(table);

}  // namespace

Method text_method(Value self, MethodName name) {
  const Method found = method_in(index, name);
  if (found != nullptr || !self.is_markup()) return found;
  return method_in(markup_table, name);
}

}  // namespace tocsin::jinja
