// Attributes and items, with the sandbox's rules.
#include "jinja/machine.hpp"
#include "jinja/undefined.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using value::Kind;

/// `type(of).__name__`.
std::string_view class_name(Value of) {
  const std::string_view name = value::type_name(of);
  return name.substr(name.rfind('.') + 1);
}

Value unsafe_attribute(Evaluation& evaluation, Value of, std::string_view name) {
  const std::string message = "access to attribute " + value::to_repr(Value::text(name)) + " of '" +
                              std::string(class_name(of)) + "' object is unsafe.";
  return undefined_value(evaluation.arena(), {Missing::Form::unsafe, evaluation.text(message), {}});
}

/// Python's getattr; false where it raises AttributeError.
bool python_attribute(Machine& machine, Value of, std::string_view name, MethodName method, Value& out) {
  if (name.starts_with('_')) {
    if (!has_private_attribute(of, name)) return false;
    out = unsafe_attribute(machine, of, name);
    return true;
  }
  if (method != MethodName::unknown) {
    if (const Method run = method_function(of, method)) {
      out = Value::object(make_object<BoundMethod>(machine.arena(), of, method, run));
      return true;
    }
    if (data_attribute(machine, of, method, out)) return true;
  }
  return of.is(Kind::object) && object_attribute(machine, of, name, method, out);
}

/// Python's `of[key]`; false where it raises TypeError or LookupError.
bool python_item(Machine& machine, Value of, Value key, Value& out) {
  switch (of.kind()) {
    case Kind::dict: {
      const value::Entry* entry = key.is_string()           ? value::find(*of.as_dict(), key.as_text())
                                  : value::is_hashable(key) ? value::find(*of.as_dict(), key)
                                                            : nullptr;
      if (entry == nullptr) return false;
      out = entry->value;
      return true;
    }
    case Kind::list:
    case Kind::tuple:
    case Kind::string:
      if (!key.is(Kind::integer) && !key.is(Kind::boolean)) return false;
      return value::item_at(of, key.as_integer(), out);
    case Kind::object: break;
    default: return false;
  }
  if (auto* self = object_of<SelfObject>(of); self != nullptr && key.is_string()) {
    out = machine.block_named(*self, key.as_text());
    return !out.is_none();
  }
  if (auto* type = object_of<TypeObject>(of); type != nullptr && type->name == "dict") {
    out = Value::object(make_object<GenericAlias>(machine.arena(), key, type->call));
    return true;
  }
  if (auto* bytes = object_of<BytesObject>(of); bytes != nullptr && key.is(Kind::integer)) {
    const auto size = static_cast<std::int64_t>(bytes->bytes.size());
    const std::int64_t index = key.as_integer() < 0 ? key.as_integer() + size : key.as_integer();
    if (index < 0 || index >= size) return false;
    out = Value::integer(static_cast<unsigned char>(bytes->bytes[static_cast<std::size_t>(index)]));
    return true;
  }
  return false;
}

}  // namespace

Value Machine::attribute_of(Value of, Value name, MethodName method) {
  const std::string_view text = name.as_text();
  if (of.is_undefined()) {
    if (!text.starts_with('_') || !has_private_attribute(of, text)) fail_undefined(of);
    return unsafe_attribute(*this, of, text);
  }
  Value out;
  const bool can_have = method != MethodName::unknown || text.starts_with('_') || of.is(Kind::object);
  if (can_have && python_attribute(*this, of, text, method, out)) return out;
  if (python_item(*this, of, name, out)) return out;
  return missing(of, name);
}

Value Evaluation::item(Value of, Value key) {
  if (of.is_undefined()) fail_undefined(of);
  auto& machine = static_cast<Machine&>(*this);
  Value out;
  if (python_item(machine, of, key, out)) return out;
  if (key.is_string() && python_attribute(machine, of, key.as_text(), method_of(key.as_text()), out)) return out;
  return missing(of, key);
}

}  // namespace tocsin::jinja
