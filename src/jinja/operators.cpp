#include "clock/timedelta.hpp"
#include "jinja/clock_errors.hpp"
#include "jinja/machine.hpp"
#include "value/big_integer.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_format.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using value::Kind;
using value::PythonErrorKind;

Value span_value(Evaluation& evaluation, base::Result<clock::TimeDelta> span) {
  return timedelta_value(evaluation.arena(), or_raise(std::move(span)));
}

/// The operation when a date takes part; false when Python has none.
bool date_operation(Evaluation& evaluation, BinaryOp op, Value a, Value b, Value& out) {
  const auto* span_a = object_of<TimeDeltaObject>(a);
  const auto* span_b = object_of<TimeDeltaObject>(b);
  const auto* date_a = object_of<DateTimeObject>(a);
  const auto* date_b = object_of<DateTimeObject>(b);
  value::Arena& arena = evaluation.arena();
  if (op == BinaryOp::add) {
    if (span_a != nullptr && span_b != nullptr)
      return out = span_value(evaluation, add(span_a->span, span_b->span)), true;
    if (date_a != nullptr && span_b != nullptr) {
      return out = datetime_value(arena, or_raise(shifted(date_a->when, span_b->span))), true;
    }
    if (span_a != nullptr && date_b != nullptr) {
      return out = datetime_value(arena, or_raise(shifted(date_b->when, span_a->span))), true;
    }
    return false;
  }
  if (op == BinaryOp::subtract) {
    if (span_a != nullptr && span_b != nullptr) {
      return out = span_value(evaluation, subtract(span_a->span, span_b->span)), true;
    }
    if (date_a != nullptr && date_b != nullptr) {
      return out = span_value(evaluation, difference(date_a->when, date_b->when)), true;
    }
    if (date_a != nullptr && span_b != nullptr) {
      const auto back = negate(span_b->span);
      if (!back) value::raise(PythonErrorKind::overflow, "date value out of range");
      return out = datetime_value(arena, or_raise(shifted(date_a->when, *back))), true;
    }
  }
  return false;
}

Value day_value(Evaluation& evaluation, const clock::DateTime& day, clock::TimeDelta by) {
  const clock::DateTime moved = or_raise(shifted(day, clock::TimeDelta{by.days, 0, 0}));
  return Value::object(make_object<DateObject>(evaluation.arena(), moved));
}

/// The same for dates without a time: of a duration only the days count.
bool day_operation(Evaluation& evaluation, BinaryOp op, Value a, Value b, Value& out) {
  const auto* day = object_of<DateObject>(a);
  const auto* other = object_of<DateObject>(b);
  const auto* span = object_of<TimeDeltaObject>(day == nullptr ? a : b);
  if (op == BinaryOp::add && span != nullptr && (day != nullptr || other != nullptr)) {
    out = day_value(evaluation, day != nullptr ? day->when : other->when, span->span);
    return true;
  }
  if (op != BinaryOp::subtract || day == nullptr) return false;
  if (other != nullptr) {
    out = span_value(evaluation, difference(day->when, other->when));
  } else if (span != nullptr) {
    out = day_value(evaluation, day->when, clock::TimeDelta{-span->span.days, 0, 0});
  }
  return other != nullptr || span != nullptr;
}

Value bytes_value(Evaluation& evaluation, std::string_view bytes) {
  return Value::object(make_object<BytesObject>(evaluation.arena(), evaluation.arena().copy(bytes)));
}

/// `+` and `*` of bytes.
bool bytes_operation(Evaluation& evaluation, BinaryOp op, Value a, Value b, Value& out) {
  const auto* left = object_of<BytesObject>(a);
  const auto* right = object_of<BytesObject>(b);
  if (op == BinaryOp::add && left != nullptr) {
    if (right == nullptr) value::raise_type("can't concat " + std::string(value::type_name(b)) + " to bytes");
    return out = bytes_value(evaluation, std::string(left->bytes) + std::string(right->bytes)), true;
  }
  if (op != BinaryOp::multiply || (left == nullptr && right == nullptr)) return false;
  // As text: the rules of repetition are the same.
  const std::string_view bytes = left != nullptr ? left->bytes : right->bytes;
  const Value text = Value::text(bytes, Value::ascii);
  const Value repeated =
      left != nullptr ? value::multiply(evaluation.arena(), text, b) : value::multiply(evaluation.arena(), a, text);
  return out = bytes_value(evaluation, repeated.as_text()), true;
}

bool small_integer(Value v) {
  return v.is(Kind::integer) || v.is(Kind::boolean);
}

Value scaled(Evaluation& evaluation, clock::TimeDelta span, Value factor) {
  if (!span && factor.is(Kind::big_integer)) return timedelta_value(evaluation.arena(), span);
  if (factor.is(Kind::real)) return span_value(evaluation, clock::multiply(span, factor.as_real()));
  if (!small_integer(factor)) value::raise(PythonErrorKind::overflow, "Python int too large to convert to C int");
  return span_value(evaluation, clock::multiply(span, factor.as_integer()));
}

/// `*`, `/`, `//`, `%` of a duration.
bool span_operation(Evaluation& evaluation, BinaryOp op, Value a, Value b, Value& out) {
  const auto* left = object_of<TimeDeltaObject>(a);
  const auto* right = object_of<TimeDeltaObject>(b);
  if (op == BinaryOp::multiply) {
    if (left != nullptr && value::is_number(b)) return out = scaled(evaluation, left->span, b), true;
    if (right != nullptr && value::is_number(a)) return out = scaled(evaluation, right->span, a), true;
    return false;
  }
  if (left == nullptr) return false;
  if (op == BinaryOp::divide) {
    if (right != nullptr) return out = Value::real(or_raise(clock::divide(left->span, right->span))), true;
    if (b.is(Kind::real)) return out = span_value(evaluation, clock::divide(left->span, b.as_real())), true;
    if (small_integer(b)) return out = span_value(evaluation, clock::divide(left->span, b.as_integer())), true;
    if (b.is(Kind::big_integer)) return out = timedelta_value(evaluation.arena(), {}), true;
  } else if (op == BinaryOp::floor_divide) {
    if (right != nullptr) return out = Value::integer(or_raise(clock::floor_divide(left->span, right->span))), true;
    if (small_integer(b)) return out = span_value(evaluation, clock::floor_divide(left->span, b.as_integer())), true;
    if (b.is(Kind::big_integer)) {
      // Any duration is less than that: nothing, or the microsecond below.
      const bool below = left->span && (left->span.days < 0) != b.as_big()->negative;
      return out = timedelta_value(evaluation.arena(), clock::TimeDelta::from_micros(below ? -1 : 0)), true;
    }
  } else if (op == BinaryOp::modulo && right != nullptr) {
    return out = span_value(evaluation, clock::modulo(left->span, right->span)), true;
  }
  return false;
}

}  // namespace

Value binary_operation(Evaluation& evaluation, BinaryOp op, Value a, Value b) {
  value::Arena& arena = evaluation.arena();
  if (op == BinaryOp::modulo && a.is_string()) return value::percent_format(arena, a, b);
  if (a.is_undefined()) evaluation.fail_undefined(a);
  if (b.is_undefined()) evaluation.fail_undefined(b);
  if (a.is(Kind::object) || b.is(Kind::object)) {
    Value out;
    if (date_operation(evaluation, op, a, b, out) || day_operation(evaluation, op, a, b, out) ||
        span_operation(evaluation, op, a, b, out) || bytes_operation(evaluation, op, a, b, out)) {
      return out;
    }
  }
  switch (op) {
    case BinaryOp::add: return value::add(arena, a, b);
    case BinaryOp::subtract: return value::subtract(arena, a, b);
    case BinaryOp::multiply: return value::multiply(arena, a, b);
    case BinaryOp::divide: return value::true_divide(arena, a, b);
    case BinaryOp::floor_divide: return value::floor_divide(arena, a, b);
    case BinaryOp::modulo: return value::modulo(arena, a, b);
    case BinaryOp::power: return value::power(arena, a, b);
  }
  return Value::none();
}

Value negated(Evaluation& evaluation, Value v) {
  if (v.is_undefined()) evaluation.fail_undefined(v);
  if (auto* span = object_of<TimeDeltaObject>(v)) return span_value(evaluation, negate(span->span));
  return value::negate(evaluation.arena(), v);
}

Value positive(Evaluation& evaluation, Value v) {
  if (v.is_undefined()) evaluation.fail_undefined(v);
  if (object_of<TimeDeltaObject>(v) != nullptr) return v;
  return value::plus(v);
}

Value Evaluation::add(Value a, Value b) {
  return binary_operation(*this, BinaryOp::add, a, b);
}

bool Evaluation::less(Value a, Value b) {
  return compare(CompareOp::less, a, b);
}

namespace {

/// Two values to be ordered, and how deep in containers they are.
struct Ordering {
  Value a;
  Value b;
  int depth;
};

bool ordered(Evaluation& evaluation, CompareOp op, const Ordering& pair);

/// Sequences are ordered by their first items that differ, else by length.
bool sequences_ordered(Evaluation& evaluation, CompareOp op, const Ordering& pair) {
  constexpr int depth_limit = 200;
  if (pair.depth > depth_limit) {
    value::raise(value::PythonErrorKind::recursion, "maximum recursion depth exceeded in comparison");
  }
  const value::List& x = *pair.a.as_list();
  const value::List& y = *pair.b.as_list();
  for (std::uint32_t i = 0; i < x.size && i < y.size; ++i) {
    evaluation.charge(1);
    if (x.items[i].same_as(y.items[i]) || value::equal(x.items[i], y.items[i])) continue;
    return ordered(evaluation, op, {x.items[i], y.items[i], pair.depth + 1});
  }
  return ordered(evaluation, op, {Value::integer(x.size), Value::integer(y.size), 0});
}

bool ordered(Evaluation& evaluation, CompareOp op, const Ordering& pair) {
  if (pair.a.is_undefined()) evaluation.fail_undefined(pair.a);
  if (pair.b.is_undefined()) evaluation.fail_undefined(pair.b);
  if (pair.a.is_sequence() && pair.a.kind() == pair.b.kind()) return sequences_ordered(evaluation, op, pair);
  constexpr const char* signs[] = {"<", "<=", ">", ">="};
  const int order = value::order(pair.a, pair.b, signs[static_cast<int>(op) - static_cast<int>(CompareOp::less)]);
  if (order == 2) return false;
  switch (op) {
    case CompareOp::less: return order < 0;
    case CompareOp::less_equal: return order <= 0;
    case CompareOp::greater: return order > 0;
    default: return order >= 0;
  }
}

}  // namespace

bool Evaluation::compare(CompareOp op, Value a, Value b) {
  switch (op) {
    case CompareOp::equal: return value::equal(a, b);
    case CompareOp::not_equal: return !value::equal(a, b);
    case CompareOp::in: return contains(b, a);
    case CompareOp::not_in: return !contains(b, a);
    default: break;
  }
  return ordered(*this, op, {a, b, 0});
}

bool Evaluation::contains(Value container, Value item) {
  if (container.is_undefined()) {
    iterate(container);
    return false;
  }
  if (!container.is(Kind::object)) return value::contains(container, item);
  if (auto* view = object_of<DictView>(container); view != nullptr && view->part == DictView::Part::keys) {
    return value::contains(Value::dict(view->dict), item);
  }
  if (auto* space = object_of<Namespace>(container); space != nullptr || !is_iterable(container)) {
    value::raise_type("argument of type '" + std::string(value::type_name(container)) + "' is not iterable");
  }
  if (auto* bytes = object_of<BytesObject>(container)) {
    if (auto* part = object_of<BytesObject>(item)) return bytes->bytes.find(part->bytes) != std::string_view::npos;
    if (!value::is_integer(item)) {
      value::raise_type("a bytes-like object is required, not '" + std::string(value::type_name(item)) + "'");
    }
  }
  Cursor cursor = iterate(container);
  for (Value each; cursor.next(each);) {
    charge(1);
    if (value::equal(each, item)) return true;
  }
  return false;
}

}  // namespace tocsin::jinja
