#include "jinja/text_format.hpp"

#include <algorithm>

#include "jinja/library.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_format.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

[[noreturn]] void fail_key(std::string_view name) {
  value::raise(value::PythonErrorKind::key, value::to_repr(Value::text(name)));
}

/// The fields' rules of an evaluation; where first names come from is the caller's.
value::FieldSource source_of(Evaluation& evaluation, Value self) {
  value::FieldSource source;
  source.attribute = [&evaluation](Value object, std::string_view name) {
    return evaluation.attribute(object, evaluation.text(name));
  };
  source.item = [&evaluation](Value object, Value key) {
    if (key.is_string()) key = evaluation.text(key.as_text());
    return evaluation.item(object, key);
  };
  source.text = [&evaluation](std::string_view text) { return evaluation.text(text); };
  const bool escapes = self.is_markup();
  source.format = [&evaluation, escapes](std::string& out, Value v, std::string_view spec) {
    evaluation.charge(1);
    if (!escapes) return append_formatted_value(evaluation, out, v, spec);
    if (v.is_string() && v.is_markup()) {
      if (!spec.empty()) value::raise_value("Unsupported format specification for Markup.");
      out += v.as_text();
      return;
    }
    std::string text;
    append_formatted_value(evaluation, text, v, spec);
    value::append_escaped(out, text);
  };
  return source;
}

Value filled(Evaluation& evaluation, Value self, const value::FieldSource& source) {
  std::string out;
  charge_bytes(evaluation, self.as_text().size());
  value::append_str_format(out, self.as_text(), source);
  charge_bytes(evaluation, out.size());
  return like(evaluation, out, self);
}

}  // namespace

Value formatted(Evaluation& evaluation, Value self, const Arguments& arguments) {
  value::FieldSource source = source_of(evaluation, self);
  source.named = [&](std::string_view name) {
    for (const auto& [key, item] : arguments.named) {
      if (key == name) return item;
    }
    fail_key(name);
  };
  source.numbered = [&](std::int64_t number) {
    if (number < static_cast<std::int64_t>(arguments.positional.size())) {
      return arguments.positional[static_cast<std::size_t>(number)];
    }
    value::raise(value::PythonErrorKind::index, "tuple index out of range");
  };
  return filled(evaluation, self, source);
}

Value formatted_by(Evaluation& evaluation, Value self, Value mapping) {
  value::FieldSource source = source_of(evaluation, self);
  source.named = [&](std::string_view name) {
    if (mapping.is_undefined()) evaluation.fail_undefined(mapping);
    if (!mapping.is_dict()) {
      if (mapping.is_sequence())
        value::raise_type(std::string(value::type_name(mapping)) + " indices must be integers or slices, not str");
      value::raise_type("'" + std::string(value::type_name(mapping)) + "' object is not subscriptable");
    }
    if (const value::Entry* entry = value::find(*mapping.as_dict(), name)) return entry->value;
    fail_key(name);
  };
  source.numbered = [](std::int64_t) -> Value {
    value::raise(value::PythonErrorKind::index, "tuple index out of range");
  };
  return filled(evaluation, self, source);
}

void append_formatted_value(Evaluation& evaluation, std::string& out, Value v, std::string_view spec) {
  const bool date = object_of<DateTimeObject>(v) != nullptr || object_of<DateObject>(v) != nullptr ||
                    object_of<TimeObject>(v) != nullptr;
  if (!date || spec.empty()) return value::append_formatted(out, v, spec);
  const Value format[] = {evaluation.text(spec)};
  out += call_method(evaluation, v, MethodName::strftime, format).as_text();
}

}  // namespace tocsin::jinja
