// What the engine hangs into values: functions, methods, macros, iterators, dates. They live in the evaluation's arena
// and are trivially destructible; `Object::type` says which struct it is.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "clock/civil.hpp"
#include "clock/timedelta.hpp"
#include "jinja/names.hpp"
#include "value/value.hpp"

namespace tocsin::jinja {

using value::Value;
class Evaluation;

enum class ObjectType : std::uint32_t {
  function,
  bound_method,
  type,
  macro,
  loop,
  cycler,
  joiner,
  name_space,
  self,
  block,
  generator,
  dict_view,
  datetime,
  date,
  time_of_day,
  timedelta,
  timezone,
  bytes,
  generic_alias,
};

/// The arguments of a call. What a filter or test is applied to, or a method's self, is not among them.
using Keyword = std::pair<std::string_view, Value>;
struct Arguments {
  std::span<const Value> positional = {};
  std::span<const Keyword> named = {};
};

using Filter = Value (*)(Evaluation& evaluation, Value subject, const Arguments& arguments);
using Test = bool (*)(Evaluation& evaluation, Value subject, const Arguments& arguments);
using Method = Value (*)(Evaluation& evaluation, Value self, const Arguments& arguments);
using Function = Value (*)(Evaluation& evaluation, const Arguments& arguments);

/// A global function.
struct FunctionObject : value::Object {
  static constexpr ObjectType tag = ObjectType::function;
  std::string_view name;
  Function run;
};

/// `x.upper`, not called yet.
struct BoundMethod : value::Object {
  static constexpr ObjectType tag = ObjectType::bound_method;
  Value self;
  MethodName name;
  Method run;
};

/// A class: `dict`, or the class behind a class method (`datetime`). `call` may be null.
struct TypeObject : value::Object {
  static constexpr ObjectType tag = ObjectType::type;
  std::string_view name;  ///< `dict`, `datetime.datetime`
  Function call;
};

/// `dict["x"]`: what Python makes of a class with an item.
struct GenericAlias : value::Object {
  static constexpr ObjectType tag = ObjectType::generic_alias;
  Value item;
  Function call;
};

/// A lazy sequence that can be gone through once. The library's generators derive from it.
struct Generator : value::Object {
  static constexpr ObjectType tag = ObjectType::generator;
  /// The next item into `out`; false at the end.
  bool (*advance)(Evaluation& evaluation, Generator& self, Value& out);
  std::string_view type_name = "generator";
  std::string_view function = {};  ///< what Python says that made the generator
};

/// dict.keys(), dict.values(), dict.items().
struct DictView : value::Object {
  static constexpr ObjectType tag = ObjectType::dict_view;
  enum class Part : std::uint8_t { keys, values, items };
  value::Dict* dict;
  Part part;
};

struct DateTimeObject : value::Object {
  static constexpr ObjectType tag = ObjectType::datetime;
  clock::DateTime when;
};
/// A date (`datetime.date`) or a time of day (`datetime.time`): only that part of `when` counts.
struct DateObject : value::Object {
  static constexpr ObjectType tag = ObjectType::date;
  clock::DateTime when;
};
struct TimeObject : value::Object {
  static constexpr ObjectType tag = ObjectType::time_of_day;
  clock::DateTime when;
};
struct TimeDeltaObject : value::Object {
  static constexpr ObjectType tag = ObjectType::timedelta;
  clock::TimeDelta span;
};
/// `datetime.tzinfo`: a fixed offset.
struct TimezoneObject : value::Object {
  static constexpr ObjectType tag = ObjectType::timezone;
  int offset;
  std::string_view zone;
  bool is_named;  ///< as DateTime::is_zone_named
};

/// What str.encode() gives.
struct BytesObject : value::Object {
  static constexpr ObjectType tag = ObjectType::bytes;
  std::string_view bytes;
};

/// `namespace(...)`: the one thing whose attributes a template can set.
struct Namespace : value::Object {
  static constexpr ObjectType tag = ObjectType::name_space;
  value::Dict* members;
};
struct Cycler : value::Object {
  static constexpr ObjectType tag = ObjectType::cycler;
  value::List* items;
  std::uint32_t position;
};
struct Joiner : value::Object {
  static constexpr ObjectType tag = ObjectType::joiner;
  Value separator;
  bool used;
};

/// A new object of the arena; `fields` are its members in order.
template <class T, class... Fields>
T* make_object(value::Arena& arena, Fields&&... fields) {
  return arena.make<T>(value::Object{static_cast<std::uint32_t>(T::tag)}, static_cast<Fields&&>(fields)...);
}

/// The object behind the value if it is one of that struct, else null.
template <class T>
T* object_of(Value v) {
  if (!v.is(value::Kind::object) || v.as_object()->type != static_cast<std::uint32_t>(T::tag)) return nullptr;
  return static_cast<T*>(v.as_object());
}

inline Value datetime_value(value::Arena& arena, const clock::DateTime& when) {
  return Value::object(make_object<DateTimeObject>(arena, when));
}
inline Value timedelta_value(value::Arena& arena, const clock::TimeDelta& span) {
  return Value::object(make_object<TimeDeltaObject>(arena, span));
}

}  // namespace tocsin::jinja
