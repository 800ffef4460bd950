// Which names the statements of a frame store and read, by Jinja2's rules.
#pragma once

#include <initializer_list>
#include <set>
#include <string_view>

#include "jinja/symbols.hpp"

namespace tocsin::jinja {

/// Enters the names of expressions and statements into a frame's symbols; stops at inner frames.
class FrameSymbols {
 public:
  explicit FrameSymbols(Symbols& symbols) : symbols_(&symbols) {}

  void expression(Expr* node);
  /// A loop's target: its names are parameters.
  void target(Expr* node);
  void body(const Body& statements);
  void macro(const MacroCode& code);

 private:
  void statement(Stmt& node);
  void branches(IfStmt& node);

  Symbols* symbols_;
};

/// Those of the names that the statements read before they define them. Does not look into blocks.
std::set<std::string_view> find_undeclared(const Body& body, std::initializer_list<std::string_view> names);

/// What a search of the statements and everything below them found.
struct Contents {
  bool stores_loop = false;  ///< something assigns to `loop`
  std::uint32_t loop_at = 0;
  bool scoped_block = false;
  bool extends = false;
};
void search(const Body& body, Contents& found);
void search(const ForStmt& node, Contents& found);

}  // namespace tocsin::jinja
