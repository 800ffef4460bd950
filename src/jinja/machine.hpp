// The machine: walks the tree of one program for one rendering. Functions of the compiled form (macros, blocks,
// recursive loops, loop filters, the root) each have an Activation with their variables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jinja/evaluation.hpp"
#include "jinja/machine_objects.hpp"
#include "jinja/program.hpp"

namespace tocsin::jinja {

/// Compiled patterns by dialect and source.
using Patterns = std::unordered_map<std::string, pattern::Pattern>;

/// Thrown when a template changes data of its caller: the rendering starts again on copies.
struct CopiesNeeded {};

class Machine final : public Evaluation {
 public:
  struct Parts {
    value::Arena& arena;
    Patterns& patterns;
    const Budget& budget;
    clock::Instant now;
    std::string& out;
  };
  Machine(const Parts& parts, const Template::Program& program, Value* scope);

  void run();
  /// Whether Markup is to be produced from now on.
  void set_autoescape(bool on) { autoescape_ = on; }
  /// Where in the source the machine is.
  std::uint32_t at() const { return at_; }

  // What Evaluation offers, in terms of the tree.
  std::string& output() { return out_; }
  Value call_value(Value callee, const Arguments& arguments);
  Value block_named(const SelfObject& self, std::string_view name);
  const pattern::Pattern& pattern_of(std::string_view source, pattern::Dialect dialect);
  bool passes(const ForStmt& node, Activation& activation, Value item);
  /// `x.name`; `method` is the number of the name.
  Value attribute_of(Value of, Value name, MethodName method);

 private:
  friend struct LoopFilter;
  class Call;  // one level deeper

  // Statements.
  void body(const Body& statements) {
    for (Stmt* node : statements) statement(*node);
  }
  void statement(const Stmt& node);
  void write(std::string_view text) {
    out_ += text;
    check_output();
  }
  void print(const PrintStmt& node);
  void append(Value v, Escaping escaping);
  void append_slowly(Value v, bool escapes);
  /// What a call block or filter block gives; Jinja2 takes text only.
  void append_block(Value v);
  void loop(const ForStmt& node);
  bool pair_iterations(const ForStmt& node, Cursor& cursor);
  bool plain_iterations(const ForStmt& node, Value iterable);
  bool loop_iterations(const ForStmt& node, LoopObject& loop);
  void iterations(const ForStmt& node, Value iterable, std::int64_t depth0, Activation* outer);
  void condition(const IfStmt& node);
  void set(const SetStmt& node);
  void set_member(const Member& target, const SetStmt& node);
  void set_block(const SetBlockStmt& node);
  void call_block(const CallBlockStmt& node);
  void filter_block(const FilterBlockStmt& node);
  void with(const WithStmt& node);
  void block(const BlockStmt& node);
  void run_block(const BlockStmt& node, Value* scope);
  void autoescape_body(const AutoescapeStmt& node);
  void load(const LoadStmt& node);
  void enter(const FrameCode& frame);
  void leave(const FrameCode& frame);
  void assign(const Expr& target, Value v);
  void unpack(const Items& target, Value v);
  void export_names(const Array<Export>& exports);
  void check_output() {
    if (out_.size() > budget_.output_bytes) out_of_output();
  }
  [[noreturn]] void out_of_output();
  /// The text printed since `start`, taken back.
  Value captured(std::size_t start, bool safe);

  // Expressions.
  Value eval(const Expr& node);
  bool truth(const Expr& node);
  Value name(const Name& node) {
    const Value v = slot(node.slot);
    return v.is_undefined() && v.missing_name() == nullptr ? node.unset : v;
  }
  Value& slot(Slot slot) {
    Activation* activation = activation_;
    for (std::uint16_t hop = 0; hop < slot.hops; ++hop) activation = activation->outer;
    return activation->slots[slot.index];
  }
  Value dict(const DictExpr& node);
  value::List* items(const Items& node);
  Value item_of(const ItemExpr& node);
  Value slice_of(Value of, const SliceExpr& node);
  Value concatenated(const Items& node);
  Value binary(const BinaryExpr& node);
  bool comparison(const CompareExpr& node);
  Value conditional(const ConditionExpr& node);
  Value filtered(const FilterExpr& node);
  bool tested(const FilterExpr& node);
  Value called(const CallExpr& node, const Keyword* extra);
  Value method_called(const CallExpr& node, const AttributeExpr& attribute, const Keyword* extra);
  template <class Run>
  auto with_arguments(const ArgumentsExpr& node, const Keyword* extra, Run run);
  Arguments spread_arguments(const ArgumentsExpr& node, const Keyword* extra);

  // Calls.
  Activation* activate(const FunctionCode& code, Activation* outer);
  Value call_macro(const MacroObject& macro, const Arguments& arguments);
  /// Returns how many parameters are given by position.
  std::uint32_t bind_macro(const MacroCode& code, const Arguments& arguments, Activation& activation);
  Value loop_again(const LoopObject& loop, const Arguments& arguments);
  Value call_block_object(const BlockObject& object, const Arguments& arguments);

  const Template::Program& program_;
  Patterns& patterns_;
  std::string& out_;
  Value* scope_;
  Activation* activation_ = nullptr;
  std::uint32_t at_ = no_place;
  std::uint32_t depth_ = 0;
  const char* stack_base_;
  Value captured_;  ///< what a filter without subject is applied to
};

// Operators on values with dates among them; undefined operands fail.
Value binary_operation(Evaluation& evaluation, BinaryOp op, Value a, Value b);
Value negated(Evaluation& evaluation, Value v);
Value positive(Evaluation& evaluation, Value v);

}  // namespace tocsin::jinja
