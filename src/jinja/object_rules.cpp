// What Python says of the engine's objects: names, text, equality, order.
#include "jinja/object_rules.hpp"

#include <algorithm>

#include "clock/civil.hpp"
#include "clock/timedelta.hpp"
#include "jinja/dict_views.hpp"
#include "jinja/library.hpp"
#include "jinja/machine.hpp"
#include "jinja/named_tuples.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using value::Object;

/// Of `2024-05-17`.
constexpr std::size_t date_length = 10;

template <class T>
const T& as(const Object& object) {
  return static_cast<const T&>(object);
}

ObjectType type_of(const Object& object) {
  return static_cast<ObjectType>(object.type);
}

/// Python shows where such objects are in memory; here all are in one place, so that a template gives the same always.
constexpr std::string_view in_memory = " at 0x7f0000000000>";

/// Methods of Markup that MarkupSafe writes in Python itself, and those that it wraps.
bool is_own_of_markup(MethodName name) {
  switch (name) {
    case MethodName::format:
    case MethodName::join:
    case MethodName::partition:
    case MethodName::rpartition:
    case MethodName::rsplit:
    case MethodName::split:
    case MethodName::splitlines:
    case MethodName::striptags:
    case MethodName::unescape: return true;
    default: return false;
  }
}

bool is_wrapped_by_markup(MethodName name) {
  switch (name) {
    case MethodName::capitalize:
    case MethodName::center:
    case MethodName::expandtabs:
    case MethodName::ljust:
    case MethodName::lower:
    case MethodName::lstrip:
    case MethodName::replace:
    case MethodName::rjust:
    case MethodName::rstrip:
    case MethodName::strip:
    case MethodName::swapcase:
    case MethodName::title:
    case MethodName::translate:
    case MethodName::upper:
    case MethodName::zfill: return true;
    default: return false;
  }
}

std::string_view method_type(const BoundMethod& method) {
  const bool formats = method.name == MethodName::format || method.name == MethodName::format_map;
  if (method.self.is_string() && formats) return "function";  // the sandbox puts its own in its place
  if (method.self.is_string()) {
    const bool python = is_own_of_markup(method.name) || is_wrapped_by_markup(method.name);
    return method.self.is_markup() && python ? "method" : "builtin_function_or_method";
  }
  if (object_of<TypeObject>(method.self) != nullptr && is_unbound(method)) return "method_descriptor";
  const bool engine = object_of<LoopObject>(method.self) != nullptr || object_of<Cycler>(method.self) != nullptr;
  return engine ? "method" : "builtin_function_or_method";
}

bool is_class_method(const BoundMethod& method) {
  switch (method.name) {
    case MethodName::fromkeys:
    case MethodName::fromhex:
    case MethodName::from_bytes:
    case MethodName::maketrans: return true;
    default: return object_of<DateTimeObject>(method.self) != nullptr && datetime_class_method(method.name) != nullptr;
  }
}

/// `<bound method Markup.join of Markup('x')>`
void append_method(std::string& out, const BoundMethod& method) {
  const std::string_view name = text_of(method.name);
  const std::string_view type = method_type(method);
  if (type == "method_descriptor") {
    ((out += "<method '") += name) += "' of 'dict' objects>";
  } else if (type == "method") {
    const std::string_view owner = !method.self.is_string()        ? value::type_name(method.self)
                                   : is_own_of_markup(method.name) ? "Markup"
                                                                   : "str";
    (((out += "<bound method ") += owner) += '.') += name;
    out += " of ";
    value::append_repr(out, method.self);
    out += '>';
  } else if (type == "function") {
    out += method.self.is_markup() ? "<function Markup." : "<function str.";
    (out += name) += in_memory;
  } else {
    const bool of_class = object_of<TypeObject>(method.self) != nullptr || is_class_method(method);
    (((out += "<built-in method ") += name) += " of ") += of_class ? "type" : value::type_name(method.self);
    (out += " object") += in_memory;
  }
}

std::string_view type_name(const Object& object) {
  switch (type_of(object)) {
    case ObjectType::function: return "function";
    case ObjectType::bound_method: return method_type(as<BoundMethod>(object));
    case ObjectType::type: return "type";
    case ObjectType::generic_alias: return "types.GenericAlias";
    case ObjectType::macro: return "Macro";
    case ObjectType::loop: return "LoopContext";
    case ObjectType::cycler: return "Cycler";
    case ObjectType::joiner: return "Joiner";
    case ObjectType::name_space: return "Namespace";
    case ObjectType::self: return "TemplateReference";
    case ObjectType::block: return "BlockReference";
    case ObjectType::generator: return as<Generator>(object).type_name;
    case ObjectType::dict_view: return view_name(as<DictView>(object));
    case ObjectType::datetime: return "datetime.datetime";
    case ObjectType::date: return "datetime.date";
    case ObjectType::time_of_day: return "datetime.time";
    case ObjectType::timedelta: return "datetime.timedelta";
    case ObjectType::timezone: return "datetime.timezone";
    case ObjectType::bytes: return "bytes";
  }
  return "object";
}

std::string_view module_of(ObjectType type) {
  switch (type) {
    case ObjectType::macro:
    case ObjectType::loop:
    case ObjectType::self:
    case ObjectType::block: return "jinja2.runtime.";
    case ObjectType::cycler:
    case ObjectType::joiner:
    case ObjectType::name_space: return "jinja2.utils.";
    default: return "";
  }
}

void append_bytes_repr(std::string& out, std::string_view bytes) {
  constexpr std::string_view hex = "0123456789abcdef";
  const char quote = bytes.find('\'') != bytes.npos && bytes.find('"') == bytes.npos ? '"' : '\'';
  out += 'b';
  out += quote;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else if (byte < 0x20 || byte >= 0x7F) {
      ((out += "\\x") += hex[byte >> 4]) += hex[byte & 15];
    } else {
      out += c;
    }
  }
  out += quote;
}

void append_alias(std::string& out, const GenericAlias& alias) {
  const value::Printing inside(&alias);
  out += "dict[";
  std::string items = value::to_repr(alias.item);
  const bool several = alias.item.is(value::Kind::tuple) && alias.item.as_list()->size > 0;
  if (several) items = items.substr(1, items.size() - (alias.item.as_list()->size == 1 ? 3 : 2));
  (out += items) += ']';
}

clock::DateTime on_first_day(clock::DateTime time) {
  time.year = time.month = time.day = 1;
  return time;
}

void append_repr(std::string& out, const Object& object) {
  switch (type_of(object)) {
    case ObjectType::datetime: out += clock::python_repr(as<DateTimeObject>(object).when); return;
    case ObjectType::date: {
      const clock::DateTime& day = as<DateObject>(object).when;
      out += "datetime.date(" + std::to_string(day.year) + ", " + std::to_string(day.month) + ", " +
             std::to_string(day.day) + ")";
      return;
    }
    case ObjectType::time_of_day: {
      // The time's fields are the last of the datetime's.
      const std::string whole = clock::python_repr(on_first_day(as<TimeObject>(object).when));
      out += "datetime.time(" + whole.substr(std::string_view("datetime.datetime(1, 1, 1, ").size());
      return;
    }
    case ObjectType::timedelta: out += clock::python_repr(as<TimeDeltaObject>(object).span); return;
    case ObjectType::timezone: {
      const auto& zone = as<TimezoneObject>(object);
      out += clock::zone_repr(zone.offset, zone.zone, zone.is_named);
      return;
    }
    case ObjectType::bytes: return append_bytes_repr(out, as<BytesObject>(object).bytes);
    case ObjectType::dict_view: return append_view(out, as<DictView>(object));
    case ObjectType::macro: {
      const Value name = as<MacroObject>(object).code->name;
      out += "<Macro " + (name.is_string() ? value::to_repr(name) : "anonymous") + ">";
      return;
    }
    case ObjectType::loop: {
      auto& loop = const_cast<LoopObject&>(as<LoopObject>(object));
      out += "<LoopContext " + std::to_string(loop.index0 + 1) + "/" + std::to_string(loop.count()) + ">";
      return;
    }
    case ObjectType::name_space:
      out += "<Namespace ";
      value::append_repr(out, Value::dict(as<Namespace>(object).members));
      out += '>';
      return;
    case ObjectType::type:
      (out += "<class '") += as<TypeObject>(object).name;
      out += "'>";
      return;
    case ObjectType::self: out += "<TemplateReference None>"; return;
    case ObjectType::generic_alias: return append_alias(out, as<GenericAlias>(object));
    case ObjectType::bound_method: return append_method(out, as<BoundMethod>(object));
    case ObjectType::function: ((out += "<function ") += as<FunctionObject>(object).name) += in_memory; return;
    case ObjectType::generator: {
      const auto& generator = as<Generator>(object);
      if (generator.function.empty()) break;
      ((out += "<generator object ") += generator.function) += in_memory;
      return;
    }
    default: break;
  }
  (((out += '<') += module_of(type_of(object))) += type_name(object)) += " object";
  out += in_memory;
}

void append_str(std::string& out, const Object& object) {
  switch (type_of(object)) {
    case ObjectType::datetime: out += clock::to_text(as<DateTimeObject>(object).when); return;
    case ObjectType::date: out += clock::to_text(as<DateObject>(object).when).substr(0, date_length); return;
    case ObjectType::time_of_day: out += clock::to_text(as<TimeObject>(object).when).substr(date_length + 1); return;
    case ObjectType::timedelta: out += clock::to_text(as<TimeDeltaObject>(object).span); return;
    case ObjectType::timezone: out += as<TimezoneObject>(object).zone; return;
    default: append_repr(out, object);
  }
}

std::int64_t day_of(const Object& date) {
  const clock::DateTime& when = as<DateObject>(date).when;
  return clock::days_from_civil(when.year, when.month, when.day);
}

std::int64_t time_of(const Object& time) {
  const clock::DateTime when = on_first_day(as<TimeObject>(time).when);
  return clock::wall_micros(when) - when.offset.value_or(0) * std::int64_t{1'000'000};
}

bool equal(const Object& a, const Object& b) {
  if (&a == &b) return true;
  if (a.type != b.type) return false;
  switch (type_of(a)) {
    case ObjectType::datetime: return clock::equal(as<DateTimeObject>(a).when, as<DateTimeObject>(b).when);
    case ObjectType::date: return day_of(a) == day_of(b);
    case ObjectType::time_of_day: return time_of(a) == time_of(b);
    case ObjectType::timedelta: return as<TimeDeltaObject>(a).span == as<TimeDeltaObject>(b).span;
    case ObjectType::timezone: return as<TimezoneObject>(a).offset == as<TimezoneObject>(b).offset;
    case ObjectType::bytes: return as<BytesObject>(a).bytes == as<BytesObject>(b).bytes;
    case ObjectType::dict_view: return equal_views(as<DictView>(a), as<DictView>(b));
    case ObjectType::bound_method:
      return as<BoundMethod>(a).name == as<BoundMethod>(b).name &&
             as<BoundMethod>(a).self.same_as(as<BoundMethod>(b).self);
    default: return false;
  }
}

std::optional<std::partial_ordering> compare(const Object& a, const Object& b, std::string_view sign) {
  const auto is_day = [](const Object& each) {
    return type_of(each) == ObjectType::date || type_of(each) == ObjectType::datetime;
  };
  if (a.type != b.type && is_day(a) && is_day(b)) value::raise_type("can't compare datetime.datetime to datetime.date");
  if (a.type != b.type) return std::nullopt;
  switch (type_of(a)) {
    case ObjectType::datetime: {
      const auto order = clock::compare(as<DateTimeObject>(a).when, as<DateTimeObject>(b).when);
      if (!order.ok()) value::raise_type(order.error().message);
      return order.value();
    }
    case ObjectType::date: return day_of(a) <=> day_of(b);
    case ObjectType::time_of_day: return time_of(a) <=> time_of(b);
    case ObjectType::timedelta: return as<TimeDeltaObject>(a).span <=> as<TimeDeltaObject>(b).span;
    case ObjectType::dict_view: return compare_views(as<DictView>(a), as<DictView>(b), sign);
    case ObjectType::bytes: return as<BytesObject>(a).bytes.compare(as<BytesObject>(b).bytes) <=> 0;
    default: return std::nullopt;
  }
}

std::optional<std::uint64_t> hash(const Object& object) {
  switch (type_of(object)) {
    case ObjectType::datetime: {
      const clock::DateTime& when = as<DateTimeObject>(object).when;
      return static_cast<std::uint64_t>(clock::wall_micros(when) - when.offset.value_or(0) * std::int64_t{1'000'000});
    }
    case ObjectType::timedelta: {
      const clock::TimeDelta& span = as<TimeDeltaObject>(object).span;
      return (static_cast<std::uint64_t>(span.days) * 86'400 + static_cast<std::uint64_t>(span.seconds)) * 1'000'003 ^
             static_cast<std::uint64_t>(span.microseconds);
    }
    case ObjectType::date: return static_cast<std::uint64_t>(day_of(object));
    case ObjectType::time_of_day: return static_cast<std::uint64_t>(time_of(object));
    case ObjectType::timezone: return static_cast<std::uint64_t>(as<TimezoneObject>(object).offset);
    case ObjectType::bytes: return value::hash_of_text(as<BytesObject>(object).bytes);
    case ObjectType::bound_method: return static_cast<std::uint64_t>(as<BoundMethod>(object).name);
    case ObjectType::dict_view:
      if (as<DictView>(object).part != DictView::Part::values) return std::nullopt;
      [[fallthrough]];
    default: return reinterpret_cast<std::uintptr_t>(&object);
  }
}

bool truth(const Object& object) {
  switch (type_of(object)) {
    case ObjectType::timedelta: return static_cast<bool>(as<TimeDeltaObject>(object).span);
    case ObjectType::dict_view: return as<DictView>(object).dict->size != 0;
    case ObjectType::bytes: return !as<BytesObject>(object).bytes.empty();
    case ObjectType::loop: return const_cast<LoopObject&>(as<LoopObject>(object)).count() != 0;
    default: return true;
  }
}

}  // namespace

void register_object_rules() {
  static const bool registered = [] {
    value::set_object_rules(
        {equal, compare, hash, truth, type_name, append_str, append_repr, named_tuple_name, append_named_tuple_repr});
    return true;
  }();
  static_cast<void>(registered);
}

std::string described_type(Value v) {
  if (v.is_none()) return "None";
  std::string out;
  if (v.is(value::Kind::object)) out += module_of(type_of(*v.as_object()));
  if (v.is_string() && v.is_markup()) out += "markupsafe.";
  if (value::type_name(v) == "_GroupTuple") out += "jinja2.filters.";
  if (v.is_undefined()) out += "jinja2.runtime.";
  return (out += value::type_name(v)) += " object";
}

}  // namespace tocsin::jinja
