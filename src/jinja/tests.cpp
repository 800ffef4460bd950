// The tests of Jinja2: `x is odd`.
#include <array>

#include "jinja/library.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_format.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

/// A test that looks at its subject alone.
template <TestName name, bool (*look)(Value)>
bool simple(Evaluation&, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  if (arguments.positional.empty() && arguments.named.empty()) return look(subject);
  bind({"test_" + std::string(text_of(name)), parameters, 1}, arguments, {});
  return false;
}

bool is_defined(Value v) {
  return !v.is_undefined();
}
bool is_undefined(Value v) {
  return v.is_undefined();
}
bool is_none(Value v) {
  return v.is_none();
}
bool is_boolean(Value v) {
  return v.is(Kind::boolean);
}
bool is_false(Value v) {
  return v.is(Kind::boolean) && !v.as_boolean();
}
bool is_true(Value v) {
  return v.is(Kind::boolean) && v.as_boolean();
}
bool is_integer(Value v) {
  return v.is(Kind::integer) || v.is(Kind::big_integer);
}
bool is_float(Value v) {
  return v.is(Kind::real);
}
bool is_string(Value v) {
  return v.is_string();
}
bool is_mapping(Value v) {
  return v.is_dict();
}
bool is_number(Value v) {
  return value::is_number(v);
}
bool is_escaped(Value v) {
  return v.is_string() && v.is_markup();
}
bool is_iterable(Value v) {
  return v.is_string() || has_items(v);
}
bool is_sequence(Value v) {
  return v.is_string() || v.is_sequence() || v.is_dict() || v.is_undefined() || object_of<BytesObject>(v) != nullptr;
}

bool callable(Evaluation&, Value subject, const Arguments& arguments) {
  expect_subject_only("callable", arguments);
  if (subject.is_undefined()) return true;
  if (!subject.is(Kind::object)) return false;
  switch (static_cast<ObjectType>(subject.as_object()->type)) {
    case ObjectType::function:
    case ObjectType::bound_method:
    case ObjectType::type:
    case ObjectType::macro:
    case ObjectType::loop:
    case ObjectType::joiner:
    case ObjectType::block: return true;
    default: return false;
  }
}

/// `v % divisor == rest`.
bool leaves(Evaluation& evaluation, Value v, Value divisor, std::int64_t rest) {
  if (v.is_undefined()) evaluation.fail_undefined(v);
  if (!v.is_string() && divisor.is_undefined()) evaluation.fail_undefined(divisor);
  const Value result = v.is_string() ? value::percent_format(evaluation.arena(), v, divisor)
                                     : value::modulo(evaluation.arena(), v, divisor);
  return value::equal(result, Value::integer(rest));
}

template <int rest>
bool parity(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({rest == 1 ? "test_odd" : "test_even", parameters, 1}, arguments, {});
  return leaves(evaluation, subject, Value::integer(2), rest);
}

bool divisible_by(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "num"};
  Value slots[] = {Value()};
  bind({"test_divisibleby", parameters, 2}, arguments, slots);
  return leaves(evaluation, subject, slots[0], 0);
}

template <MethodName method>
bool in_case(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({method == MethodName::islower ? "test_lower" : "test_upper", parameters, 1}, arguments, {});
  return call_method(evaluation, evaluation.str(subject), method).as_boolean();
}

enum class Registry { filters, tests };

template <Registry registry>
bool is_known(Evaluation&, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"env", "value"};
  bind({registry == Registry::filters ? "test_filter" : "test_test", parameters, 2, 2}, arguments, {});
  if (!value::is_hashable(subject)) {
    value::raise_unhashable(subject);
  }
  if (!subject.is_string()) return false;
  return registry == Registry::filters ? filter_of(subject.as_text()) != FilterName::unknown
                                       : test_of(subject.as_text()) != TestName::unknown;
}

bool same_as(Evaluation&, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "other"};
  Value slots[] = {Value()};
  bind({"test_sameas", parameters, 2}, arguments, slots);
  if (subject.same_as(slots[0])) return true;
  // Python keeps one object for each text of one Latin-1 character.
  const bool both_plain = subject.is_string() && slots[0].is_string() && !subject.is_markup() && !slots[0].is_markup();
  return both_plain && subject.as_text() == slots[0].as_text() && value::length(subject) <= 1;
}

bool in(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "seq"};
  Value slots[] = {Value()};
  bind({"test_in", parameters, 2}, arguments, slots);
  return evaluation.contains(slots[0], subject);
}

constexpr Names operator_name(CompareOp op) {
  switch (op) {
    case CompareOp::equal: return "eq";
    case CompareOp::not_equal: return "ne";
    case CompareOp::less: return "lt";
    case CompareOp::less_equal: return "le";
    case CompareOp::greater: return "gt";
    case CompareOp::greater_equal: return "ge";
    default: return "";
  }
}

template <CompareOp op>
bool compares(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  const std::string name(operator_name(op));
  if (!arguments.named.empty()) value::raise_type("_operator." + name + "() takes no keyword arguments");
  if (arguments.positional.size() != 1) {
    value::raise_type(name + " expected 2 arguments, got " + std::to_string(arguments.positional.size() + 1));
  }
  return evaluation.compare(op, subject, arguments.positional[0]);
}

constexpr Entry<TestName, Test> table[] = {
    {TestName::boolean, simple<TestName::boolean, is_boolean>},
    {TestName::callable, callable},
    {TestName::defined, simple<TestName::defined, is_defined>},
    {TestName::divisibleby, divisible_by},
    {TestName::eq, compares<CompareOp::equal>},
    {TestName::equalto, compares<CompareOp::equal>},
    {TestName::escaped, simple<TestName::escaped, is_escaped>},
    {TestName::even, parity<0>},
    {TestName::false_, simple<TestName::false_, is_false>},
    {TestName::filter, is_known<Registry::filters>},
    {TestName::float_, simple<TestName::float_, is_float>},
    {TestName::ge, compares<CompareOp::greater_equal>},
    {TestName::greaterthan, compares<CompareOp::greater>},
    {TestName::gt, compares<CompareOp::greater>},
    {TestName::in, in},
    {TestName::integer, simple<TestName::integer, is_integer>},
    {TestName::iterable, simple<TestName::iterable, is_iterable>},
    {TestName::le, compares<CompareOp::less_equal>},
    {TestName::lessthan, compares<CompareOp::less>},
    {TestName::lower, in_case<MethodName::islower>},
    {TestName::lt, compares<CompareOp::less>},
    {TestName::mapping, simple<TestName::mapping, is_mapping>},
    {TestName::ne, compares<CompareOp::not_equal>},
    {TestName::none, simple<TestName::none, is_none>},
    {TestName::number, simple<TestName::number, is_number>},
    {TestName::odd, parity<1>},
    {TestName::op_equal, compares<CompareOp::equal>},
    {TestName::op_greater, compares<CompareOp::greater>},
    {TestName::op_greater_equal, compares<CompareOp::greater_equal>},
    {TestName::op_less, compares<CompareOp::less>},
    {TestName::op_less_equal, compares<CompareOp::less_equal>},
    {TestName::op_not_equal, compares<CompareOp::not_equal>},
    {TestName::sameas, same_as},
    {TestName::sequence, simple<TestName::sequence, is_sequence>},
    {TestName::string, simple<TestName::string, is_string>},
    {TestName::test, is_known<Registry::tests>},
    {TestName::true_, simple<TestName::true_, is_true>},
    {TestName::undefined, simple<TestName::undefined, is_undefined>},
    {TestName::upper, in_case<MethodName::isupper>},
};

constexpr std::size_t count = static_cast<std::size_t>(TestName::count_);

std::array<Test, count> all_tests() {
  std::array<Test, count> tests{};
  for (const auto& [name, run] : table) tests[static_cast<std::size_t>(name)] = run;
  return tests;
}

}  // namespace

Test test_function(TestName name) {
  static const std::array<Test, count> tests = all_tests();
  return tests[static_cast<std::size_t>(name)];
}

}  // namespace tocsin::jinja
