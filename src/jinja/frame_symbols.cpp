#include "jinja/frame_symbols.hpp"

#include <vector>

#include "jinja/walk.hpp"

namespace tocsin::jinja {

void FrameSymbols::expression(Expr* node) {
  if (node->kind == ExprKind::name) {
    const auto& name = static_cast<Name&>(*node);
    switch (name.use) {
      case NameUse::load: symbols_->load(name.name); return;
      case NameUse::store: symbols_->store(name.name); return;
      case NameUse::param: symbols_->declare_parameter(name.name); return;
    }
  }
  if (node->kind == ExprKind::member) return symbols_->load(static_cast<Member&>(*node).name);
  each_child(*node, [&](Expr* child) { expression(child); });
}

void FrameSymbols::target(Expr* node) {
  if (node->kind == ExprKind::name) {
    symbols_->declare_parameter(static_cast<Name&>(*node).name);
  } else {
    each_child(*node, [&](Expr* child) { target(child); });
  }
}

void FrameSymbols::body(const Body& statements) {
  for (Stmt* node : statements) statement(*node);
}

void FrameSymbols::macro(const MacroCode& code) {
  for (Name* parameter : code.parameters) expression(parameter);
  for (Expr* value : code.defaults) expression(value);
  body(code.body);
}

void FrameSymbols::branches(IfStmt& node) {
  expression(node.test);
  Symbols* const original = symbols_;
  std::vector<Symbols> found(3, *original);
  symbols_ = &found[0];
  body(node.body);
  symbols_ = &found[1];
  for (IfStmt* other : node.elifs) branches(*other);
  symbols_ = &found[2];
  body(node.otherwise);
  symbols_ = original;
  symbols_->update_from_branches(found);
}

void FrameSymbols::statement(Stmt& node) {
  switch (node.kind) {
    case StmtKind::print: return expression(static_cast<PrintStmt&>(node).node);
    case StmtKind::for_: return expression(static_cast<ForStmt&>(node).iterable);
    case StmtKind::if_: return branches(static_cast<IfStmt&>(node));
    case StmtKind::set:
      expression(static_cast<SetStmt&>(node).node);
      return expression(static_cast<SetStmt&>(node).target);
    case StmtKind::set_block: return expression(static_cast<SetBlockStmt&>(node).target);
    case StmtKind::macro: return symbols_->store(static_cast<MacroStmt&>(node).code->name.as_text());
    case StmtKind::call_block: return expression(static_cast<CallBlockStmt&>(node).call);
    case StmtKind::filter_block: return expression(static_cast<FilterBlockStmt&>(node).filter);
    case StmtKind::with:
      for (Expr* value : static_cast<WithStmt&>(node).values) expression(value);
      return;
    case StmtKind::include:
    case StmtKind::extends: return expression(static_cast<LoadStmt&>(node).node);
    case StmtKind::import:
    case StmtKind::from_import:
      expression(static_cast<LoadStmt&>(node).node);
      for (Name* name : static_cast<LoadStmt&>(node).targets) symbols_->store(name->name);
      return;
    case StmtKind::text:
    case StmtKind::block:
    case StmtKind::autoescape: return;
  }
}

namespace {

/// Goes through expressions and statements in the order of Jinja2's node fields.
class Search {
 public:
  explicit Search(std::set<std::string_view> names) : names_(std::move(names)) {}

  std::set<std::string_view> found;
  Contents contents;
  bool enter_blocks = false;

  void body(const Body& statements) {
    for (const Stmt* node : statements) statement(*node);
  }

  void expression(Expr* node) {
    if (node == nullptr) return;
    if (node->kind == ExprKind::name) return name(static_cast<const Name&>(*node));
    each_child(*node, [&](Expr* child) { expression(child); });
  }

  void loop(const ForStmt& node) {
    expression(node.target);
    expression(node.iterable);
    body(node.body);
    body(node.otherwise);
    expression(node.test);
  }

 private:
  void name(const Name& node) {
    if (node.use == NameUse::load) {
      if (names_.contains(node.name)) found.insert(node.name);
      return;
    }
    names_.erase(node.name);
    if (node.use == NameUse::store && node.name == "loop" && !contents.stores_loop) {
      contents.stores_loop = true;
      contents.loop_at = node.at;
    }
  }

  void macro(const MacroCode& code) {
    for (Name* parameter : code.parameters) expression(parameter);
    for (Expr* value : code.defaults) expression(value);
    body(code.body);
  }

  void branches(const IfStmt& node) {
    expression(node.test);
    body(node.body);
    for (const IfStmt* other : node.elifs) branches(*other);
    body(node.otherwise);
  }

  void statement(const Stmt& node) {
    switch (node.kind) {
      case StmtKind::text: return;
      case StmtKind::print: return expression(static_cast<const PrintStmt&>(node).node);
      case StmtKind::for_: return loop(static_cast<const ForStmt&>(node));
      case StmtKind::if_: return branches(static_cast<const IfStmt&>(node));
      case StmtKind::set:
        expression(static_cast<const SetStmt&>(node).target);
        return expression(static_cast<const SetStmt&>(node).node);
      case StmtKind::set_block:
        expression(static_cast<const SetBlockStmt&>(node).target);
        expression(static_cast<const SetBlockStmt&>(node).filter);
        return body(static_cast<const SetBlockStmt&>(node).body);
      case StmtKind::macro: return macro(*static_cast<const MacroStmt&>(node).code);
      case StmtKind::call_block:
        expression(static_cast<const CallBlockStmt&>(node).call);
        return macro(*static_cast<const CallBlockStmt&>(node).code);
      case StmtKind::filter_block:
        body(static_cast<const FilterBlockStmt&>(node).body);
        return expression(static_cast<const FilterBlockStmt&>(node).filter);
      case StmtKind::with:
        for (Expr* target : static_cast<const WithStmt&>(node).targets) expression(target);
        for (Expr* value : static_cast<const WithStmt&>(node).values) expression(value);
        return body(static_cast<const WithStmt&>(node).body);
      case StmtKind::block:
        contents.scoped_block |= static_cast<const BlockStmt&>(node).scoped;
        if (enter_blocks) body(static_cast<const BlockStmt&>(node).body);
        return;
      case StmtKind::autoescape:
        expression(static_cast<const AutoescapeStmt&>(node).node);
        return body(static_cast<const AutoescapeStmt&>(node).body);
      case StmtKind::extends: contents.extends = true; [[fallthrough]];
      case StmtKind::include:
      case StmtKind::import:
      case StmtKind::from_import: return expression(static_cast<const LoadStmt&>(node).node);
    }
  }

  std::set<std::string_view> names_;
};

}  // namespace

std::set<std::string_view> find_undeclared(const Body& body, std::initializer_list<std::string_view> names) {
  Search search{std::set<std::string_view>(names)};
  search.body(body);
  return search.found;
}

void search(const Body& body, Contents& found) {
  Search search({});
  search.enter_blocks = true;
  search.body(body);
  found = search.contents;
}

void search(const ForStmt& node, Contents& found) {
  Search search({});
  search.enter_blocks = true;
  search.loop(node);
  found = search.contents;
}

}  // namespace tocsin::jinja
