#include "jinja/resolver.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "jinja/failure.hpp"
#include "jinja/folding.hpp"
#include "jinja/frame_symbols.hpp"
#include "jinja/machine.hpp"
#include "jinja/undefined.hpp"
#include "jinja/walk.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

/// A frame while its statements are resolved: the compile-time state of Jinja2's code generator.
struct Frame {
  Symbols symbols;
  bool top = false;     ///< assignments show in the scope
  bool root = false;    ///< the top, outside of conditions
  bool soft = false;    ///< unknown filters fail only when reached
  bool unseen = false;  ///< after `extends` nothing is printed here
};

class Resolver {
 public:
  explicit Resolver(Template::Program& program) : program_(program), folding_(program) {}

  void run() {
    check_blocks();
    search(program_.body, contents_);
    root();
    for (BlockStmt* block : program_.blocks) resolve_block(*block);
    finish();
  }

 private:
  // Places and names.
  FunctionScope* new_function(FunctionCode& code, FunctionScope* parent) {
    functions_.push_back({parent, &code, {}});
    return &functions_.back();
  }

  std::uint32_t number_of(std::string_view name) {
    const auto [at, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(program_.names.size()));
    if (is_new) program_.names.push_back(name);
    return at->second;
  }

  Slot slot_of(Target target, const FunctionScope* from) {
    const Place& place = places_[target];
    Slot slot{0, place.slot};
    for (; from != place.function; from = from->parent) ++slot.hops;
    if (slot.hops != 0) place.function->code->captured = true;
    return slot;
  }

  Target known(std::string_view name, const Frame& frame) {
    const Target target = frame.symbols.find(name);
    if (target == no_target) {
      fail(ErrorKind::assert_, "Tried to resolve a name to a reference that was unknown to the frame (" +
                                   value::to_repr(Value::text(name)) + ")");
    }
    return target;
  }

  Slot slot_of(std::string_view name, const Frame& frame) {
    return slot_of(known(name, frame), frame.symbols.function());
  }

  Frame inner(const Frame& outer, FunctionScope* function = nullptr) {
    FunctionScope* const owner = function != nullptr ? function : outer.symbols.function();
    Frame frame{Symbols(places_, owner, &outer.symbols, outer.symbols.level() + 1)};
    frame.unseen = outer.unseen;
    return frame;
  }

  /// `keep`: the frame is its function's last, so nothing needs clearing.
  FrameCode code_of(const Frame& frame, bool keep) {
    std::vector<Load> enter;
    std::vector<std::uint16_t> leave;
    for (const auto& [target, load] : frame.symbols.loads()) {
      const std::uint16_t slot = places_[target].slot;
      if (!keep) leave.push_back(slot);
      if (load.from == SymbolLoad::From::scope) {
        if (global_named(load.name).same_as(unset_value())) undeclared_.insert(load.name);
        enter.push_back({Load::From::scope, slot, number_of(load.name), {}});
      } else if (load.from == SymbolLoad::From::alias) {
        enter.push_back({Load::From::alias, slot, 0, slot_of(load.source, frame.symbols.function())});
      } else if (load.from == SymbolLoad::From::missing) {
        enter.push_back({Load::From::missing, slot, 0, {}});
      }
    }
    return {kept(enter), kept(leave)};
  }

  template <class T>
  Array<T> kept(const std::vector<T>& items) {
    Array<T> array{program_.arena.make_array<T>(items.size()), static_cast<std::uint32_t>(items.size())};
    std::copy(items.begin(), items.end(), array.items);
    return array;
  }

  // Expressions.
  Escaping escaping() const {
    return escaping_.is_volatile ? Escaping::dynamic : escaping_.autoescape ? Escaping::on : Escaping::off;
  }

  /// An expression that is read: constants are worked out first.
  void read(Expr*& node, Frame& frame) {
    if (node == nullptr) return;
    node = folding_.folded(node, escaping_);
    expression(node, frame);
  }

  void expression(Expr* node, Frame& frame) {
    if (node == nullptr) return;
    switch (node->kind) {
      case ExprKind::name: return name(static_cast<Name&>(*node), frame);
      case ExprKind::member: {
        auto& member = static_cast<Member&>(*node);
        member.slot = slot_of(member.name, frame);
        return;
      }
      case ExprKind::condition: {
        const bool was_soft = std::exchange(frame.soft, true);
        each_child(*node, [&](Expr* child) { expression(child, frame); });
        frame.soft = was_soft;
        return;
      }
      case ExprKind::filter:
      case ExprKind::test: check_known(static_cast<const FilterExpr&>(*node), frame); break;
      case ExprKind::concat: static_cast<Items&>(*node).escaped = escaping() == Escaping::on; break;
      case ExprKind::dict: keep_if_constant(static_cast<DictExpr&>(*node)); break;
      default: break;
    }
    each_child(*node, [&](Expr* child) { expression(child, frame); });
  }

  /// A dict of constants that is only looked into need not be made each time.
  void keep_if_constant(DictExpr& node) {
    const auto is_plain = [](const PairExpr& pair) {
      return pair.key->kind == ExprKind::constant && pair.value->kind == ExprKind::constant;
    };
    if (!std::all_of(node.pairs.begin(), node.pairs.end(), is_plain)) return;
    node.constant = value::new_dict(program_.arena, node.pairs.size);
    for (const PairExpr& pair : node.pairs) {
      value::set(program_.arena, *node.constant, static_cast<Constant&>(*pair.key).value,
                 static_cast<Constant&>(*pair.value).value);
    }
  }

  /// The filter of a block, which is never constant as a whole.
  void read_filter(FilterExpr* filter, Frame& frame) {
    if (filter == nullptr) return;
    folding_.folded(filter, escaping_);
    expression(filter, frame);
  }

  void name(Name& node, Frame& frame) {
    node.slot = slot_of(node.name, frame);
    node.unset = undefined_value(program_.arena, {Missing::Form::name, Value::text(node.name), {}});
  }

  void check_known(const FilterExpr& node, const Frame& frame) {
    if (node.id != 0 || frame.soft) return;
    const std::string kind = node.kind == ExprKind::filter ? "filter" : "test";
    throw Failure{
        ErrorKind::assertion, "No " + kind + " named " + value::to_repr(Value::text(node.name)) + ".", node.at, {}};
  }

  // Statements.
  void check_blocks() {
    std::set<std::string_view> seen;
    std::vector<const BlockStmt*> blocks(program_.blocks.begin(), program_.blocks.end());
    std::sort(blocks.begin(), blocks.end(), [](const auto* a, const auto* b) { return a->at < b->at; });
    for (const BlockStmt* block : blocks) {
      if (seen.insert(block->name).second) continue;
      throw Failure{
          ErrorKind::assertion, "block " + value::to_repr(Value::text(block->name)) + " defined twice", block->at, {}};
    }
  }

  void root() {
    Frame frame{Symbols(places_, new_function(program_.function, nullptr), nullptr, 0)};
    if (find_undeclared(program_.body, {"self"}).contains("self")) {
      program_.self_slot = places_[frame.symbols.declare_parameter("self")].slot;
    }
    FrameSymbols(frame.symbols).body(program_.body);
    frame.top = frame.root = true;
    frame.unseen = contents_.extends;
    body(program_.body, frame);
    program_.frame = code_of(frame, true);
  }

  void resolve_block(BlockStmt& block) {
    Frame frame{Symbols(places_, new_function(block.function, nullptr), nullptr, 0)};
    const auto undeclared = find_undeclared(block.body, {"self", "super"});
    if (undeclared.contains("self")) block.self_slot = places_[frame.symbols.declare_parameter("self")].slot;
    if (undeclared.contains("super")) block.super_slot = places_[frame.symbols.declare_parameter("super")].slot;
    FrameSymbols(frame.symbols).body(block.body);
    escaping_ = {};
    body(block.body, frame);
    block.frame = code_of(frame, true);
  }

  void body(const Body& statements, Frame& frame) {
    for (Stmt* node : statements) statement(*node, frame);
  }

  void statement(Stmt& node, Frame& frame) {
    switch (node.kind) {
      case StmtKind::text: return;
      case StmtKind::print: return print(static_cast<PrintStmt&>(node), frame);
      case StmtKind::for_: return loop(static_cast<ForStmt&>(node), frame);
      case StmtKind::if_: return condition(static_cast<IfStmt&>(node), frame);
      case StmtKind::set: return set(static_cast<SetStmt&>(node), frame);
      case StmtKind::set_block: return set_block(static_cast<SetBlockStmt&>(node), frame);
      case StmtKind::macro: return macro(static_cast<MacroStmt&>(node), frame);
      case StmtKind::call_block: return call_block(static_cast<CallBlockStmt&>(node), frame);
      case StmtKind::filter_block: return filter_block(static_cast<FilterBlockStmt&>(node), frame);
      case StmtKind::with: return with(static_cast<WithStmt&>(node), frame);
      case StmtKind::block: return block(static_cast<BlockStmt&>(node), frame);
      case StmtKind::autoescape: return autoescape(static_cast<AutoescapeStmt&>(node), frame);
      case StmtKind::extends: return extends(static_cast<LoadStmt&>(node), frame);
      case StmtKind::include:
      case StmtKind::import:
      case StmtKind::from_import: return read(static_cast<LoadStmt&>(node).node, frame);
    }
  }

  void print(PrintStmt& node, Frame& frame) {
    if (frame.unseen && known_extends_) return;
    // What is constant is escaped as is known now, whatever the rendering says.
    if (const auto text = folding_.printed(*node.node, escaping_)) {
      node.node =
          program_.arena.make<Constant>(Expr{ExprKind::constant, 0, node.at}, Value::text(program_.arena.copy(*text)));
      return;
    }
    node.escaping = escaping();
    read(node.node, frame);
  }

  void condition(IfStmt& node, Frame& frame) {
    const bool was_soft = std::exchange(frame.soft, true);
    const bool was_root = std::exchange(frame.root, false);
    read(node.test, frame);
    body(node.body, frame);
    for (IfStmt* other : node.elifs) {
      read(other->test, frame);
      body(other->body, frame);
    }
    body(node.otherwise, frame);
    frame.soft = was_soft;
    frame.root = was_root;
  }

  void loop(ForStmt& node, Frame& frame) {
    FunctionScope* function = nullptr;
    if (node.recursive) {
      node.function = program_.arena.make<FunctionCode>();
      function = new_function(*node.function, frame.symbols.function());
    }
    Frame loop_frame = inner(frame, function);
    Frame else_frame = inner(frame, function);
    Contents contents;
    search(node, contents);
    node.extended = node.recursive || contents.scoped_block || find_undeclared(node.body, {"loop"}).contains("loop");
    if (node.extended) node.loop_slot = places_[loop_frame.symbols.declare_parameter("loop")].slot;
    FrameSymbols(loop_frame.symbols).target(node.target);
    FrameSymbols(loop_frame.symbols).body(node.body);
    FrameSymbols(else_frame.symbols).body(node.otherwise);
    if (node.test != nullptr) loop_filter(node, frame);
    if (contents.stores_loop) {
      throw Failure{
          ErrorKind::assertion, "Can't assign to special loop variable in for-loop target", contents.loop_at, {}};
    }
    expression(node.target, loop_frame);
    read(node.iterable, frame);
    body(node.body, loop_frame);
    node.frame = code_of(loop_frame, node.recursive && node.otherwise.empty());
    if (node.otherwise.empty()) return;
    body(node.otherwise, else_frame);
    node.else_frame = code_of(else_frame, false);
  }

  void loop_filter(ForStmt& node, Frame& frame) {
    node.test_function = program_.arena.make<FunctionCode>();
    Frame test_frame = inner(frame, new_function(*node.test_function, frame.symbols.function()));
    FrameSymbols(test_frame.symbols).target(node.target);
    FrameSymbols(test_frame.symbols).expression(node.test);
    node.test_target = copy_target(node.target);
    expression(node.test_target, test_frame);
    read(node.test, test_frame);
    node.test_frame = code_of(test_frame, true);
  }

  Expr* copy_target(Expr* target) {
    if (target->kind == ExprKind::name) return program_.arena.make<Name>(static_cast<Name&>(*target));
    if (target->kind != ExprKind::tuple) return target;
    auto* copy = program_.arena.make<Items>(static_cast<Items&>(*target));
    std::vector<Expr*> items;
    for (Expr* item : copy->items) items.push_back(copy_target(item));
    copy->items = kept(items);
    return copy;
  }

  void export_names(Expr* target, const Frame& frame, std::vector<Export>& exports) {
    if (!frame.top) return;
    if (target->kind == ExprKind::name) {
      const auto& name = static_cast<Name&>(*target);
      exports.push_back({name.slot, number_of(name.name)});
    } else if (target->kind == ExprKind::tuple) {
      for (Expr* item : static_cast<Items&>(*target).items) export_names(item, frame, exports);
    }
  }

  Array<Export> exports_of(Expr* target, const Frame& frame) {
    std::vector<Export> exports;
    export_names(target, frame, exports);
    return kept(exports);
  }

  void set(SetStmt& node, Frame& frame) {
    expression(node.target, frame);
    read(node.node, frame);
    node.exports = exports_of(node.target, frame);
  }

  void set_block(SetBlockStmt& node, Frame& frame) {
    Frame block = inner(frame);
    block.unseen = false;
    FrameSymbols(block.symbols).body(node.body);
    body(node.body, block);
    expression(node.target, frame);
    read_filter(node.filter, block);
    node.frame = code_of(block, false);
    node.exports = exports_of(node.target, frame);
  }

  void macro_code(MacroCode& code, const Frame& outer) {
    Frame frame = inner(outer, new_function(code.function, outer.symbols.function()));
    frame.unseen = false;
    FrameSymbols(frame.symbols).macro(code);
    bool takes_caller = false;
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < code.parameters.size; ++i) {
      const Name& parameter = *code.parameters[i];
      if (!names.insert(parameter.name).second) {
        throw Failure{ErrorKind::pysyntax,
                      "duplicate argument '" + std::string(parameter.name) + "' in function definition",
                      parameter.at,
                      {}};
      }
      if (parameter.name != "caller") continue;
      takes_caller = true;
      code.explicit_caller = true;
      code.uses_caller = i + code.defaults.size >= code.parameters.size;
    }
    const auto undeclared = find_undeclared(code.body, {"caller", "kwargs", "varargs"});
    const auto special = [&](std::string_view name) { return places_[frame.symbols.declare_parameter(name)].slot; };
    if (undeclared.contains("caller")) {
      if (takes_caller && !code.uses_caller) {
        throw Failure{ErrorKind::assertion,
                      "When defining macros or call blocks the special \"caller\" argument must be omitted or be given "
                      "a default.",
                      code.at,
                      {}};
      }
      if (!takes_caller) code.caller_slot = special("caller");
      code.uses_caller = true;
    } else {
      code.uses_caller = false;
    }
    code.uses_kwargs = undeclared.contains("kwargs") && !names.contains("kwargs");
    if (code.uses_kwargs) code.kwargs_slot = special("kwargs");
    code.uses_varargs = undeclared.contains("varargs") && !names.contains("varargs");
    if (code.uses_varargs) code.varargs_slot = special("varargs");
    FrameSymbols(frame.symbols).macro(code);
    code.escaped = escaping() == Escaping::on;
    for (Name* parameter : code.parameters) expression(parameter, frame);
    for (Expr*& value : code.defaults) read(value, frame);
    body(code.body, frame);
    code.frame = code_of(frame, true);
  }

  void macro(MacroStmt& node, Frame& frame) {
    macro_code(*node.code, frame);
    const std::string_view name = node.code->name.as_text();
    node.slot = slot_of(name, frame);
    if (frame.top) node.exports = kept(std::vector<Export>{{node.slot, number_of(name)}});
  }

  void call_block(CallBlockStmt& node, Frame& frame) {
    macro_code(*node.code, frame);
    node.escaping = escaping();
    folding_.folded(node.call, escaping_);  // itself it is never constant
    expression(node.call, frame);
  }

  void filter_block(FilterBlockStmt& node, Frame& frame) {
    Frame block = inner(frame);
    FrameSymbols(block.symbols).body(node.body);
    FrameSymbols(block.symbols).expression(node.filter);
    node.escaping = escaping();
    body(node.body, block);
    read_filter(node.filter, block);
    node.frame = code_of(block, false);
  }

  void with(WithStmt& node, Frame& frame) {
    Frame block = inner(frame);
    for (Expr* target : node.targets) FrameSymbols(block.symbols).expression(target);
    FrameSymbols(block.symbols).body(node.body);
    for (Expr* target : node.targets) expression(target, block);
    for (Expr*& value : node.values) read(value, frame);
    body(node.body, block);
    node.frame = code_of(block, false);
  }

  void block(BlockStmt& node, Frame& frame) {
    if (!node.scoped) return;
    std::vector<Visible> visible;
    for (const auto& [name, target] : frame.symbols.visible_stores()) {
      visible.push_back({number_of(name), slot_of(target, frame.symbols.function())});
    }
    node.visible = kept(visible);
  }

  void autoescape(AutoescapeStmt& node, Frame& frame) {
    Frame scope = inner(frame);
    FrameSymbols(scope.symbols).expression(node.node);
    FrameSymbols(scope.symbols).body(node.body);
    const KnownEscaping before = escaping_;
    const auto known = folding_.truth(*node.node, escaping_);
    read(node.node, scope);
    if (known) {
      escaping_.autoescape = *known;
    } else {
      escaping_.is_volatile = true;
    }
    body(node.body, scope);
    escaping_ = before;
    node.frame = code_of(scope, false);
  }

  void extends(LoadStmt& node, Frame& frame) {
    if (!frame.top) {
      throw Failure{ErrorKind::assertion, "cannot use extend from a non top-level scope", node.at, {}};
    }
    read(node.node, frame);
    known_extends_ |= frame.root;
  }

  void finish() {
    program_.undeclared.assign(undeclared_.begin(), undeclared_.end());
    for (const std::string_view name : program_.names) {
      program_.initial.push_back(name == "payload" ? Value::none() : global_named(name));
    }
  }

  Template::Program& program_;
  std::deque<FunctionScope> functions_;
  std::vector<Place> places_;
  std::map<std::string_view, std::uint32_t> numbers_;
  std::set<std::string_view> undeclared_;
  Contents contents_;
  KnownEscaping escaping_;
  Folding folding_;
  bool known_extends_ = false;
};

}  // namespace

void resolve(Template::Program& program) {
  Resolver(program).run();
}

}  // namespace tocsin::jinja
