#include "jinja/folding.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "jinja/object_rules.hpp"
#include "jinja/walk.hpp"
#include "value/big_integer.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using value::Kind;

/// What is worked out while compiling may take so much; the rest is left to the rendering.
constexpr Budget folding_budget = {.steps = 20'000, .output_bytes = 1u << 16, .memory_bytes = 4u << 20};
/// A constant container of more items stays as it was written.
constexpr std::uint32_t most_items = 1000;
/// Python refuses to write longer integers down.
constexpr std::size_t most_digits = 4300;

bool needs_context(std::uint16_t id) {
  switch (static_cast<FilterName>(id)) {
    case FilterName::map:
    case FilterName::select:
    case FilterName::reject:
    case FilterName::selectattr:
    case FilterName::rejectattr:
    case FilterName::random: return true;
    default: return false;
  }
}

/// Does Jinja2's code generator try to fold this kind of node where it stands?
bool starts_folding(ExprKind kind) {
  switch (kind) {
    case ExprKind::constant:
    case ExprKind::name:
    case ExprKind::member:
    case ExprKind::list:
    case ExprKind::tuple:
    case ExprKind::dict:
    case ExprKind::slice: return false;
    default: return true;
  }
}

/// Nodes that are no constants of ours: containers are made anew each time. A dict may fail for its keys, though.
bool stays(Expr& node) {
  if (node.kind != ExprKind::dict) return !starts_folding(node.kind);
  const auto& pairs = static_cast<DictExpr&>(node).pairs;
  return std::all_of(pairs.begin(), pairs.end(),
                     [](const PairExpr& pair) { return pair.key->kind == ExprKind::constant; });
}

bool is_negative(Value v) {
  if (v.is(Kind::integer)) return v.as_integer() < 0;
  if (v.is(Kind::real)) return std::signbit(v.as_real());
  return v.is(Kind::big_integer) && value::to_repr(v).starts_with('-');
}

Value no_inf(Evaluation&, const Arguments&) {
  fail(ErrorKind::other, "name 'inf' is not defined");
}
Value no_nan(Evaluation&, const Arguments&) {
  fail(ErrorKind::other, "name 'nan' is not defined");
}

}  // namespace

/// Where constants are worked out.
struct Folding::Bench {
  value::Arena arena;
  Patterns patterns;
  std::string out;
  Machine machine;

  explicit Bench(const Template::Program& program)
      : arena(folding_budget.memory_bytes), machine({arena, patterns, folding_budget, {}, out}, program, nullptr) {}
};

struct Folding::Called {
  std::vector<Value> positional;
  std::vector<Keyword> named;
};

Evaluation& Folding::evaluation() {
  if (bench_ == nullptr) {
    register_object_rules();
    bench_ = std::make_shared<Bench>(program_);
  }
  bench_->machine.set_autoescape(escaping_.autoescape);
  return bench_->machine;
}

Expr* Folding::folded(Expr* node, KnownEscaping escaping) {
  escaping_ = escaping;
  return finished(node);
}

std::optional<std::string> Folding::printed(const Expr& node, KnownEscaping escaping) {
  escaping_ = escaping;
  std::optional<std::string> text;
  guarded([&] {
    Value v;
    if (!value_of(node, v)) return;
    text.emplace(escaping.autoescape ? evaluation().escape(v).as_text() : evaluation().str(v).as_text());
  });
  return text;
}

std::optional<bool> Folding::truth(const Expr& node, KnownEscaping escaping) {
  escaping_ = escaping;
  Value v;
  if (!value_of(node, v)) return std::nullopt;
  return value::is_true(v);
}

/// Jinja2's optimizer: from the leaves up, what is constant becomes one.
Expr* Folding::reduced(Expr* node) {
  each_child(*node, [&](Expr*& child) { child = reduced(child); });
  Value v;
  if (stays(*node) || !value_of(*node, v)) return node;
  Expr* const constant = expression_of(v, node->at);
  return constant == nullptr ? node : constant;
}

/// Jinja2's code generator, as far as the form of a constant matters to it.
Expr* Folding::finished(Expr* node) {
  if (starts_folding(node->kind) && !escaping_.is_volatile) {
    node = reduced(node);
  }
  if (node->kind == ExprKind::constant) return unnameable(static_cast<const Constant&>(*node));
  each_child(*node, [&](Expr*& child) { child = finished(child); });
  if (node->kind != ExprKind::binary) return node;
  auto& power = static_cast<BinaryExpr&>(*node);
  if (power.op != BinaryOp::power || power.left->kind != ExprKind::constant) return node;
  auto& base = static_cast<Constant&>(*power.left);
  if (!is_negative(base.value)) return node;
  // Jinja2 writes `-2 ** x` for Python, which reads it as -(2 ** x).
  base.value = value::negate(program_.arena, base.value);
  return program_.arena.make<UnaryExpr>(Expr{ExprKind::negative, node->height, node->at}, node);
}

/// A constant that Jinja2 can't write down for Python.
Expr* Folding::unnameable(const Constant& node) {
  auto* const same = const_cast<Constant*>(&node);
  if (node.value.is(Kind::big_integer) &&
      value::to_repr(node.value).size() > most_digits + (is_negative(node.value) ? 1 : 0)) {
    value::raise_value(
        "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase "
        "the limit");
  }
  if (!node.value.is(Kind::real) || std::isfinite(node.value.as_real())) return same;
  static FunctionObject inf{{static_cast<std::uint32_t>(FunctionObject::tag)}, "inf", no_inf};
  static FunctionObject nan{{static_cast<std::uint32_t>(FunctionObject::tag)}, "nan", no_nan};
  FunctionObject* const name = std::isinf(node.value.as_real()) ? &inf : &nan;
  auto* const constant = program_.arena.make<Constant>(Expr{ExprKind::constant, 0, node.at}, Value::object(name));
  return program_.arena.make<CallExpr>(Expr{ExprKind::call, 1, node.at}, constant);
}

Expr* Folding::expression_of(Value v, std::uint32_t at) {
  switch (v.kind()) {
    case Kind::none:
    case Kind::boolean:
    case Kind::integer:
    case Kind::big_integer:
    case Kind::real:
    case Kind::string:
      return program_.arena.make<Constant>(Expr{ExprKind::constant, 0, at}, value::deep_copy(program_.arena, v));
    case Kind::list:
    case Kind::tuple: return display_of(v, at);
    case Kind::dict: return display_of(*v.as_dict(), at);
    default: return nullptr;
  }
}

Expr* Folding::display_of(Value v, std::uint32_t at) {
  const value::List& list = *v.as_list();
  if (list.size > most_items || value::is_named_tuple(v)) return nullptr;
  const Array<Expr*> items{program_.arena.make_array<Expr*>(list.size), list.size};
  for (std::uint32_t i = 0; i < list.size; ++i) {
    items[i] = expression_of(list.items[i], at);
    if (items[i] == nullptr) return nullptr;
  }
  return program_.arena.make<Items>(Expr{v.is_list() ? ExprKind::list : ExprKind::tuple, 1, at}, items);
}

Expr* Folding::display_of(const value::Dict& dict, std::uint32_t at) {
  if (dict.size > most_items) return nullptr;
  const Array<PairExpr> pairs{program_.arena.make_array<PairExpr>(dict.size), dict.size};
  for (std::uint32_t i = 0; i < dict.size; ++i) {
    pairs[i] = {expression_of(dict.entries[i].key, at), expression_of(dict.entries[i].value, at)};
    if (pairs[i].key == nullptr || pairs[i].value == nullptr) return nullptr;
  }
  return program_.arena.make<DictExpr>(Expr{ExprKind::dict, 1, at}, pairs);
}

/// Runs what Jinja2 does not let fail: a failure only means that it is no constant.
template <class Run>
bool Folding::guarded(Run run) {
  try {
    run();
    return true;
  } catch (const value::PythonError&) {
  } catch (const value::UndefinedUsed&) {
  } catch (const Failure&) {
  } catch (const std::bad_alloc&) {
  }
  return false;
}

/// Jinja2's `as_const`: false when the node is not constant.
bool Folding::value_of(const Expr& node, Value& out) {
  switch (node.kind) {
    case ExprKind::constant: out = static_cast<const Constant&>(node).value; return true;
    case ExprKind::list:
    case ExprKind::tuple: return container_of(node, out);
    case ExprKind::dict: return dict_of(static_cast<const DictExpr&>(node), out);
    case ExprKind::filter:
    case ExprKind::test: return called(static_cast<const FilterExpr&>(node), out);
    case ExprKind::compare: return compared(static_cast<const CompareExpr&>(node), out);
    case ExprKind::concat: return joined(static_cast<const Items&>(node), out);
    case ExprKind::both:
    case ExprKind::either: {
      const auto& pair = static_cast<const BinaryExpr&>(node);
      if (!value_of(*pair.left, out)) return false;
      return value::is_true(out) == (node.kind == ExprKind::either) || value_of(*pair.right, out);
    }
    case ExprKind::condition: {
      const auto& choice = static_cast<const ConditionExpr&>(node);
      if (!value_of(*choice.test, out)) return false;
      const Expr* const chosen = value::is_true(out) ? choice.then : choice.otherwise;
      return chosen != nullptr && value_of(*chosen, out);
    }
    case ExprKind::attribute:
    case ExprKind::item:
    case ExprKind::negate:
    case ExprKind::negative:
    case ExprKind::positive:
    case ExprKind::binary: {
      bool known = false;
      return guarded([&] { known = operation(node, out); }) && known;
    }
    case ExprKind::name:
    case ExprKind::member:
    case ExprKind::slice:
    case ExprKind::call: return false;
  }
  return false;
}

bool Folding::container_of(const Expr& node, Value& out) {
  const auto& items = static_cast<const Items&>(node);
  value::List* list = value::new_list(evaluation().arena(), items.items.size);
  for (const Expr* item : items.items) {
    if (!value_of(*item, out)) return false;
    value::append(evaluation().arena(), *list, out);
  }
  out = node.kind == ExprKind::list ? Value::list(list) : Value::tuple(list);
  return true;
}

bool Folding::dict_of(const DictExpr& node, Value& out) {
  value::Dict* dict = value::new_dict(evaluation().arena(), node.pairs.size);
  for (const PairExpr& pair : node.pairs) {
    Value key;
    if (!value_of(*pair.key, key) || !value_of(*pair.value, out)) return false;
    if (!value::is_hashable(key)) value::raise_unhashable(key);
    value::set(evaluation().arena(), *dict, key, out);
  }
  out = Value::dict(dict);
  return true;
}

/// The kinds whose failures only mean that they are no constants.
bool Folding::operation(const Expr& node, Value& out) {
  switch (node.kind) {
    case ExprKind::attribute: {
      const auto& attribute = static_cast<const AttributeExpr&>(node);
      if (!value_of(*attribute.node, out)) return false;
      out = evaluation().attribute(out, attribute.name);
      return true;
    }
    case ExprKind::item: return item_of(static_cast<const ItemExpr&>(node), out);
    case ExprKind::binary: {
      const auto& pair = static_cast<const BinaryExpr&>(node);
      Value right;
      if (!value_of(*pair.left, out) || !value_of(*pair.right, right)) return false;
      out = binary_operation(evaluation(), pair.op, out, right);
      return true;
    }
    default: break;
  }
  if (!value_of(*static_cast<const UnaryExpr&>(node).node, out)) return false;
  if (node.kind == ExprKind::negate) {
    out = Value::boolean(!value::is_true(out));
  } else {
    out = node.kind == ExprKind::negative ? negated(evaluation(), out) : positive(evaluation(), out);
  }
  return true;
}

bool Folding::item_of(const ItemExpr& node, Value& out) {
  Value of;
  if (!value_of(*node.node, of)) return false;
  if (node.index->kind != ExprKind::slice) {
    if (!value_of(*node.index, out)) return false;
    out = evaluation().item(of, out);
    return true;
  }
  const auto& bounds = static_cast<const SliceExpr&>(*node.index);
  Value start;
  Value stop;
  Value step;
  for (const auto& [part, into] : {std::pair(bounds.start, &start), {bounds.stop, &stop}, {bounds.step, &step}}) {
    if (part != nullptr && !value_of(*part, *into)) return false;
  }
  if (of.is_undefined()) return false;
  try {
    out = value::slice(evaluation().arena(), of, start, stop, step);
  } catch (const value::PythonError& error) {
    // What can't be sliced is looked into with a key that nothing has.
    if (error.kind != value::PythonErrorKind::type) return false;
    out = evaluation().missing(of, Value::none());
  }
  return true;
}

bool Folding::arguments_of(const ArgumentsExpr& node, Called& into) {
  Value v;
  for (const Expr* argument : node.positional) {
    if (!value_of(*argument, v)) return false;
    into.positional.push_back(v);
  }
  for (const KeywordExpr& keyword : node.keywords) {
    if (!value_of(*keyword.value, v)) return false;
    into.named.push_back({keyword.name.as_text(), v});
  }
  bool known = true;
  const bool spread = guarded([&] {
    if (node.star != nullptr && (known = value_of(*node.star, v))) {
      Cursor cursor = evaluation().iterate(v);
      for (Value item; cursor.next(item);) into.positional.push_back(item);
    }
  });
  // Keywords from a dict are rare: the rendering does them.
  return spread && known && node.double_star == nullptr;
}

bool Folding::called(const FilterExpr& node, Value& out) {
  const bool is_filter = node.kind == ExprKind::filter;
  if (escaping_.is_volatile || node.node == nullptr || node.id == 0) return false;
  if (is_filter && needs_context(node.id)) return false;
  Called arguments;
  Value subject;
  if (!arguments_of(node.arguments, arguments) || !value_of(*node.node, subject)) return false;
  return guarded([&] {
    const Arguments given{arguments.positional, arguments.named};
    evaluation().charge(1);
    if (is_filter) {
      out = filter_function(static_cast<FilterName>(node.id))(evaluation(), subject, given);
    } else {
      out = Value::boolean(test_function(static_cast<TestName>(node.id))(evaluation(), subject, given));
    }
  });
}

bool Folding::compared(const CompareExpr& node, Value& out) {
  Value left;
  if (!value_of(*node.left, left)) return false;
  bool known = true;
  const bool worked = guarded([&] {
    for (const CompareExpr::Link& link : node.links) {
      Value right;
      if (!(known = value_of(*link.right, right))) return;
      out = Value::boolean(evaluation().compare(link.op, left, right));
      if (!out.as_boolean()) return;
      left = right;
    }
  });
  return worked && known;
}

bool Folding::joined(const Items& node, Value& out) {
  std::string text;
  for (const Expr* item : node.items) {
    if (!value_of(*item, out)) return false;
    text += evaluation().str(out).as_text();
  }
  out = evaluation().text(text);
  return true;
}

}  // namespace tocsin::jinja
