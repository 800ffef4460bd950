// Filters of sequences that keep their order: parts, lists, sums.
#include <cmath>
#include <vector>

#include "jinja/attribute_getter.hpp"
#include "jinja/library.hpp"
#include "jinja/stage.hpp"
#include "value/big_integer.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

Value default_(Evaluation&, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "default_value", "boolean"};
  Value slots[] = {Value::text(""), Value::boolean(false)};
  bind({"do_default", parameters, 1}, arguments, slots);
  const bool replaced = subject.is_undefined() || (value::is_true(slots[1]) && !value::is_true(subject));
  return replaced ? slots[0] : subject;
}

Value length(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_subject_only("len", arguments);
  return Value::integer(evaluation.length(subject));
}

Value list(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"sync_do_list", parameters, 1}, arguments, {});
  return Value::list(evaluation.to_list(subject));
}

Value first(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment", "seq"};
  bind({"sync_do_first", parameters, 2, 2}, arguments, {});
  Value out;
  Cursor cursor = evaluation.iterate(subject);
  return cursor.next(out) ? out : evaluation.undefined("No first item, sequence was empty.");
}

Value last(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment", "seq"};
  bind({"do_last", parameters, 2, 2}, arguments, {});
  if (reversed_name(subject).empty()) {
    value::raise_type("'" + std::string(value::type_name(subject)) + "' object is not reversible");
  }
  Value out;
  Cursor cursor = evaluation.iterate(reversed(evaluation, subject));
  if (!cursor.next(out)) return evaluation.undefined("No last item, sequence was empty.");
  // From its end a text is indexed, and what Markup gives then is Markup.
  return subject.is_string() && subject.is_markup() ? Value::text(out.as_text(), out.flags() | Value::markup) : out;
}

/// A number that differs from call to call but not from run to run.
std::uint64_t draw(Evaluation& evaluation) {
  static thread_local std::uint64_t calls = 0;
  std::uint64_t state = static_cast<std::uint64_t>(evaluation.now().micros()) + 0x9E3779B97F4A7C15u * ++calls;
  state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
  state = (state ^ (state >> 27)) * 0x94D049BB133111EBu;
  return state ^ (state >> 31);
}

Value random(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"context", "seq"};
  bind({"do_random", parameters, 2, 2}, arguments, {});
  const std::int64_t size = evaluation.length(subject);
  if (size == 0) return evaluation.undefined("No random item, sequence was empty.");
  const Value index = Value::integer(static_cast<std::int64_t>(draw(evaluation) % static_cast<std::uint64_t>(size)));
  Value out;
  if (subject.is_string() || subject.is_sequence()) {
    value::item_at(subject, index.as_integer(), out);
    return out;
  }
  if (!subject.is_dict()) {
    value::raise_type("'" + std::string(value::type_name(subject)) + "' object is not subscriptable");
  }
  if (const value::Entry* entry = value::find(*subject.as_dict(), index)) return entry->value;
  value::raise(value::PythonErrorKind::key, value::to_repr(index));
}

/// Lists of `size` items each.
struct BatchStage : Stage {
  Value size;
  Value fill;
  bool more;
  bool handed_on;  ///< some list was
  Value pending;   ///< the first item of the next list

  bool start(Evaluation& evaluation) {
    cursor = evaluation.iterate(source);
    more = cursor.next(pending);
    return more;
  }

  bool produce(Evaluation& evaluation, Value& out) {
    if (!more) return false;
    value::List* items = value::new_list(evaluation.arena());
    // A list is handed on when one more item comes than fits; that item begins the next one unseen.
    for (bool seen = !handed_on; more; seen = true) {
      if (seen && value::equal(Value::integer(items->size), size)) break;
      value::append(evaluation.arena(), *items, pending);
      more = cursor.next(pending);
      evaluation.charge(1);
    }
    handed_on = true;
    if (!more && !fill.is_none() && evaluation.less(Value::integer(items->size), size)) {
      const Value missing = value::subtract(evaluation.arena(), size, Value::integer(items->size));
      for (std::int64_t left = index_of(missing); left > 0; --left) {
        evaluation.charge(1);
        value::append(evaluation.arena(), *items, fill);
      }
    }
    out = Value::list(items);
    return true;
  }
};

Value batch(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "linecount", "fill_with"};
  Value slots[] = {Value(), Value()};
  bind({"do_batch", parameters, 2}, arguments, slots);
  auto* stage = new_stage<BatchStage>(evaluation, subject);
  stage->function = "do_batch";
  stage->size = slots[0];
  stage->fill = slots[1];
  return Value::object(stage);
}

/// So many lists of nearly equal length.
struct SliceStage : Stage {
  Value count;
  Value fill;
  value::List* items;
  std::int64_t number;
  std::int64_t offset;

  bool start(Evaluation& evaluation) {
    items = evaluation.to_list(source);
    if (count.is_undefined()) evaluation.fail_undefined(count);
    value::floor_divide(evaluation.arena(), Value::integer(items->size), count);
    return index_of(count) > 0;
  }

  bool produce(Evaluation& evaluation, Value& out) {
    const std::int64_t slices = index_of(count);
    if (number >= slices) return false;
    const std::int64_t each = items->size / slices;
    const std::int64_t longer = items->size % slices;
    const std::int64_t begin = offset + number * each;
    if (number < longer) ++offset;
    const std::int64_t end = offset + (number + 1) * each;
    value::List* part = value::new_list(evaluation.arena());
    for (std::int64_t i = begin; i < end; ++i) value::append(evaluation.arena(), *part, items->items[i]);
    evaluation.charge(static_cast<std::uint64_t>(end - begin));
    if (!fill.is_none() && number >= longer) value::append(evaluation.arena(), *part, fill);
    ++number;
    out = Value::list(part);
    return true;
  }
};

Value slice(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "slices", "fill_with"};
  Value slots[] = {Value(), Value()};
  bind({"sync_do_slice", parameters, 2}, arguments, slots);
  auto* stage = new_stage<SliceStage>(evaluation, subject);
  stage->function = "sync_do_slice";
  stage->count = slots[0];
  stage->fill = slots[1];
  return Value::object(stage);
}

struct ItemsStage : Stage {
  bool start(Evaluation& evaluation) {
    if (source.is_undefined()) return false;
    if (!source.is_dict()) value::raise_type("Can only get item pairs from a mapping.");
    cursor = evaluation.iterate(
        Value::object(make_object<DictView>(evaluation.arena(), source.as_dict(), DictView::Part::items)));
    return true;
  }
  bool produce(Evaluation&, Value& out) { return cursor.next(out); }
};

Value items(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"do_items", parameters, 1}, arguments, {});
  auto* stage = new_stage<ItemsStage>(evaluation, subject);
  stage->function = "do_items";
  return Value::object(stage);
}

/// Is it Markup's turn? The delimiter and the items of an escaping join.
Value join_escaped(Evaluation& evaluation, Value separator, std::vector<Value>& items) {
  if (separator.is_markup()) {
    for (Value& item : items) item = evaluation.str(item);
    return joined(evaluation, separator, items);
  }
  bool escapes = false;
  for (Value& item : items) {
    escapes = escapes || item.is_markup();
    if (!item.is_markup()) item = evaluation.str(item);
  }
  return joined(evaluation, escapes ? evaluation.escape(separator) : plain_str(evaluation, separator), items);
}

Value join(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"eval_ctx", "value", "d", "attribute"};
  Value slots[] = {Value::text(""), Value()};
  bind({"sync_do_join", parameters, 2, 2}, arguments, slots);
  Cursor cursor = evaluation.iterate(subject);
  const AttributeGetter getter = AttributeGetter::of(evaluation, slots[1]);
  std::vector<Value> items;
  for (Value item; cursor.next(item);) {
    evaluation.charge(1);
    items.push_back(slots[1].is_none() ? item : getter(evaluation, item));
  }
  if (evaluation.autoescape()) return join_escaped(evaluation, slots[0], items);
  const Value separator = plain_str(evaluation, slots[0]);
  for (Value& item : items) item = evaluation.str(item);
  return joined(evaluation, separator, items);
}

/// sum() with the compensation that Python 3.12 has for floats (Neumaier).
class Sum {
 public:
  Sum(Evaluation& evaluation, Value start) : evaluation_(evaluation), total_(start) {}

  void add(Value item) {
    evaluation_.charge(1);
    if (!total_.is(Kind::real) || !value::is_number(item)) {
      settle();
      total_ = evaluation_.add(total_, item);
    } else if (item.is(Kind::real)) {
      add_real(item.as_real());
    } else {
      total_ = Value::real(total_.as_real() + value::add(evaluation_.arena(), Value::real(0), item).as_real());
    }
  }

  Value total() {
    settle();
    return total_;
  }

 private:
  void add_real(double x) {
    const double sum = total_.as_real();
    const double next = sum + x;
    rest_ += std::fabs(sum) >= std::fabs(x) ? (sum - next) + x : (x - next) + sum;
    total_ = Value::real(next);
  }
  void settle() {
    if (total_.is(Kind::real) && rest_ != 0 && std::isfinite(rest_)) total_ = Value::real(total_.as_real() + rest_);
    rest_ = 0;
  }

  Evaluation& evaluation_;
  Value total_;
  double rest_ = 0;
};

Value sum(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment", "iterable", "attribute", "start"};
  Value slots[] = {Value(), Value::integer(0)};
  bind({"sync_do_sum", parameters, 2, 2}, arguments, slots);
  Cursor cursor = evaluation.iterate(subject);
  if (slots[1].is_string()) value::raise_type("sum() can't sum strings [use ''.join(seq) instead]");
  const AttributeGetter getter = AttributeGetter::of(evaluation, slots[0]);
  Sum sum(evaluation, slots[1]);
  for (Value item; cursor.next(item);) sum.add(getter(evaluation, item));
  return sum.total();
}

Value reverse(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"do_reverse", parameters, 1}, arguments, {});
  if (subject.is_string()) {
    charge_bytes(evaluation, subject.as_text().size());
    return value::slice(evaluation.arena(), subject, Value(), Value(), Value::integer(-1));
  }
  if (!reversed_name(subject).empty()) return reversed(evaluation, subject);
  if (!has_items(subject)) fail(ErrorKind::runtime, "argument must be iterable");
  value::List* items = nullptr;
  try {
    items = evaluation.to_list(subject);
  } catch (const value::PythonError& error) {
    // A lazy sequence may fail only now.
    if (error.kind != value::PythonErrorKind::type) throw;
    fail(ErrorKind::runtime, "argument must be iterable");
  }
  std::reverse(items->begin(), items->end());
  return Value::list(items);
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::batch, batch},       {FilterName::count, length},  {FilterName::d, default_},
    {FilterName::default_, default_}, {FilterName::first, first},   {FilterName::items, items},
    {FilterName::join, join},         {FilterName::last, last},     {FilterName::length, length},
    {FilterName::list, list},         {FilterName::random, random}, {FilterName::reverse, reverse},
    {FilterName::slice, slice},       {FilterName::sum, sum},
};

}  // namespace

FilterTable sequence_filters() {
  return table;
}

}  // namespace tocsin::jinja
