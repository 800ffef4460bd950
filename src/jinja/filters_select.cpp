// Filters that apply attributes, filters and tests to the items of a sequence.
#include <optional>

#include "jinja/attribute_getter.hpp"
#include "jinja/library.hpp"
#include "jinja/machine_objects.hpp"
#include "jinja/stage.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

/// The arguments of a lazy filter, kept in the arena until its items are asked for.
Arguments kept(Evaluation& evaluation, const Arguments& arguments) {
  auto* positional = evaluation.arena().make_array<Value>(arguments.positional.size());
  std::copy(arguments.positional.begin(), arguments.positional.end(), positional);
  auto* named = evaluation.arena().make_array<Keyword>(arguments.named.size());
  std::copy(arguments.named.begin(), arguments.named.end(), named);
  return {{positional, arguments.positional.size()}, {named, arguments.named.size()}};
}

/// The name of a filter or test, which may be anything that was passed.
std::string_view callable_name(Evaluation& evaluation, Value name, std::string_view kind) {
  if (name.is_string()) return name.as_text();
  std::string message = "No " + std::string(kind) + " named " + value::to_repr(name) + ".";
  if (name.is_undefined()) {
    try {
      evaluation.fail_undefined(name);
    } catch (const Failure& failure) {
      message += " (" + failure.message + "; did you forget to quote the callable name?)";
    }
  } else if (!value::is_hashable(name)) {
    value::raise_unhashable(name);
  }
  fail(ErrorKind::runtime, std::move(message));
}

struct MapStage : Stage {
  Arguments arguments;
  AttributeGetter getter;
  bool by_attribute;

  bool start(Evaluation& evaluation) {
    if (!value::is_true(source)) return false;
    by_attribute = arguments.positional.empty() && has_attribute();
    if (by_attribute) {
      read_attribute(evaluation);
    } else if (arguments.positional.empty()) {
      fail(ErrorKind::runtime, "map requires a filter argument");
    }
    cursor = evaluation.iterate(source);
    return true;
  }

  bool produce(Evaluation& evaluation, Value& out) {
    Value item;
    if (!cursor.next(item)) return false;
    if (by_attribute) {
      out = getter(evaluation, item);
      return true;
    }
    const Arguments rest{arguments.positional.subspan(1), arguments.named};
    out = evaluation.filter(callable_name(evaluation, arguments.positional[0], "filter"), item, rest);
    return true;
  }

 private:
  bool has_attribute() const {
    return std::any_of(arguments.named.begin(), arguments.named.end(),
                       [](const Keyword& each) { return each.first == "attribute"; });
  }

  void read_attribute(Evaluation& evaluation) {
    Value attribute;
    Value fallback;
    for (const auto& [name, item] : arguments.named) {
      if (name == "attribute") {
        attribute = item;
      } else if (name == "default") {
        fallback = item;
      } else {
        fail(ErrorKind::runtime, "Unexpected keyword argument " + value::to_repr(Value::text(name)));
      }
    }
    getter = AttributeGetter::of(evaluation, attribute);
    getter.fallback = fallback;
  }
};

Value map(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  auto* stage = new_stage<MapStage>(evaluation, subject);
  stage->function = "sync_do_map";
  stage->arguments = kept(evaluation, arguments);
  return Value::object(stage);
}

enum class Keep : std::uint8_t { passing, failing };
enum class Look : std::uint8_t { item, attribute };

struct SelectStage : Stage {
  Arguments arguments;
  AttributeGetter getter;
  Keep keep;
  Look look;

  bool start(Evaluation& evaluation) {
    if (!value::is_true(source)) return false;
    if (look == Look::attribute) {
      if (arguments.positional.empty()) fail(ErrorKind::runtime, "Missing parameter for attribute name");
      getter = AttributeGetter::of(evaluation, arguments.positional[0]);
      arguments.positional = arguments.positional.subspan(1);
    }
    cursor = evaluation.iterate(source);
    return true;
  }

  bool produce(Evaluation& evaluation, Value& out) {
    while (cursor.next(out)) {
      evaluation.charge(1);
      const Value looked_at = look == Look::attribute ? getter(evaluation, out) : out;
      if (passes(evaluation, looked_at) == (keep == Keep::passing)) return true;
    }
    return false;
  }

 private:
  bool passes(Evaluation& evaluation, Value v) const {
    if (arguments.positional.empty()) return value::is_true(v);
    const Arguments rest{arguments.positional.subspan(1), arguments.named};
    return evaluation.test(callable_name(evaluation, arguments.positional[0], "test"), v, rest);
  }
};

template <Keep keep, Look look>
Value select(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  auto* stage = new_stage<SelectStage>(evaluation, subject);
  stage->function = "select_or_reject";
  stage->arguments = kept(evaluation, arguments);
  stage->keep = keep;
  stage->look = look;
  return Value::object(stage);
}

/// `x|attr(name)`: like `x.name`, but never the item of a dict.
Value attr(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr std::string_view parameters[] = {"environment", "obj", "name"};
  Value slots[] = {Value()};
  bind({"do_attr", parameters, 3, 2}, arguments, slots);
  if (!slots[0].is_string()) {
    value::raise_type("attribute name must be string, not '" + std::string(value::type_name(slots[0])) + "'");
  }
  if (subject.is_undefined() && slots[0].as_text().starts_with("__") &&
      !has_private_attribute(subject, slots[0].as_text())) {
    return evaluation.missing(subject, slots[0]);
  }
  if (object_of<TypeObject>(subject) != nullptr) {
    const Value found = evaluation.attribute(subject, slots[0]);
    return object_of<GenericAlias>(found) != nullptr ? evaluation.missing(subject, slots[0]) : found;
  }
  if (!subject.is_dict()) return evaluation.attribute(subject, slots[0]);
  const Value empty = Value::dict(value::new_dict(evaluation.arena()));
  const Value found = evaluation.attribute(empty, slots[0]);
  return found.is_undefined() ? found : evaluation.attribute(subject, slots[0]);
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::attr, attr},
    {FilterName::map, map},
    {FilterName::reject, select<Keep::failing, Look::item>},
    {FilterName::rejectattr, select<Keep::failing, Look::attribute>},
    {FilterName::select, select<Keep::passing, Look::item>},
    {FilterName::selectattr, select<Keep::passing, Look::attribute>},
};

}  // namespace

FilterTable select_filters() {
  return table;
}

}  // namespace tocsin::jinja
