#include <algorithm>

#include "jinja/machine.hpp"
#include "jinja/undefined.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

/// Arguments up to here need no arena.
constexpr std::size_t few_positional = 4;
constexpr std::size_t few_named = 3;

/// The machine recurses on the C++ stack; a macro that calls itself stops before the stack does.
constexpr std::ptrdiff_t stack_limit = 512 * 1024;

const Value* find_named(const Arguments& arguments, std::string_view name) {
  for (const Keyword& keyword : arguments.named) {
    if (keyword.first == name) return &keyword.second;
  }
  return nullptr;
}

}  // namespace

/// One level deeper: a macro, a block, a recursive loop.
class Machine::Call {
 public:
  explicit Call(Machine& machine) : machine_(machine), activation_(machine.activation_), scope_(machine.scope_) {
    const char here = 0;
    const std::ptrdiff_t used = std::abs(machine.stack_base_ - &here);
    if (machine.depth_ >= machine.budget_.depth || used > stack_limit) {
      fail(ErrorKind::budget, "depth budget exhausted (" + std::to_string(machine.depth_) + " calls)");
    }
    ++machine.depth_;
  }
  ~Call() {
    --machine_.depth_;
    machine_.activation_ = activation_;
    machine_.scope_ = scope_;
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

 private:
  Machine& machine_;
  Activation* activation_;
  Value* scope_;
};

template <class Run>
auto Machine::with_arguments(const ArgumentsExpr& node, const Keyword* extra, Run run) {
  const std::size_t named = node.keywords.size + (extra != nullptr ? 1 : 0);
  if (node.positional.size > few_positional || named > few_named || node.star != nullptr ||
      node.double_star != nullptr) {
    return run(spread_arguments(node, extra));
  }
  if (named == 0 && node.positional.empty()) return run(Arguments{});
  Value positional[few_positional];
  Keyword keywords[few_named];
  std::size_t count = 0;
  for (const Expr* argument : node.positional) positional[count++] = eval(*argument);
  std::size_t named_count = 0;
  for (const KeywordExpr& keyword : node.keywords) {
    keywords[named_count++] = {keyword.name.as_text(), eval(*keyword.value)};
  }
  if (extra != nullptr) keywords[named_count++] = *extra;
  return run(Arguments{{positional, count}, {keywords, named_count}});
}

Arguments Machine::spread_arguments(const ArgumentsExpr& node, const Keyword* extra) {
  value::List* positional = value::new_list(arena_, node.positional.size);
  for (const Expr* argument : node.positional) value::append(arena_, *positional, eval(*argument));
  std::vector<Keyword> named;
  for (const KeywordExpr& keyword : node.keywords) named.push_back({keyword.name.as_text(), eval(*keyword.value)});
  if (extra != nullptr) named.push_back(*extra);
  if (node.star != nullptr) {
    const Value more = eval(*node.star);
    if (!is_iterable(more)) {
      value::raise_type("Value after * must be an iterable, not " + std::string(value::type_name(more)));
    }
    Cursor cursor = iterate(more);
    for (Value item; cursor.next(item);) value::append(arena_, *positional, item);
  }
  if (node.double_star != nullptr) {
    const Value more = eval(*node.double_star);
    if (!more.is_dict()) {
      value::raise_type("jinja2.sandbox.SandboxedEnvironment.call() argument after ** must be a mapping, not " +
                        std::string(value::type_name(more)));
    }
    for (const value::Entry& entry : *more.as_dict()) {
      if (!entry.key.is_string()) value::raise_type("keywords must be strings");
      if (find_named({{}, named}, entry.key.as_text()) != nullptr) {
        value::raise_type("got multiple values for keyword argument '" + std::string(entry.key.as_text()) + "'");
      }
      named.push_back({entry.key.as_text(), entry.value});
    }
  }
  auto* kept = static_cast<Keyword*>(arena_.allocate(sizeof(Keyword) * named.size(), alignof(Keyword)));
  std::uninitialized_copy(named.begin(), named.end(), kept);
  return {{positional->items, positional->size}, {kept, named.size()}};
}

Value Machine::filtered(const FilterExpr& node) {
  const Value subject = node.node == nullptr ? captured_ : eval(*node.node);
  return with_arguments(node.arguments, nullptr, [&](const Arguments& arguments) {
    at_ = node.at;
    const Filter run = node.id == 0 ? nullptr : filter_function(static_cast<FilterName>(node.id));
    if (run == nullptr) {
      fail(ErrorKind::runtime, "No filter named " + value::to_repr(Value::text(node.name)) + " found.");
    }
    return run(*this, subject, arguments);
  });
}

bool Machine::tested(const FilterExpr& node) {
  const Value subject = eval(*node.node);
  return with_arguments(node.arguments, nullptr, [&](const Arguments& arguments) {
    at_ = node.at;
    const Test run = node.id == 0 ? nullptr : test_function(static_cast<TestName>(node.id));
    if (run == nullptr) {
      fail(ErrorKind::runtime, "No test named " + value::to_repr(Value::text(node.name)) + " found.");
    }
    return run(*this, subject, arguments);
  });
}

Value Machine::called(const CallExpr& node, const Keyword* extra) {
  if (node.node->kind == ExprKind::attribute) {
    const auto& attribute = static_cast<const AttributeExpr&>(*node.node);
    if (attribute.method != 0) return method_called(node, attribute, extra);
  }
  const Value callee = eval(*node.node);
  return with_arguments(node.arguments, extra, [&](const Arguments& arguments) {
    at_ = node.at;
    return call_value(callee, arguments);
  });
}

Value Machine::method_called(const CallExpr& node, const AttributeExpr& attribute, const Keyword* extra) {
  const Value self = eval(*attribute.node);
  at_ = attribute.at;
  const auto name = static_cast<MethodName>(attribute.method);
  const Method run = method_function(self, name);
  const Value callee = run == nullptr ? attribute_of(self, attribute.name, name) : Value::none();
  return with_arguments(node.arguments, extra, [&](const Arguments& arguments) {
    at_ = node.at;
    return run == nullptr ? call_value(callee, arguments) : run(*this, self, arguments);
  });
}

Value Machine::call_value(Value callee, const Arguments& arguments) {
  charge(1);
  if (callee.is_undefined()) fail_undefined(callee);
  if (callee.is(value::Kind::object)) {
    if (auto* method = object_of<BoundMethod>(callee)) return method->run(*this, method->self, arguments);
    if (auto* function = object_of<FunctionObject>(callee)) return function->run(*this, arguments);
    if (auto* macro = object_of<MacroObject>(callee)) return call_macro(*macro, arguments);
    if (auto* block = object_of<BlockObject>(callee)) return call_block_object(*block, arguments);
    if (auto* loop = object_of<LoopObject>(callee)) return loop_again(*loop, arguments);
    if (auto* type = object_of<TypeObject>(callee); type != nullptr && type->call != nullptr) {
      return type->call(*this, arguments);
    }
    if (auto* alias = object_of<GenericAlias>(callee)) return alias->call(*this, arguments);
    Value result;
    if (call_global_object(*this, callee, arguments, result)) return result;
  }
  value::raise_type("'" + std::string(value::type_name(callee)) + "' object is not callable");
}

Activation* Machine::activate(const FunctionCode& code, Activation* outer) {
  auto* slots = arena_.make_array<Value>(code.slots);
  std::fill_n(slots, code.slots, unset_value());
  return arena_.make<Activation>(slots, outer);
}

Value Machine::call_macro(const MacroObject& macro, const Arguments& arguments) {
  const Call call(*this);
  Activation* activation = activate(macro.code->function, macro.outer);
  const MacroCode& code = *macro.code;
  const std::uint32_t given = bind_macro(code, arguments, *activation);
  activation_ = activation;
  scope_ = macro.scope;
  enter(code.frame);
  const std::size_t first_default = code.parameters.size - code.defaults.size;
  for (std::size_t i = 0; i < code.parameters.size; ++i) {
    const Name& parameter = *code.parameters[i];
    Value& into = activation->slots[parameter.slot.index];
    if (i < given || !into.same_as(unset_value())) continue;
    if (i >= first_default) {
      into = eval(*code.defaults[i - first_default]);
    } else {
      into = undefined("parameter " + value::to_repr(Value::text(parameter.name)) + " was not provided");
    }
  }
  const std::size_t start = out_.size();
  body(code.body);
  return captured(start, autoescape_);
}

std::uint32_t Machine::bind_macro(const MacroCode& code, const Arguments& arguments, Activation& activation) {
  const std::size_t wanted = code.parameters.size;
  const std::size_t given = std::min(arguments.positional.size(), wanted);
  for (std::size_t i = 0; i < given; ++i) {
    activation.slots[code.parameters[i]->slot.index] = arguments.positional[i];
  }
  const auto message = [&] { return "macro " + value::to_repr(code.name); };
  bool found_caller = given == wanted && code.explicit_caller;
  value::Dict* rest = code.uses_kwargs ? value::new_dict(arena_) : nullptr;
  for (const Keyword& keyword : arguments.named) {
    const auto* parameter = std::find_if(code.parameters.begin() + given, code.parameters.end(),
                                         [&](const Name* each) { return each->name == keyword.first; });
    if (parameter != code.parameters.end()) {
      activation.slots[(*parameter)->slot.index] = keyword.second;
    } else if (keyword.first == "caller" && code.uses_caller && !code.explicit_caller) {
      activation.slots[code.caller_slot] = keyword.second;
      found_caller = true;
    } else if (rest != nullptr) {
      value::set(arena_, *rest, Value::text(keyword.first), keyword.second);
    } else if (keyword.first == "caller") {
      value::raise_type(message() +
                        " was invoked with two values for the special caller argument. This is most likely a bug.");
    } else {
      value::raise_type(message() + " takes no keyword argument " + value::to_repr(Value::text(keyword.first)));
    }
  }
  if (code.uses_caller && !code.explicit_caller && !found_caller) {
    activation.slots[code.caller_slot] = undefined("No caller defined");
  }
  if (rest != nullptr) activation.slots[code.kwargs_slot] = Value::dict(rest);
  if (code.uses_varargs) {
    value::List* more = value::new_list(arena_);
    for (const Value v : arguments.positional.subspan(given)) value::append(arena_, *more, v);
    activation.slots[code.varargs_slot] = Value::tuple(more);
  } else if (arguments.positional.size() > wanted) {
    value::raise_type(message() + " takes not more than " + std::to_string(wanted) + " argument(s)");
  }
  return static_cast<std::uint32_t>(given);
}

void Machine::run_block(const BlockStmt& node, Value* scope) {
  const Call call(*this);
  activation_ = activate(node.function, nullptr);
  scope_ = scope;
  if (node.self_slot != 0xFFFF) {
    activation_->slots[node.self_slot] = Value::object(make_object<SelfObject>(arena_, scope));
  }
  if (node.super_slot != 0xFFFF) activation_->slots[node.super_slot] = no_parent_block(*this, node);
  enter(node.frame);
  body(node.body);
}

Value Machine::call_block_object(const BlockObject& object, const Arguments& arguments) {
  if (!arguments.positional.empty() || !arguments.named.empty()) {
    value::raise_type("BlockReference.__call__() takes 1 positional argument but " +
                      std::to_string(arguments.positional.size() + arguments.named.size() + 1) + " were given");
  }
  const std::size_t start = out_.size();
  run_block(*object.block, object.scope);
  return captured(start, autoescape_);
}

Value Machine::block_named(const SelfObject& self, std::string_view name) {
  for (const BlockStmt* block : program_.blocks) {
    if (block->name == name) return Value::object(make_object<BlockObject>(arena_, block, self.scope));
  }
  return Value::none();
}

Value Machine::loop_again(const LoopObject& loop, const Arguments& arguments) {
  static constexpr std::string_view parameters[] = {"self", "iterable"};
  Value iterable;
  bind({"LoopContext.__call__", parameters, 2}, arguments, {&iterable, 1});
  if (loop.node == nullptr) {
    value::raise_type("The loop must have the 'recursive' marker to be called recursively.");
  }
  const Call call(*this);
  const std::size_t start = out_.size();
  iterations(*loop.node, iterable, loop.depth0 + 1, loop.outer);
  return captured(start, autoescape_);
}

}  // namespace tocsin::jinja
