#include "jinja/evaluation.hpp"

#include <algorithm>

#include <algorithm>
#include "jinja/hints.hpp"
#include "jinja/machine.hpp"
#include "jinja/undefined.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {

using value::Kind;

namespace {

/// Python refuses to print longer integers.
constexpr std::size_t most_digits = 4300;

}  // namespace

void fail(ErrorKind kind, std::string message) {
  throw Failure{kind, std::move(message)};
}

std::string undefined_message(Value v) {
  const Missing* missing = missing_of(v);
  if (missing == nullptr) return "value is undefined";
  switch (missing->form) {
    case Missing::Form::message:
    case Missing::Form::unsafe: return std::string(missing->key.as_text());
    case Missing::Form::name: return value::to_repr(missing->key) + " is undefined";
    case Missing::Form::element: break;
  }
  const std::string type = described_type(missing->of);
  if (!missing->key.is_string()) return type + " has no element " + value::to_repr(missing->key);
  return value::to_repr(Value::text(type)) + " has no attribute " + value::to_repr(missing->key);
}

namespace {

/// So many regular expressions may use all that one may use.
constexpr std::uint64_t regex_calls = 16;

void refuse(const value::Meter& meter, value::Meter::Empty why) {
  if (why == value::Meter::Empty::units) {
    fail(ErrorKind::budget, "step budget exhausted (" + std::to_string(meter.units()) + " steps)");
  }
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(meter.patience());
  fail(ErrorKind::budget, "time budget exhausted (" + std::to_string(patience.count()) + " ms)");
}

}  // namespace

Evaluation::Evaluation(value::Arena& arena, clock::Instant now, const Budget& budget)
    : arena_(arena),
      now_(now),
      budget_(budget),
      meter_(budget.steps, budget.watchdog, refuse),
      regex_left_(regex_calls * budget.regex_matches) {}

void Evaluation::settle(const pattern::Effort& effort) {
  regex_left_ -= regex_effort().left - effort.left;
  if (regex_left_ == 0 || (budget_.regex_must_end && effort.left == 0)) {
    fail(ErrorKind::budget,
         "regex budget exhausted (" + std::to_string(regex_calls * budget_.regex_matches) + " steps of backtracking)");
  }
}

// Text.

Value Evaluation::text(std::string_view bytes) {
  return Value::copied(arena_, bytes);
}

Value Evaluation::markup(std::string_view bytes) {
  const Value v = text(bytes);
  return Value::text(v.as_text(), v.flags() | Value::markup);
}

Value Evaluation::str(Value v) {
  if (v.is_string()) return v;
  const std::string printed = value::to_str(v);
  if (v.is(Kind::big_integer) && printed.size() - (printed[0] == '-' ? 1 : 0) > most_digits) {
    value::raise_value(
        "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase "
        "the limit");
  }
  return text(printed);
}

Value Evaluation::escape(Value v) {
  if (v.is_string()) return v.is_markup() ? v : value::escaped(arena_, v.as_text());
  return value::escaped(arena_, value::to_str(v));
}

// Undefined values.

Value Evaluation::missing(Value of, Value key) {
  return undefined_value(arena_, {Missing::Form::element, key, of});
}

Value Evaluation::undefined(std::string_view message) {
  return undefined_value(arena_, {Missing::Form::message, text(message), {}});
}

namespace {

/// What the dict has instead of the member that it lacks; empty when that is no help.
std::string hint_for_missing(const Missing& missing) {
  if (missing.form != Missing::Form::element || !missing.of.is_dict() || !missing.key.is_string()) return {};
  std::vector<std::string_view> names;
  for (const value::Entry& entry : *missing.of.as_dict()) {
    if (entry.key.is_string()) names.push_back(entry.key.as_text());
  }
  return hint_for_member(missing.key.as_text(), names);
}

}  // namespace

void Evaluation::fail_undefined(Value v) {
  raise_undefined(v);
}

void raise_undefined(Value v) {
  const Missing* missing = missing_of(v);
  const bool unsafe = missing != nullptr && missing->form == Missing::Form::unsafe;
  throw Failure{unsafe ? ErrorKind::security : ErrorKind::undefined, undefined_message(v), no_place,
                missing == nullptr ? std::string() : hint_for_missing(*missing)};
}

// What the machine does.

Value Evaluation::attribute(Value of, Value name) {
  if (!name.is_string())
    value::raise_type("attribute name must be string, not '" + std::string(value::type_name(name)) + "'");
  return static_cast<Machine&>(*this).attribute_of(of, name, method_of(name.as_text()));
}

Value Evaluation::call(Value callee, const Arguments& arguments) {
  return static_cast<Machine&>(*this).call_value(callee, arguments);
}

Value Evaluation::filter(std::string_view name, Value subject, const Arguments& arguments) {
  const FilterName found = filter_of(name);
  const Filter run = found == FilterName::unknown ? nullptr : filter_function(found);
  if (run == nullptr) fail(ErrorKind::runtime, "No filter named " + value::to_repr(Value::text(name)) + ".");
  charge(1);
  return run(*this, subject, arguments);
}

bool Evaluation::test(std::string_view name, Value subject, const Arguments& arguments) {
  const TestName found = test_of(name);
  const Test run = found == TestName::unknown ? nullptr : test_function(found);
  if (run == nullptr) fail(ErrorKind::runtime, "No test named " + value::to_repr(Value::text(name)) + ".");
  charge(1);
  return run(*this, subject, arguments);
}

const pattern::Pattern& Evaluation::pattern(std::string_view source, pattern::Dialect dialect) {
  return static_cast<Machine&>(*this).pattern_of(source, dialect);
}

value::List& Evaluation::to_change_list(Value v) {
  if (!arena_.owns(v.as_list())) throw CopiesNeeded{};
  return *v.as_list();
}

value::Dict& Evaluation::to_change_dict(Value v) {
  if (!arena_.owns(v.as_dict())) throw CopiesNeeded{};
  return *v.as_dict();
}

// Iteration.

bool is_iterable(Value v) {
  switch (v.kind()) {
    case Kind::undefined:
    case Kind::string:
    case Kind::list:
    case Kind::tuple:
    case Kind::dict: return true;
    case Kind::object:
      return object_of<Generator>(v) != nullptr || object_of<DictView>(v) != nullptr ||
             object_of<BytesObject>(v) != nullptr || object_of<LoopObject>(v) != nullptr ||
             object_of<SelfObject>(v) != nullptr;
    default: return false;
  }
}

namespace {

/// The rest of a loop whose `loop` is iterated: pairs of item and loop.
struct LoopItems : Generator {
  LoopObject* loop;

  static bool next(Evaluation& evaluation, Generator& self, Value& out) {
    auto* loop = static_cast<LoopItems&>(self).loop;
    Value item;
    if (!loop->next(item)) return false;
    value::List* pair = value::new_list(evaluation.arena(), 2);
    value::append(evaluation.arena(), *pair, item);
    value::append(evaluation.arena(), *pair, Value::object(loop));
    out = Value::tuple(pair);
    return true;
  }
};

value::List* bytes_of(value::Arena& arena, std::string_view bytes) {
  value::List* list = value::new_list(arena, static_cast<std::uint32_t>(bytes.size()));
  for (const char byte : bytes) value::append(arena, *list, Value::integer(static_cast<unsigned char>(byte)));
  return list;
}

}  // namespace

Cursor Evaluation::iterate(Value v) {
  Cursor cursor;
  cursor.evaluation_ = this;
  switch (v.kind()) {
    case Kind::undefined: {
      static value::List nothing;
      cursor.of_.list = &nothing;
      return cursor;
    }
    case Kind::string:
      cursor.way_ = Cursor::Way::text;
      cursor.size_ = static_cast<std::uint32_t>(v.as_text().size());
      cursor.of_.text = v.as_text().data();
      return cursor;
    case Kind::list:
    case Kind::tuple: cursor.of_.list = v.as_list(); return cursor;
    case Kind::dict:
      cursor.way_ = Cursor::Way::keys;
      cursor.size_ = v.as_dict()->size;
      cursor.of_.dict = v.as_dict();
      return cursor;
    default: break;
  }
  if (auto* generator = object_of<Generator>(v)) {
    cursor.way_ = Cursor::Way::generator;
    cursor.of_.generator = generator;
  } else if (auto* view = object_of<DictView>(v)) {
    using Part = DictView::Part;
    cursor.way_ = view->part == Part::keys     ? Cursor::Way::keys
                  : view->part == Part::values ? Cursor::Way::values
                                               : Cursor::Way::pairs;
    cursor.size_ = view->dict->size;
    cursor.of_.dict = view->dict;
  } else if (auto* bytes = object_of<BytesObject>(v)) {
    cursor.of_.list = bytes_of(arena_, bytes->bytes);
  } else if (auto* loop = object_of<LoopObject>(v)) {
    cursor.way_ = Cursor::Way::generator;
    cursor.of_.generator =
        arena_.make<LoopItems>(Generator{{static_cast<std::uint32_t>(Generator::tag)}, LoopItems::next}, loop);
  } else if (object_of<SelfObject>(v) != nullptr) {
    value::raise(value::PythonErrorKind::key, "0");  // it has items, but by name
  } else {
    value::raise_type("'" + std::string(value::type_name(v)) + "' object is not iterable");
  }
  return cursor;
}

bool Cursor::next(Value& out) {
  switch (way_) {
    case Way::items:
      if (at_ >= of_.list->size) return false;
      out = of_.list->items[at_++];
      return true;
    case Way::text: {
      if (at_ >= size_) return false;
      std::string_view rest(of_.text + at_, size_ - at_);
      value::next_code(rest);
      const std::uint32_t end = size_ - static_cast<std::uint32_t>(rest.size());
      out = Value::text({of_.text + at_, end - at_}, end - at_ == 1 ? Value::ascii : 0);
      at_ = end;
      return true;
    }
    case Way::generator: return of_.generator->advance(*evaluation_, *of_.generator, out);
    case Way::keys:
    case Way::values:
    case Way::pairs: break;
  }
  if (!more_entries()) return false;
  const value::Entry& entry = of_.dict->entries[at_++];
  if (way_ == Way::pairs) {
    value::List* pair = value::new_list(evaluation_->arena(), 2);
    pair->items[0] = entry.key;
    pair->items[1] = entry.value;
    pair->size = 2;
    out = Value::tuple(pair);
  } else {
    out = way_ == Way::keys ? entry.key : entry.value;
  }
  return true;
}

bool Cursor::more_entries() const {
  if (of_.dict->size != size_) fail(ErrorKind::other, "dictionary changed size during iteration");
  return at_ < size_;
}

bool Cursor::next_pair(Value& key, Value& item) {
  if (!more_entries()) return false;
  const value::Entry& entry = of_.dict->entries[at_++];
  key = entry.key;
  item = entry.value;
  return true;
}

value::List* Evaluation::to_list(Value v) {
  if (v.is_sequence()) {
    const value::List& from = *v.as_list();
    charge(from.size / 8);
    value::List* list = value::new_list(arena_, from.size);
    std::copy_n(from.items, from.size, list->items);
    list->size = from.size;
    return list;
  }
  value::List* list = value::new_list(arena_);
  Cursor cursor = iterate(v);
  for (Value item; cursor.next(item);) {
    charge(1);
    value::append(arena_, *list, item);
  }
  return list;
}

std::int64_t Evaluation::length(Value v) {
  if (v.is_undefined()) return 0;
  if (auto* view = object_of<DictView>(v)) return view->dict->size;
  if (auto* bytes = object_of<BytesObject>(v)) return static_cast<std::int64_t>(bytes->bytes.size());
  if (auto* loop = object_of<LoopObject>(v)) return loop->count();
  return value::length(v);
}

}  // namespace tocsin::jinja
