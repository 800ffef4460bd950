#include "jinja/json_safe.hpp"

#include <string>

#include "value/json.hpp"

namespace tocsin::jinja {

value::Value json_safe(value::Arena& arena, value::Value from) {
  if (from.is_string()) {
    const std::string quoted = value::to_json(from);
    return value::Value::copied(arena, std::string_view(quoted).substr(1, quoted.size() - 2));
  }
  if (from.is_list()) {
    value::List* list = value::new_list(arena, from.as_list()->size);
    for (const value::Value item : *from.as_list()) value::append(arena, *list, json_safe(arena, item));
    return value::Value::list(list);
  }
  if (from.is_dict()) {
    value::Dict* dict = value::new_dict(arena, from.as_dict()->size);
    for (const value::Entry& entry : *from.as_dict())
      value::set(arena, *dict, entry.key, json_safe(arena, entry.value));
    return value::Value::dict(dict, value::Value::quote_safe);
  }
  return from;
}

}  // namespace tocsin::jinja
