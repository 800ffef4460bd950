// What filters, tests, methods and global functions may ask of the rendering that runs them. One rendering, one
// thread. Failures are thrown: value::PythonError for what Python raises, Failure (see failure.hpp) for Jinja2's own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "clock/clock.hpp"
#include "jinja/failure.hpp"
#include "jinja/objects.hpp"
#include "jinja/template.hpp"
#include "jinja/tree.hpp"
#include "pattern/pattern.hpp"
#include "value/meter.hpp"
#include "value/value.hpp"

namespace tocsin::jinja {

/// Goes through anything that Python can iterate. Lives on the stack.
class Cursor {
 public:
  bool next(Value& out);
  /// Are the items pairs of a dict, which `next_pair` gives without making tuples?
  bool has_pairs() const { return way_ == Way::pairs; }
  bool next_pair(Value& key, Value& item);

 private:
  bool more_entries() const;

  friend class Evaluation;
  enum class Way : std::uint8_t { items, text, keys, values, pairs, generator };
  Evaluation* evaluation_ = nullptr;
  Way way_ = Way::items;
  std::uint32_t at_ = 0;
  std::uint32_t size_ = 0;  ///< of a dict at the start: it must not change
  union {
    value::List* list;
    value::Dict* dict;
    Generator* generator;
    const char* text;
  } of_{nullptr};
};

/// A rendering, as the library sees it. The machine derives from it.
class Evaluation {
 public:
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  value::Arena& arena() { return arena_; }
  clock::Instant now() const { return now_; }
  const Budget& budget() const { return budget_; }
  /// Takes steps from the budget: about one an item looked at, or one for 64 bytes copied.
  void charge(std::uint64_t steps) { meter_.take(steps); }
  /// Is Markup to be produced here (inside `{% autoescape true %}`)?
  bool autoescape() const { return autoescape_; }

  /// Text in the arena.
  Value text(std::string_view bytes);
  Value markup(std::string_view bytes);
  /// str(v) as a value; a string (Markup too) is itself.
  Value str(Value v);
  /// markupsafe.escape(v): Markup as it is, anything else printed and escaped.
  Value escape(Value v);
  /// An undefined value for a missing attribute or item: `'dict object' has no attribute 'x'`.
  Value missing(Value of, Value key);
  /// An undefined value with Jinja2's message in full.
  Value undefined(std::string_view message);
  /// Throws UndefinedError (or SecurityError) with the message of the undefined value.
  [[noreturn]] void fail_undefined(Value v);

  /// Jinja2's environment.getattr: `x.name`, with the sandbox's rules.
  Value attribute(Value of, Value name);
  /// Jinja2's environment.getitem: `x[key]`.
  Value item(Value of, Value key);
  /// Python's call; refuses what the sandbox refuses.
  Value call(Value callee, const Arguments& arguments);
  /// Filters and tests by name, for map, select and the like; unknown names fail as Jinja2 does.
  Value filter(std::string_view name, Value subject, const Arguments& arguments);
  bool test(std::string_view name, Value subject, const Arguments& arguments);

  /// iter(v); TypeError for what can't be iterated. An undefined value has no items.
  Cursor iterate(Value v);
  /// list(v): always a new list.
  value::List* to_list(Value v);
  /// len(v), for the engine's objects too.
  std::int64_t length(Value v);
  /// Python's operators, dates included; throw on undefined operands as Jinja2 does.
  Value add(Value a, Value b);
  bool less(Value a, Value b);
  bool compare(CompareOp op, Value a, Value b);
  bool contains(Value container, Value item);

  /// The container behind the value, to be changed. Data of the caller is never changed: the first attempt starts
  /// the rendering again on copies, so call it before any other effect.
  value::List& to_change_list(Value v);
  value::Dict& to_change_dict(Value v);

  /// What one regular expression may use, and afterwards what it left: a rendering has 16 times as much for all.
  pattern::Effort regex_effort() const { return {std::min(budget_.regex_matches, regex_left_)}; }
  void settle(const pattern::Effort& effort);
  /// A compiled pattern, kept between renderings. Throws kind regex.
  const pattern::Pattern& pattern(std::string_view source, pattern::Dialect dialect);

 protected:
  friend class Cursor;
  Evaluation(value::Arena& arena, clock::Instant now, const Budget& budget);
  ~Evaluation() = default;

  value::Arena& arena_;
  clock::Instant now_;
  const Budget& budget_;
  value::Meter meter_;
  value::Meter::Use in_use_{meter_};
  std::uint64_t regex_left_;
  bool autoescape_ = false;
};

/// The parameters of a Python function, for its TypeErrors. The first `passed` are given by the engine (environment,
/// subject, self) and only count in messages.
struct Signature {
  std::string_view function;
  std::span<const std::string_view> parameters;
  std::uint32_t required;  ///< parameters without default, those passed included
  std::uint32_t passed = 1;
};
/// Binds arguments to the parameters after the passed ones: slots[i] is set when given, else keeps its default.
void bind(const Signature& signature, const Arguments& arguments, std::span<Value> slots);

// The library: null where there is no such thing.
Filter filter_function(FilterName name);
Test test_function(TestName name);
/// The method of that name of this value's type.
Method method_function(Value self, MethodName name);
/// A data attribute of plain values and dates (`datetime.year`, `int.real`, `group.grouper`).
bool data_attribute(Evaluation& evaluation, Value self, MethodName name, Value& out);

}  // namespace tocsin::jinja
