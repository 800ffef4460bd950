// What the files of the library share: their tables, and small things that Python does for every filter. Inside the
// room only.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "jinja/evaluation.hpp"
#include "value/python_error.hpp"
#include "value/python_strings.hpp"

namespace tocsin::jinja {

using value::Kind;

template <class Name, class Run>
struct Entry {
  Name name;
  Run run;
};
using FilterTable = std::span<const Entry<FilterName, Filter>>;
using MethodTable = std::span<const Entry<MethodName, Method>>;

FilterTable text_filters();
FilterTable html_filters();
FilterTable number_filters();
FilterTable sequence_filters();
FilterTable order_filters();
FilterTable select_filters();
FilterTable alert_filters();
FilterTable date_filters();

// Methods by type; null where the type has none of that name.
Method text_method(Value self, MethodName name);
Method bytes_method(MethodName name);
Method list_method(Value self, MethodName name);
Method dict_method(Value self, MethodName name);
Method number_method(Value self, MethodName name);
Method date_method(Value self, MethodName name);
/// Data attributes of dates, durations and zones.
bool date_attribute(Evaluation& evaluation, Value self, MethodName name, Value& out);
/// The methods of the class datetime itself.
Method datetime_class_method(MethodName name);
Method type_method(const TypeObject& self, MethodName name);

/// Methods by the number of their name: for the types whose methods templates call all the time.
using MethodIndex = std::array<Method, static_cast<std::size_t>(MethodName::count_)>;
template <std::size_t size>
constexpr MethodIndex indexed(const Entry<MethodName, Method> (&table)[size]) {
  MethodIndex index{};
  for (const auto& [name, run] : table) index[static_cast<std::size_t>(name)] = run;
  return index;
}
inline Method method_in(const MethodIndex& index, MethodName name) {
  return index[static_cast<std::size_t>(name)];
}

/// The method of the table with that name, or null.
inline Method method_in(MethodTable table, MethodName name) {
  const auto at = std::find_if(table.begin(), table.end(), [&](const auto& each) { return each.name == name; });
  return at == table.end() ? nullptr : at->run;
}

/// Refuses the arguments of a builtin that takes none beside its subject: `abs() takes exactly one argument (2 given)`.
void expect_subject_only(std::string_view function, const Arguments& arguments);
/// The same for a method: `list.copy() takes no arguments (1 given)`.
void expect_no_arguments(std::string_view method, const Arguments& arguments);
/// The one argument of a method: `list.append() takes exactly one argument (0 given)`.
Value one_argument(std::string_view method, const Arguments& arguments);
/// The arguments of a builtin that takes from `least` to `most`, by position only.
std::span<const Value> positional_arguments(std::string_view method, const Arguments& arguments, std::size_t least,
                                            std::size_t most);

/// Can it be iterated, text aside?
bool has_items(Value v);
/// Python's __index__.
std::int64_t index_of(Value v);
/// str() of a value as an exact str: Markup loses its flag.
Value plain_str(Evaluation& evaluation, Value v);
/// The text with the Markup flag of another.
Value like(Evaluation& evaluation, std::string_view text, Value other);
/// `separator.join(items)`: of Markup it escapes what is not and gives Markup, else gives a plain str.
Value joined(Evaluation& evaluation, Value separator, std::span<const Value> items);
/// Fails as looking up an attribute that this type lacks: `'int' object has no attribute 'items'`.
[[noreturn]] void fail_attribute(Evaluation& evaluation, Value of, std::string_view name);
/// Calls a method of a value (whatever the sandbox thinks), as the filters' own Python code does.
Value call_method(Evaluation& evaluation, Value self, MethodName name, std::span<const Value> arguments = {});

/// Charges for so many bytes that are looked at or copied.
inline void charge_bytes(Evaluation& evaluation, std::size_t bytes) {
  evaluation.charge(1 + bytes / 16);
}

}  // namespace tocsin::jinja
