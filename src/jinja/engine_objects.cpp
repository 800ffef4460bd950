// The engine's own objects: attributes of loop, macro, namespace, cycler, joiner, self and blocks, and what they do.
#include "jinja/machine.hpp"
#include "jinja/undefined.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

Value loop_cycle(Evaluation&, Value self, const Arguments& arguments) {
  if (arguments.positional.empty()) value::raise_type("no items for cycling given");
  const auto index = static_cast<std::size_t>(object_of<LoopObject>(self)->index0);
  return arguments.positional[index % arguments.positional.size()];
}

Value loop_changed(Evaluation& evaluation, Value self, const Arguments& arguments) {
  LoopObject& loop = *object_of<LoopObject>(self);
  value::List* seen = value::new_list(evaluation.arena());
  for (const Value v : arguments.positional) value::append(evaluation.arena(), *seen, v);
  const bool same = loop.changed != nullptr && value::equal(Value::tuple(loop.changed), Value::tuple(seen));
  loop.changed = seen;
  return Value::boolean(!same);
}

Value cycler_next(Evaluation&, Value self, const Arguments&) {
  Cycler& cycler = *object_of<Cycler>(self);
  const Value current = cycler.items->items[cycler.position];
  cycler.position = (cycler.position + 1) % cycler.items->size;
  return current;
}

Value cycler_reset(Evaluation&, Value self, const Arguments&) {
  object_of<Cycler>(self)->position = 0;
  return Value::none();
}

Value method(Machine& machine, Value self, MethodName name, Method run) {
  return Value::object(make_object<BoundMethod>(machine.arena(), self, name, run));
}

bool loop_attribute(Machine& machine, Value of, LoopObject& loop, MethodName name, Value& out) {
  switch (name) {
    case MethodName::index: out = Value::integer(loop.index0 + 1); return true;
    case MethodName::index0: out = Value::integer(loop.index0); return true;
    case MethodName::length: out = Value::integer(loop.count()); return true;
    case MethodName::revindex: out = Value::integer(loop.count() - loop.index0); return true;
    case MethodName::revindex0: out = Value::integer(loop.count() - loop.index0 - 1); return true;
    case MethodName::first: out = Value::boolean(loop.index0 == 0); return true;
    case MethodName::last: out = Value::boolean(!loop.peek()); return true;
    case MethodName::depth: out = Value::integer(loop.depth0 + 1); return true;
    case MethodName::depth0: out = Value::integer(loop.depth0); return true;
    case MethodName::previtem:
      out = loop.index0 == 0 ? machine.undefined("there is no previous item") : loop.before;
      return true;
    case MethodName::nextitem: out = loop.peek() ? loop.after : machine.undefined("there is no next item"); return true;
    case MethodName::cycle: out = method(machine, of, name, loop_cycle); return true;
    case MethodName::changed: out = method(machine, of, name, loop_changed); return true;
    default: return false;
  }
}

bool macro_attribute(Machine& machine, const MacroCode& code, MethodName name, Value& out) {
  switch (name) {
    case MethodName::name: out = code.name; return true;
    case MethodName::catch_kwargs: out = Value::boolean(code.uses_kwargs); return true;
    case MethodName::catch_varargs: out = Value::boolean(code.uses_varargs); return true;
    case MethodName::caller: out = Value::boolean(code.uses_caller); return true;
    case MethodName::explicit_caller: out = Value::boolean(code.explicit_caller); return true;
    case MethodName::arguments: {
      value::List* names = value::new_list(machine.arena());
      for (const Name* parameter : code.parameters)
        value::append(machine.arena(), *names, Value::text(parameter->name));
      out = Value::tuple(names);
      return true;
    }
    default: return false;
  }
}

bool cycler_attribute(Machine& machine, Value of, const Cycler& cycler, MethodName name, Value& out) {
  switch (name) {
    case MethodName::next: out = method(machine, of, name, cycler_next); return true;
    case MethodName::reset: out = method(machine, of, name, cycler_reset); return true;
    case MethodName::current: out = cycler.items->items[cycler.position]; return true;
    case MethodName::items: out = Value::tuple(cycler.items); return true;
    case MethodName::pos: out = Value::integer(cycler.position); return true;
    default: return false;
  }
}

}  // namespace

bool LoopObject::next(Value& out) {
  if (has_after) {
    out = after;
    has_after = false;
  } else if (!cursor.next(out)) {
    return false;
  }
  ++index0;
  before = current;
  current = out;
  return true;
}

bool LoopObject::peek() {
  if (!has_after) has_after = cursor.next(after);
  return has_after;
}

std::int64_t LoopObject::count() {
  if (length >= 0) return length;
  if (object_of<Generator>(iterable) == nullptr) return length = evaluation->length(iterable);
  value::List* rest = value::new_list(evaluation->arena());
  for (Value item; cursor.next(item);) value::append(evaluation->arena(), *rest, item);
  cursor = evaluation->iterate(Value::list(rest));
  return length = rest->size + index0 + 1 + (has_after ? 1 : 0);
}

bool object_attribute(Machine& machine, Value of, std::string_view name, MethodName method, Value& out) {
  if (auto* loop = object_of<LoopObject>(of)) return loop_attribute(machine, of, *loop, method, out);
  if (auto* macro = object_of<MacroObject>(of)) return macro_attribute(machine, *macro->code, method, out);
  if (auto* cycler = object_of<Cycler>(of)) return cycler_attribute(machine, of, *cycler, method, out);
  if (auto* space = object_of<Namespace>(of)) {
    const value::Entry* entry = value::find(*space->members, name);
    if (entry != nullptr) out = entry->value;
    return entry != nullptr;
  }
  if (auto* joiner = object_of<Joiner>(of)) {
    if (method == MethodName::sep) return out = joiner->separator, true;
    if (method == MethodName::used) return out = Value::boolean(joiner->used), true;
  }
  if (object_of<TypeObject>(of) != nullptr && name == "mro") {
    const std::string message = "access to attribute 'mro' of 'type' object is unsafe.";
    return out = undefined_value(machine.arena(), {Missing::Form::unsafe, machine.text(message), {}}), true;
  }
  if (auto* generator = object_of<Generator>(of);
      generator != nullptr && !generator->function.empty() && (name == "gi_frame" || name == "gi_code")) {
    const std::string message = "access to attribute '" + std::string(name) + "' of 'generator' object is unsafe.";
    return out = undefined_value(machine.arena(), {Missing::Form::unsafe, machine.text(message), {}}), true;
  }
  if (auto* block = object_of<BlockObject>(of)) {
    if (method == MethodName::name) return out = Value::text(block->block->name), true;
    if (method == MethodName::super) return out = no_parent_block(machine, *block->block), true;
  }
  return false;
}

bool call_global_object(Machine& machine, Value callee, const Arguments& arguments, Value& out) {
  auto* joiner = object_of<Joiner>(callee);
  if (joiner == nullptr) return false;
  static constexpr std::string_view parameters[] = {"self"};
  bind({"Joiner.__call__", parameters, 1}, arguments, {});
  out = joiner->used ? joiner->separator : machine.text("");
  joiner->used = true;
  return true;
}

Value no_parent_block(Evaluation& evaluation, const BlockStmt& block) {
  return evaluation.undefined("there is no parent block called " + value::to_repr(Value::text(block.name)) + ".");
}

}  // namespace tocsin::jinja
