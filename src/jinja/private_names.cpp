// Attributes of Python 3.11's objects that start with an underscore: the sandbox refuses them, while a dict item of
// such a name that the object does not have is found.
#include <algorithm>

#include "jinja/machine.hpp"
#include "jinja/named_tuples.hpp"
#include "value/python_compare.hpp"
#include "value/value.hpp"

namespace tocsin::jinja {
namespace {

using value::Kind;

#include "jinja/private_names.inc"

bool listed(std::string_view list, std::string_view name) {
  for (std::size_t at = list.find(name); at != list.npos; at = list.find(name, at + 1)) {
    if (list[at - 1] == ' ' && list[at + name.size()] == ' ') return true;
  }
  return false;
}

std::string_view names_of_view(const DictView& view) {
  switch (view.part) {
    case DictView::Part::keys: return of_keys;
    case DictView::Part::values: return of_values;
    case DictView::Part::items: return of_items;
  }
  return of_keys;
}

std::string_view names_of_tuple(Value tuple) {
  if (!value::is_named_tuple(tuple)) return of_tuple;
  const std::string_view name = named_tuple_name(*tuple.as_list());
  return name == "_GroupTuple" ? of_group : name == "time.struct_time" ? of_time_tuple : of_iso_week;
}

std::string_view names_of_method(const value::Object& object) {
  const std::string_view type = value::type_name(Value::object(const_cast<value::Object*>(&object)));
  return type == "function" ? of_function : type == "method" ? of_method : of_builtin;
}

std::string_view names_of(const value::Object& object) {
  switch (static_cast<ObjectType>(object.type)) {
    case ObjectType::function: return of_function;
    case ObjectType::bound_method: return names_of_method(object);
    case ObjectType::type: return static_cast<const TypeObject&>(object).name == "dict" ? of_dict_class : of_class;
    case ObjectType::generic_alias: return of_alias;
    case ObjectType::macro: return of_macro;
    case ObjectType::loop: return of_loop;
    case ObjectType::cycler: return of_cycler;
    case ObjectType::joiner: return of_joiner;
    case ObjectType::self: return of_self;
    case ObjectType::block: return of_block;
    case ObjectType::generator:
      return static_cast<const Generator&>(object).function.empty() ? of_reverse_iterator : of_generator;
    case ObjectType::dict_view: return names_of_view(static_cast<const DictView&>(object));
    case ObjectType::datetime: return of_datetime;
    case ObjectType::date: return of_date;
    case ObjectType::time_of_day: return of_time;
    case ObjectType::timedelta: return of_timedelta;
    case ObjectType::timezone: return of_timezone;
    case ObjectType::bytes: return of_bytes;
    case ObjectType::name_space: break;
  }
  return " ";
}

}  // namespace

bool has_private_attribute(Value of, std::string_view name) {
  if (name.find(' ') != name.npos) return false;
  if (auto* space = object_of<Namespace>(of)) {
    return name == "__class__" || name == "_Namespace__attrs" || value::find(*space->members, name) != nullptr;
  }
  if (listed(of_any, name)) return true;
  switch (of.kind()) {
    case Kind::undefined: return listed(of_undefined, name);
    case Kind::none: return listed(of_none, name);
    case Kind::boolean:
    case Kind::integer:
    case Kind::big_integer: return listed(of_integer, name);
    case Kind::real: return listed(of_real, name);
    case Kind::string: return listed(of.is_markup() ? of_markup : of_text, name);
    case Kind::list: return listed(of_list, name);
    case Kind::tuple: return listed(names_of_tuple(of), name);
    case Kind::dict: return listed(of_dict, name);
    case Kind::object: return listed(names_of(*of.as_object()), name);
  }
  return false;
}

}  // namespace tocsin::jinja
