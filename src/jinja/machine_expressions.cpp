#include "jinja/machine.hpp"
#include "jinja/undefined.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {

Value Machine::eval(const Expr& node) {
  charge(1);
  switch (node.kind) {
    case ExprKind::constant: return static_cast<const Constant&>(node).value;
    case ExprKind::name: return name(static_cast<const Name&>(node));
    case ExprKind::attribute: {
      const auto& attribute = static_cast<const AttributeExpr&>(node);
      const Value of = eval(*attribute.node);
      at_ = node.at;
      return attribute_of(of, attribute.name, static_cast<MethodName>(attribute.method));
    }
    case ExprKind::item: return item_of(static_cast<const ItemExpr&>(node));
    case ExprKind::call: return called(static_cast<const CallExpr&>(node), nullptr);
    case ExprKind::filter: return filtered(static_cast<const FilterExpr&>(node));
    case ExprKind::test:
    case ExprKind::negate: return Value::boolean(truth(node));
    case ExprKind::list: return Value::list(items(static_cast<const Items&>(node)));
    case ExprKind::tuple: return Value::tuple(items(static_cast<const Items&>(node)));
    case ExprKind::dict: return dict(static_cast<const DictExpr&>(node));
    case ExprKind::concat: return concatenated(static_cast<const Items&>(node));
    case ExprKind::binary: return binary(static_cast<const BinaryExpr&>(node));
    case ExprKind::compare: return Value::boolean(comparison(static_cast<const CompareExpr&>(node)));
    case ExprKind::condition: return conditional(static_cast<const ConditionExpr&>(node));
    case ExprKind::both: {
      const auto& pair = static_cast<const BinaryExpr&>(node);
      const Value left = eval(*pair.left);
      return value::is_true(left) ? eval(*pair.right) : left;
    }
    case ExprKind::either: {
      const auto& pair = static_cast<const BinaryExpr&>(node);
      const Value left = eval(*pair.left);
      return value::is_true(left) ? left : eval(*pair.right);
    }
    case ExprKind::negative: {
      const Value v = eval(*static_cast<const UnaryExpr&>(node).node);
      at_ = node.at;
      return negated(*this, v);
    }
    case ExprKind::positive: {
      const Value v = eval(*static_cast<const UnaryExpr&>(node).node);
      at_ = node.at;
      return positive(*this, v);
    }
    case ExprKind::slice:
    case ExprKind::member: break;  // only inside an item or as a target
  }
  return Value::none();
}

bool Machine::truth(const Expr& node) {
  switch (node.kind) {
    case ExprKind::test: return tested(static_cast<const FilterExpr&>(node));
    case ExprKind::negate: return !truth(*static_cast<const UnaryExpr&>(node).node);
    case ExprKind::compare: return comparison(static_cast<const CompareExpr&>(node));
    case ExprKind::both:
      return truth(*static_cast<const BinaryExpr&>(node).left) && truth(*static_cast<const BinaryExpr&>(node).right);
    case ExprKind::either:
      return truth(*static_cast<const BinaryExpr&>(node).left) || truth(*static_cast<const BinaryExpr&>(node).right);
    default: return value::is_true(eval(node));
  }
}

value::List* Machine::items(const Items& node) {
  value::List* list = value::new_list(arena_, node.items.size);
  for (Expr* item : node.items) {
    const Value v = eval(*item);
    list->items[list->size++] = v;
  }
  return list;
}

Value Machine::dict(const DictExpr& node) {
  value::Dict* dict = value::new_dict(arena_, node.pairs.size);
  Value unhashable;
  for (const PairExpr& pair : node.pairs) {
    const Value key = eval(*pair.key);
    const Value v = eval(*pair.value);
    if (value::is_hashable(key)) {
      value::set(arena_, *dict, key, v);
    } else if (unhashable.is_none()) {
      unhashable = key;
      at_ = pair.key->at;
    }
  }
  // Python works all parts out before it makes the dict.
  if (!unhashable.is_none()) value::raise_unhashable(unhashable);
  return Value::dict(dict);
}

Value Machine::item_of(const ItemExpr& node) {
  const bool is_fixed =
      node.node->kind == ExprKind::dict && static_cast<const DictExpr&>(*node.node).constant != nullptr;
  const Value of = is_fixed ? Value::dict(static_cast<const DictExpr&>(*node.node).constant) : eval(*node.node);
  if (node.index->kind == ExprKind::slice) {
    at_ = node.at;
    return slice_of(of, static_cast<const SliceExpr&>(*node.index));
  }
  const Value key = eval(*node.index);
  at_ = node.at;
  return item(of, key);
}

Value Machine::slice_of(Value of, const SliceExpr& node) {
  const auto bound = [&](const Expr* part) { return part == nullptr ? Value::none() : eval(*part); };
  const std::uint32_t at = at_;
  const Value start = bound(node.start);
  const Value stop = bound(node.stop);
  const Value step = bound(node.step);
  at_ = at;
  if (of.is_undefined()) fail_undefined(of);
  if (object_of<SelfObject>(of) != nullptr)
    value::raise_type("unhashable type: 'slice'");  // it looks blocks up in a dict
  if (auto* bytes = object_of<BytesObject>(of)) {
    const Value part = value::slice(arena_, Value::text(bytes->bytes, Value::ascii), start, stop, step);
    return Value::object(make_object<BytesObject>(arena_, arena_.copy(part.as_text())));
  }
  return value::slice(arena_, of, start, stop, step);
}

Value Machine::concatenated(const Items& node) {
  if (node.escaped) {
    value::List* parts = items(node);
    bool safe = false;
    for (const Value part : *parts) safe |= part.is_string() && part.is_markup();
    const std::size_t start = out_.size();
    for (const Value part : *parts) append(part, safe ? Escaping::on : Escaping::off);
    return captured(start, safe);
  }
  const std::size_t start = out_.size();
  for (const Expr* item : node.items) value::append_str(out_, eval(*item));
  check_output();
  return captured(start, false);
}

Value Machine::binary(const BinaryExpr& node) {
  const Value left = eval(*node.left);
  const Value right = eval(*node.right);
  at_ = node.at;
  return binary_operation(*this, node.op, left, right);
}

bool Machine::comparison(const CompareExpr& node) {
  Value left = eval(*node.left);
  for (const CompareExpr::Link& link : node.links) {
    const Value right = eval(*link.right);
    at_ = node.at;
    if (!compare(link.op, left, right)) return false;
    left = right;
  }
  return true;
}

Value Machine::conditional(const ConditionExpr& node) {
  if (truth(*node.test)) return eval(*node.then);
  if (node.otherwise != nullptr) return eval(*node.otherwise);
  std::size_t line = 1;
  for (const char c : std::string_view(program_.source).substr(0, node.at)) line += c == '\n';
  return undefined("the inline if-expression on line " + std::to_string(line) +
                   " evaluated to false and no else section was defined.");
}

}  // namespace tocsin::jinja
