// Tuples that are classes of their own in Python: their parts have names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "jinja/names.hpp"
#include "value/python_compare.hpp"

namespace tocsin::jinja {

using value::Value;

enum class TupleClass : std::uint32_t {
  group,     ///< groupby's pairs, with `grouper` and `list`
  time,      ///< time.struct_time
  iso_week,  ///< datetime.IsoCalendarDate
};

Value named_tuple(value::Arena& arena, TupleClass tuple_class, std::span<const Value> parts);
/// The part of that name; false when there is none.
bool named_part(const value::List& tuple, MethodName name, Value& out);
/// `time.struct_time`, as Python's errors name the class.
std::string_view named_tuple_name(const value::List& tuple);
void append_named_tuple_repr(std::string& out, const value::List& tuple);

}  // namespace tocsin::jinja
