// What Jinja2 works out while it compiles: expressions of constants become constants. Templates can tell the
// difference (a slice of a number is undefined then, an error later; concatenation does not escape), so it is done
// exactly where Jinja2 does it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "jinja/machine.hpp"
#include "jinja/program.hpp"

namespace tocsin::jinja {

/// The escaping of the place in the template, as far as it is known while compiling.
struct KnownEscaping {
  bool autoescape = false;
  bool is_volatile = false;  ///< inside an `autoescape` whose value is known at rendering only
};

/// Folds the expressions of one program. Lives while the program is compiled.
class Folding {
 public:
  explicit Folding(Template::Program& program) : program_(program) {}

  /// The expression as it is to be run; may be another node than the given one. Throws (PythonError, Failure) where
  /// Jinja2 fails to compile.
  Expr* folded(Expr* node, KnownEscaping escaping);
  /// What `{{ node }}` prints, when that is known now.
  std::optional<std::string> printed(const Expr& node, KnownEscaping escaping);
  /// The truth of a constant expression; nothing when it is not constant.
  std::optional<bool> truth(const Expr& node, KnownEscaping escaping);

 private:
  struct Bench;
  struct Called;

  Evaluation& evaluation();
  Expr* reduced(Expr* node);
  Expr* finished(Expr* node);
  bool value_of(const Expr& node, Value& out);
  bool container_of(const Expr& node, Value& out);
  bool dict_of(const DictExpr& node, Value& out);
  bool item_of(const ItemExpr& node, Value& out);
  bool called(const FilterExpr& node, Value& out);
  bool arguments_of(const ArgumentsExpr& node, Called& into);
  bool operation(const Expr& node, Value& out);
  bool compared(const CompareExpr& node, Value& out);
  bool joined(const Items& node, Value& out);
  template <class Run>
  bool guarded(Run run);

  Expr* expression_of(Value v, std::uint32_t at);
  Expr* display_of(Value v, std::uint32_t at);
  Expr* display_of(const value::Dict& dict, std::uint32_t at);
  Expr* unnameable(const Constant& node);

  Template::Program& program_;
  std::shared_ptr<Bench> bench_;
  KnownEscaping escaping_;
};

}  // namespace tocsin::jinja
