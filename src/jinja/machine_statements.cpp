#include <algorithm>
#include <iterator>
#include <utility>

#include "jinja/machine.hpp"
#include "jinja/undefined.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {

/// The items of a loop that pass its `if`.
struct LoopFilter : Generator {
  Machine* machine;
  const ForStmt* node;
  Activation* activation;
  Cursor cursor;

  static bool next(Evaluation&, Generator& self, Value& out) {
    auto& filter = static_cast<LoopFilter&>(self);
    while (filter.cursor.next(out)) {
      if (filter.machine->passes(*filter.node, *filter.activation, out)) return true;
    }
    return false;
  }
};

void Machine::run() {
  activation_ = activate(program_.function, nullptr);
  if (program_.self_slot != 0xFFFF) {
    activation_->slots[program_.self_slot] = Value::object(make_object<SelfObject>(arena_, scope_));
  }
  enter(program_.frame);
  body(program_.body);
}

void Machine::statement(const Stmt& node) {
  charge(1);
  switch (node.kind) {
    case StmtKind::text: return write(static_cast<const TextStmt&>(node).text);
    case StmtKind::print: return print(static_cast<const PrintStmt&>(node));
    case StmtKind::for_: return loop(static_cast<const ForStmt&>(node));
    case StmtKind::if_: return condition(static_cast<const IfStmt&>(node));
    case StmtKind::set: return set(static_cast<const SetStmt&>(node));
    case StmtKind::set_block: return set_block(static_cast<const SetBlockStmt&>(node));
    case StmtKind::macro: {
      const auto& macro = static_cast<const MacroStmt&>(node);
      slot(macro.slot) = Value::object(make_object<MacroObject>(arena_, macro.code, activation_, scope_));
      return export_names(macro.exports);
    }
    case StmtKind::call_block: return call_block(static_cast<const CallBlockStmt&>(node));
    case StmtKind::filter_block: return filter_block(static_cast<const FilterBlockStmt&>(node));
    case StmtKind::with: return with(static_cast<const WithStmt&>(node));
    case StmtKind::block: return block(static_cast<const BlockStmt&>(node));
    case StmtKind::autoescape: return autoescape_body(static_cast<const AutoescapeStmt&>(node));
    case StmtKind::include:
    case StmtKind::import:
    case StmtKind::from_import:
    case StmtKind::extends: at_ = node.at; return load(static_cast<const LoadStmt&>(node));
  }
}

// Output.

void Machine::out_of_output() {
  fail(ErrorKind::budget, "output budget exhausted (" + std::to_string(budget_.output_bytes) + " bytes)");
}

void Machine::append(Value v, Escaping escaping) {
  const bool escapes = escaping == Escaping::on || (escaping == Escaping::dynamic && autoescape_);
  v.is_string() && !escapes ? write(v.as_text()) : append_slowly(v, escapes);
}

void Machine::append_slowly(Value v, bool escapes) {
  if (v.is(value::Kind::big_integer)) {
    out_ += str(v).as_text();
  } else if (!escapes) {
    value::append_str(out_, v);
  } else if (v.is_string()) {
    v.is_markup() ? void(out_ += v.as_text()) : value::append_escaped(out_, v.as_text());
  } else {
    value::append_escaped(out_, value::to_str(v));
  }
  check_output();
}

void Machine::append_block(Value v) {
  if (!v.is_string()) {
    value::raise_type("sequence item 0: expected str instance, " + std::string(value::type_name(v)) + " found");
  }
  write(v.as_text());
}

void Machine::print(const PrintStmt& node) {
  at_ = node.at;
  append(eval(*node.node), node.escaping);
}

Value Machine::captured(std::size_t start, bool safe) {
  const std::string_view text = std::string_view(out_).substr(start);
  charge(text.size() / 64);
  const Value v = Evaluation::text(text);
  out_.resize(start);
  return safe ? Value::text(v.as_text(), v.flags() | Value::markup) : v;
}

// Variables.

void Machine::enter(const FrameCode& frame) {
  for (const Load& load : frame.enter) {
    Value& into = activation_->slots[load.slot];
    switch (load.from) {
      case Load::From::scope: into = scope_[load.name]; break;
      case Load::From::alias: into = slot(load.source); break;
      case Load::From::missing: into = unset_value(); break;
    }
  }
}

void Machine::leave(const FrameCode& frame) {
  for (const std::uint16_t left : frame.leave) activation_->slots[left] = unset_value();
}

void Machine::export_names(const Array<Export>& exports) {
  for (const Export& each : exports) scope_[each.name] = slot(each.slot);
}

void Machine::assign(const Expr& target, Value v) {
  if (target.kind == ExprKind::name) {
    slot(static_cast<const Name&>(target).slot) = v;
  } else {
    unpack(static_cast<const Items&>(target), v);
  }
}

void Machine::unpack(const Items& target, Value v) {
  const std::size_t wanted = target.items.size;
  if (!v.is_undefined() && !is_iterable(v)) {
    value::raise_type("cannot unpack non-iterable " + std::string(value::type_name(v)) + " object");
  }
  Cursor cursor = iterate(v);
  Value few[4];
  Value* items = wanted <= std::size(few) ? few : arena_.make_array<Value>(wanted);
  std::size_t count = 0;
  Value item;
  while (cursor.next(item)) {
    if (count == wanted) {
      value::raise_value("too many values to unpack (expected " + std::to_string(wanted) + ")");
    }
    items[count++] = item;
  }
  if (count < wanted) {
    value::raise_value("not enough values to unpack (expected " + std::to_string(wanted) + ", got " +
                       std::to_string(count) + ")");
  }
  for (std::size_t i = 0; i < wanted; ++i) assign(*target.items[i], items[i]);
}

void Machine::set(const SetStmt& node) {
  at_ = node.at;
  if (node.target->kind == ExprKind::member) return set_member(static_cast<const Member&>(*node.target), node);
  assign(*node.target, eval(*node.node));
  export_names(node.exports);
}

void Machine::set_member(const Member& target, const SetStmt& node) {
  const auto space = [&] {
    auto* found = object_of<Namespace>(slot(target.slot));
    if (found == nullptr) fail(ErrorKind::runtime, "cannot assign attribute on non-namespace object");
    return found;
  };
  space();
  const Value v = eval(*node.node);
  value::set(arena_, *space()->members, Value::text(target.attribute), v);
}

void Machine::set_block(const SetBlockStmt& node) {
  enter(node.frame);
  const std::size_t start = out_.size();
  body(node.body);
  at_ = node.at;
  Value v = captured(start, autoescape_);
  if (node.filter != nullptr) {
    const Value before = std::exchange(captured_, v);
    v = eval(*node.filter);
    captured_ = before;
    if (autoescape_) v = markup(str(v).as_text());
  }
  if (node.target->kind == ExprKind::member) {
    const auto& target = static_cast<const Member&>(*node.target);
    auto* space = object_of<Namespace>(slot(target.slot));
    if (space == nullptr) fail(ErrorKind::runtime, "cannot assign attribute on non-namespace object");
    value::set(arena_, *space->members, Value::text(target.attribute), v);
  } else {
    assign(*node.target, v);
  }
  export_names(node.exports);
  leave(node.frame);
}

void Machine::with(const WithStmt& node) {
  at_ = node.at;
  enter(node.frame);
  for (std::size_t i = 0; i < node.targets.size; ++i) assign(*node.targets[i], eval(*node.values[i]));
  body(node.body);
  leave(node.frame);
}

// Branches and loops.

void Machine::condition(const IfStmt& node) {
  at_ = node.at;
  if (truth(*node.test)) return body(node.body);
  for (const IfStmt* other : node.elifs) {
    at_ = other->at;
    if (truth(*other->test)) return body(other->body);
  }
  body(node.otherwise);
}

bool Machine::passes(const ForStmt& node, Activation& activation, Value item) {
  charge(1);
  Activation* const before = std::exchange(activation_, &activation);
  assign(*node.test_target, item);
  const bool passed = truth(*node.test);
  activation_ = before;
  return passed;
}

void Machine::loop(const ForStmt& node) {
  at_ = node.at;
  const Value iterable = eval(*node.iterable);
  at_ = node.at;
  iterations(node, iterable, 0, activation_);
}

void Machine::iterations(const ForStmt& node, Value iterable, std::int64_t depth0, Activation* outer) {
  Activation* const before = activation_;
  if (node.recursive) activation_ = activate(*node.function, outer);
  if (node.test != nullptr) {
    auto* filter = arena_.make<LoopFilter>();
    filter->type = static_cast<std::uint32_t>(Generator::tag);
    filter->advance = LoopFilter::next;
    filter->machine = this;
    filter->node = &node;
    filter->cursor = iterate(iterable);
    filter->activation = activate(*node.test_function, outer);
    Activation* const here = std::exchange(activation_, filter->activation);
    enter(node.test_frame);
    activation_ = here;
    iterable = Value::object(filter);
  }
  bool any = false;
  if (node.extended) {
    auto* loop = arena_.make<LoopObject>(value::Object{static_cast<std::uint32_t>(LoopObject::tag)}, this,
                                         iterate(iterable), iterable);
    if (node.recursive) loop->node = &node;
    loop->outer = outer;
    loop->depth0 = depth0;
    any = loop_iterations(node, *loop);
  } else {
    any = plain_iterations(node, iterable);
  }
  leave(node.frame);
  if (!any && !node.otherwise.empty()) {
    enter(node.else_frame);
    body(node.otherwise);
    leave(node.else_frame);
  }
  activation_ = before;
}

bool Machine::pair_iterations(const ForStmt& node, Cursor& cursor) {
  const Items& target = static_cast<const Items&>(*node.target);
  Value key;
  Value item;
  bool any = false;
  while (cursor.next_pair(key, item)) {
    charge(1);
    any = true;
    assign(*target.items[0], key);
    assign(*target.items[1], item);
    enter(node.frame);
    body(node.body);
    at_ = node.at;
  }
  return any;
}

bool Machine::plain_iterations(const ForStmt& node, Value iterable) {
  Cursor cursor = iterate(iterable);
  const bool two_targets =
      node.target->kind == ExprKind::tuple && static_cast<const Items&>(*node.target).items.size == 2;
  if (two_targets && cursor.has_pairs()) return pair_iterations(node, cursor);
  Value item;
  bool any = false;
  while (cursor.next(item)) {
    charge(1);
    any = true;
    assign(*node.target, item);
    enter(node.frame);
    body(node.body);
    at_ = node.at;
  }
  return any;
}

bool Machine::loop_iterations(const ForStmt& node, LoopObject& loop) {
  Value item;
  bool any = false;
  while (loop.next(item)) {
    charge(1);
    any = true;
    assign(*node.target, item);
    activation_->slots[node.loop_slot] = Value::object(&loop);
    enter(node.frame);
    body(node.body);
    at_ = node.at;
  }
  return any;
}

// Blocks of output.

void Machine::call_block(const CallBlockStmt& node) {
  at_ = node.at;
  const Keyword caller{"caller", Value::object(make_object<MacroObject>(arena_, node.code, activation_, scope_))};
  append_block(called(*node.call, &caller));
}

void Machine::filter_block(const FilterBlockStmt& node) {
  enter(node.frame);
  const std::size_t start = out_.size();
  body(node.body);
  at_ = node.at;
  const bool safe = node.escaping == Escaping::on || (node.escaping == Escaping::dynamic && autoescape_);
  const Value before = std::exchange(captured_, captured(start, safe));
  append_block(eval(*node.filter));
  captured_ = before;
  leave(node.frame);
}

void Machine::block(const BlockStmt& node) {
  at_ = node.at;
  if (node.required) {
    fail(ErrorKind::runtime, "Required block " + value::to_repr(Value::text(node.name)) + " not found");
  }
  Value* scope = scope_;
  if (node.scoped) {
    scope = arena_.make_array<Value>(program_.names.size());
    std::copy_n(scope_, program_.names.size(), scope);
    for (const Visible& visible : node.visible) {
      const Value v = slot(visible.slot);
      if (!v.same_as(unset_value())) scope[visible.name] = v;
    }
  }
  run_block(node, scope);
}

void Machine::autoescape_body(const AutoescapeStmt& node) {
  at_ = node.at;
  enter(node.frame);
  const bool before = autoescape_;
  autoescape_ = truth(*node.node);
  body(node.body);
  autoescape_ = before;
  leave(node.frame);
}

void Machine::load(const LoadStmt& node) {
  const Value name = eval(*node.node);
  at_ = node.at;
  if (name.is_undefined()) fail_undefined(name);
  const bool one = name.is_string() || node.kind != StmtKind::include;
  if (one && !value::is_hashable(name)) {
    value::raise_unhashable(name);
  }
  if (node.ignore_missing && one) return;
  if (one) fail(ErrorKind::notfound, value::to_str(name));
  const bool none_given = !value::is_true(name);
  value::List* names = none_given ? nullptr : to_list(name);
  if (node.ignore_missing) return;
  if (none_given) fail(ErrorKind::notfound, "Tried to select from an empty list of templates.");
  std::string message = "none of the templates given were found: ";
  for (std::uint32_t i = 0; i < names->size; ++i) {
    if (i != 0) message += ", ";
    if (names->items[i].is_undefined()) fail_undefined(names->items[i]);
    if (!value::is_hashable(names->items[i])) value::raise_unhashable(names->items[i]);
    value::append_str(message, names->items[i]);
  }
  // Jinja2 looks for the last name, which a dict of names does not give.
  if (name.is_dict()) value::raise(value::PythonErrorKind::key, "-1");
  fail(ErrorKind::notfound, message);
}

}  // namespace tocsin::jinja
