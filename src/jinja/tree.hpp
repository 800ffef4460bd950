// The compiled form of a template: a tree whose names are resolved to slots. The parser builds it, the resolver fills
// in the slots, the machine walks it. Immutable afterwards; nodes live in the program's arena.
// A node's `at` is its byte offset in the normalised source.
#pragma once

#include <cstdint>
#include <string_view>

#include "value/value.hpp"

namespace tocsin::jinja {

using value::Value;

/// A fixed array in an arena.
template <class T>
struct Array {
  T* items = nullptr;
  std::uint32_t size = 0;

  T* begin() const { return items; }
  T* end() const { return items + size; }
  T& operator[](std::size_t i) const { return items[i]; }
  bool empty() const { return size == 0; }
};

enum class ExprKind : std::uint8_t {
  constant,
  name,
  member,
  list,
  tuple,
  dict,
  attribute,
  item,
  slice,
  call,
  filter,
  test,
  negate,
  negative,
  positive,
  binary,
  compare,
  both,
  either,
  concat,
  condition,
};

enum class BinaryOp : std::uint8_t { add, subtract, multiply, divide, floor_divide, modulo, power };
enum class CompareOp : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal, in, not_in };

struct Expr {
  ExprKind kind;
  std::uint16_t height;  ///< of the tree below
  std::uint32_t at;
};

/// A literal. Containers are displays, never constants.
struct Constant : Expr {
  Value value;
};

/// Where a variable lives: `hops` functions out, slot `index`.
struct Slot {
  std::uint16_t hops = 0;
  std::uint16_t index = 0;
};

enum class NameUse : std::uint8_t { load, store, param };

struct Name : Expr {
  NameUse use = NameUse::load;
  std::string_view name;
  Slot slot;
  Value unset;  ///< what reading gives while nothing is assigned: an undefined value of this name
};

/// `ns.attr` as the target of `set`.
struct Member : Expr {
  std::string_view name;
  std::string_view attribute;
  Slot slot;
};

struct Items : Expr {  // list, tuple, concat
  Array<Expr*> items;
  bool escaped = false;  ///< concat: compiled inside an autoescape block
};

struct PairExpr {
  Expr* key;
  Expr* value;
};
struct DictExpr : Expr {
  Array<PairExpr> pairs;
  value::Dict* constant = nullptr;  ///< the dict itself when all keys and values are constants
};

struct AttributeExpr : Expr {
  Expr* node = nullptr;
  Value name;                ///< a string
  std::uint16_t method = 0;  ///< MethodName of the name; 0 when no value has such a method
};
struct ItemExpr : Expr {
  Expr* node = nullptr;
  Expr* index = nullptr;  ///< may be a SliceExpr
};
struct SliceExpr : Expr {
  Expr* start = nullptr;
  Expr* stop = nullptr;
  Expr* step = nullptr;
};

struct KeywordExpr {
  Value name;
  Expr* value;
};
/// The arguments of a call, filter or test.
struct ArgumentsExpr {
  Array<Expr*> positional;
  Array<KeywordExpr> keywords;
  Expr* star = nullptr;
  Expr* double_star = nullptr;
};
struct CallExpr : Expr {
  Expr* node = nullptr;
  ArgumentsExpr arguments;
};
/// A filter or a test.
struct FilterExpr : Expr {
  Expr* node = nullptr;  ///< null: the body of a filter block or set block
  std::string_view name;
  std::uint16_t id = 0;  ///< 0: unknown; fails when reached
  ArgumentsExpr arguments;
};

struct UnaryExpr : Expr {  // negate, negative, positive
  Expr* node = nullptr;
};
struct BinaryExpr : Expr {  // binary, both, either
  BinaryOp op{};
  Expr* left = nullptr;
  Expr* right = nullptr;
};
struct CompareExpr : Expr {
  struct Link {
    CompareOp op;
    Expr* right;
  };
  Expr* left = nullptr;
  Array<Link> links;
};
struct ConditionExpr : Expr {
  Expr* test = nullptr;
  Expr* then = nullptr;
  Expr* otherwise = nullptr;  ///< may be null
};

enum class StmtKind : std::uint8_t {
  text,
  print,
  for_,
  if_,
  set,
  set_block,
  macro,
  call_block,
  filter_block,
  with,
  block,
  include,
  import,
  from_import,
  extends,
  autoescape,
};

struct Stmt {
  StmtKind kind;
  std::uint32_t at;
};
using Body = Array<Stmt*>;

/// What happens to a variable when its frame is entered.
struct Load {
  enum class From : std::uint8_t { scope, alias, missing };
  From from;
  std::uint16_t slot;
  std::uint32_t name = 0;  ///< scope: number in Program::names
  Slot source;             ///< alias
};
/// The variables of a frame: what entering it does, and which slots leaving it clears.
struct FrameCode {
  Array<Load> enter;
  Array<std::uint16_t> leave;
};
/// The value of a slot to which nothing is assigned.
inline Value unset_value() {
  return Value::undefined();
}

/// Output escaping, decided at compile time unless `dynamic`.
enum class Escaping : std::uint8_t { off, on, dynamic };

/// What a function scope needs: macro bodies, call blocks, recursive loops, loop filters, blocks, the root.
struct FunctionCode {
  std::uint16_t slots = 0;
  bool captured = false;  ///< an inner function reads its variables
};

struct TextStmt : Stmt {
  std::string_view text;
};
struct PrintStmt : Stmt {
  Expr* node = nullptr;
  Escaping escaping = Escaping::off;
};

/// A name assigned at the top level (also written to the scope) or in a block.
struct Export {
  Slot slot;
  std::uint32_t name;
};

struct ForStmt : Stmt {
  Expr* target = nullptr;
  Expr* iterable = nullptr;
  Expr* test = nullptr;
  Body body;
  Body otherwise;
  bool recursive = false;
  bool extended = false;  ///< the body uses `loop`
  std::uint16_t loop_slot = 0;
  FrameCode frame;
  FrameCode else_frame;
  FrameCode test_frame;
  Expr* test_target = nullptr;            ///< the target again, resolved inside the filter function
  FunctionCode* function = nullptr;       ///< of a recursive loop
  FunctionCode* test_function = nullptr;  ///< of the filter
};
struct IfStmt : Stmt {
  Expr* test = nullptr;
  Body body;
  Array<IfStmt*> elifs;
  Body otherwise;
};
struct SetStmt : Stmt {
  Expr* target = nullptr;
  Expr* node = nullptr;
  Array<Export> exports;
};
struct SetBlockStmt : Stmt {
  Expr* target = nullptr;
  FilterExpr* filter = nullptr;
  Body body;
  FrameCode frame;
  Array<Export> exports;
};
/// The parameters and body of a macro or of a call block's caller.
struct MacroCode {
  Value name;
  std::uint32_t at = 0;
  Array<Name*> parameters;
  Array<Expr*> defaults;  ///< of the last parameters
  Body body;
  bool uses_caller = false;
  bool uses_kwargs = false;
  bool uses_varargs = false;
  bool explicit_caller = false;
  std::uint16_t caller_slot = 0;
  std::uint16_t kwargs_slot = 0;
  std::uint16_t varargs_slot = 0;
  FrameCode frame;
  FunctionCode function;
  bool escaped = false;  ///< compiled inside an autoescape block (static)
};
struct MacroStmt : Stmt {
  MacroCode* code = nullptr;
  Slot slot;
  Array<Export> exports;
};
struct CallBlockStmt : Stmt {
  CallExpr* call = nullptr;
  MacroCode* code = nullptr;
  Escaping escaping = Escaping::off;
};
struct FilterBlockStmt : Stmt {
  FilterExpr* filter = nullptr;
  Body body;
  FrameCode frame;
  Escaping escaping = Escaping::off;
};
struct WithStmt : Stmt {
  Array<Expr*> targets;
  Array<Expr*> values;
  Body body;
  FrameCode frame;
};
/// A name visible where a scoped block stands.
struct Visible {
  std::uint32_t name;
  Slot slot;
};
struct BlockStmt : Stmt {
  std::string_view name;
  Body body;
  bool scoped = false;
  bool required = false;
  FrameCode frame;
  FunctionCode function;
  std::uint16_t self_slot = 0xFFFF;  ///< 0xFFFF: not used
  std::uint16_t super_slot = 0xFFFF;
  Array<Visible> visible;  ///< of a scoped block
};
/// include, import, from import, extends: they parse, but no template can be loaded.
struct LoadStmt : Stmt {
  Expr* node = nullptr;
  bool ignore_missing = false;
  Array<Name*> targets;  ///< what an import would define
};
struct AutoescapeStmt : Stmt {
  Expr* node = nullptr;
  Body body;
  FrameCode frame;
};

}  // namespace tocsin::jinja
