#include "jinja/named_tuples.hpp"

#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

constexpr MethodName group_parts[] = {MethodName::grouper, MethodName::list};
constexpr MethodName week_parts[] = {MethodName::year, MethodName::week, MethodName::weekday};
constexpr MethodName time_parts[] = {MethodName::tm_year, MethodName::tm_mon,  MethodName::tm_mday,
                                     MethodName::tm_hour, MethodName::tm_min,  MethodName::tm_sec,
                                     MethodName::tm_wday, MethodName::tm_yday, MethodName::tm_isdst};

struct Class {
  std::string_view name;
  std::span<const MethodName> parts;
};

Class class_of(const value::List& tuple) {
  switch (static_cast<TupleClass>(tuple.capacity - value::named_tuples)) {
    case TupleClass::group: return {"_GroupTuple", group_parts};
    case TupleClass::time: return {"time.struct_time", time_parts};
    case TupleClass::iso_week: return {"datetime.IsoCalendarDate", week_parts};
  }
  return {"tuple", {}};
}

}  // namespace

Value named_tuple(value::Arena& arena, TupleClass tuple_class, std::span<const Value> parts) {
  value::List* list = value::new_list(arena, static_cast<std::uint32_t>(parts.size()));
  for (const Value part : parts) value::append(arena, *list, part);
  list->capacity = value::named_tuples + static_cast<std::uint32_t>(tuple_class);
  return Value::tuple(list);
}

bool named_part(const value::List& tuple, MethodName name, Value& out) {
  const auto parts = class_of(tuple).parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == name) return out = tuple.items[i], true;
  }
  if (parts.data() != time_parts) return false;
  switch (name) {
    case MethodName::tm_zone:
    case MethodName::tm_gmtoff: out = Value::none(); return true;
    case MethodName::n_fields: out = Value::integer(11); return true;
    case MethodName::n_sequence_fields: out = Value::integer(9); return true;
    case MethodName::n_unnamed_fields: out = Value::integer(0); return true;
    default: return false;
  }
}

std::string_view named_tuple_name(const value::List& tuple) {
  return class_of(tuple).name;
}

void append_named_tuple_repr(std::string& out, const value::List& tuple) {
  const auto [name, parts] = class_of(tuple);
  const bool shows_names = parts.data() != group_parts;
  if (shows_names) out += name;
  out += '(';
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += ", ";
    if (shows_names) (out += text_of(parts[i])) += '=';
    value::append_repr(out, tuple.items[i]);
  }
  out += ')';
}

}  // namespace tocsin::jinja
