#include "jinja/library.hpp"

#include <array>

#include "jinja/draft.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

template <class Name>
constexpr std::size_t slot(Name name) {
  return static_cast<std::size_t>(name);
}

using FilterArray = std::array<Filter, slot(FilterName::count_)>;

FilterArray all_filters() {
  FilterArray filters{};
  for (const FilterTable table : {text_filters(), html_filters(), number_filters(), sequence_filters(), order_filters(),
                                  select_filters(), alert_filters(), date_filters()}) {
    for (const auto& [name, run] : table) filters[slot(name)] = run;
  }
  return filters;
}

std::string given(std::size_t count) {
  return "(" + std::to_string(count) + " given)";
}

}  // namespace

Filter filter_function(FilterName name) {
  static const FilterArray filters = all_filters();
  return filters[slot(name)];
}

Method method_function(Value self, MethodName name) {
  switch (self.kind()) {
    case Kind::string: return text_method(self, name);
    case Kind::list:
    case Kind::tuple: return list_method(self, name);
    case Kind::dict: return dict_method(self, name);
    case Kind::boolean:
    case Kind::integer:
    case Kind::big_integer:
    case Kind::real: return number_method(self, name);
    case Kind::object: break;
    default: return nullptr;
  }
  if (object_of<DictView>(self) != nullptr) return dict_method(self, name);
  if (const auto* type = object_of<TypeObject>(self)) return type_method(*type, name);
  return object_of<BytesObject>(self) != nullptr ? bytes_method(name) : date_method(self, name);
}

void expect_subject_only(std::string_view function, const Arguments& arguments) {
  if (arguments.named.empty() && arguments.positional.empty()) return;
  const std::string name(function);
  if (!arguments.named.empty()) value::raise_type(name + "() takes no keyword arguments");
  value::raise_type(name + "() takes exactly one argument " + given(arguments.positional.size() + 1));
}

void expect_no_arguments(std::string_view method, const Arguments& arguments) {
  if (arguments.named.empty() && arguments.positional.empty()) return;
  const std::string name(method);
  if (!arguments.named.empty()) value::raise_type(name + "() takes no keyword arguments");
  value::raise_type(name + "() takes no arguments " + given(arguments.positional.size()));
}

Value one_argument(std::string_view method, const Arguments& arguments) {
  if (arguments.named.empty() && arguments.positional.size() == 1) return arguments.positional[0];
  const std::string name(method);
  if (!arguments.named.empty()) value::raise_type(name + "() takes no keyword arguments");
  value::raise_type(name + "() takes exactly one argument " + given(arguments.positional.size()));
}

std::span<const Value> positional_arguments(std::string_view method, const Arguments& arguments, std::size_t least,
                                            std::size_t most) {
  if (!arguments.named.empty()) value::raise_type(std::string(method) + "() takes no keyword arguments");
  const std::size_t count = arguments.positional.size();
  if (count < least || count > most) {
    const std::string name(method.substr(method.rfind('.') + 1));
    const std::size_t wanted = count < least ? least : most;
    const std::string bound = least == most ? "" : count < least ? "at least " : "at most ";
    value::raise_type(name + " expected " + bound + std::to_string(wanted) + " argument" + (wanted == 1 ? "" : "s") +
                      ", got " + std::to_string(count));
  }
  return arguments.positional;
}

bool has_items(Value v) {
  if (v.is_sequence() || v.is_dict() || v.is_undefined()) return true;
  return object_of<Generator>(v) != nullptr || object_of<DictView>(v) != nullptr ||
         object_of<BytesObject>(v) != nullptr ||
         (v.is(Kind::object) && v.as_object()->type == static_cast<std::uint32_t>(ObjectType::self)) ||
         (v.is(Kind::object) && v.as_object()->type == static_cast<std::uint32_t>(ObjectType::loop));
}

std::int64_t index_of(Value v) {
  if (v.is(Kind::integer)) return v.as_integer();
  return value::as_index(
      v, ("'" + std::string(value::type_name(v)) + "' object cannot be interpreted as an integer").c_str());
}

Value plain_str(Evaluation& evaluation, Value v) {
  const Value text = evaluation.str(v);
  return Value::text(text.as_text(), text.flags() & Value::ascii);
}

Value like(Evaluation& evaluation, std::string_view text, Value other) {
  return other.is_markup() ? evaluation.markup(text) : evaluation.text(text);
}

Value joined(Evaluation& evaluation, Value separator, std::span<const Value> items) {
  Draft draft(evaluation);
  std::string& out = draft.text();
  bool first = true;
  for (const Value item : items) {
    if (!first) {
      out += separator.as_text();
      charge_bytes(evaluation, separator.as_text().size());
    }
    first = false;
    const Value text = separator.is_markup() ? evaluation.escape(item) : item;
    out += text.as_text();
    charge_bytes(evaluation, text.as_text().size());
  }
  return like(evaluation, draft.made(), separator);
}

void fail_attribute(Evaluation& evaluation, Value of, std::string_view name) {
  if (of.is_undefined()) evaluation.fail_undefined(of);
  if (const auto* type = object_of<TypeObject>(of)) {
    if (const Method method = method_function(of, method_of(name))) method(evaluation, of, {});  // lacks its self
    const std::string_view class_name = type->name.substr(type->name.rfind('.') + 1);
    value::raise(value::PythonErrorKind::attribute,
                 "type object '" + std::string(class_name) + "' has no attribute '" + std::string(name) + "'");
  }
  if (object_of<Cycler>(of) != nullptr && name == "items") value::raise_type("'tuple' object is not callable");
  if (object_of<Namespace>(of) != nullptr) value::raise(value::PythonErrorKind::attribute, std::string(name));
  const std::string_view type_name = value::type_name(of) == "method" ? "function" : value::type_name(of);
  value::raise(value::PythonErrorKind::attribute,
               "'" + std::string(type_name) + "' object has no attribute '" + std::string(name) + "'");
}

Value call_method(Evaluation& evaluation, Value self, MethodName name, std::span<const Value> arguments) {
  const Method method = self.is_undefined() ? nullptr : method_function(self, name);
  if (method == nullptr) fail_attribute(evaluation, self, text_of(name));
  return method(evaluation, self, Arguments{arguments, {}});
}

}  // namespace tocsin::jinja
