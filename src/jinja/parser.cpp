#include "jinja/parser.hpp"

#include <algorithm>

#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  value::append_text_repr(out, text);
  return out;
}

}  // namespace

void parse(Template::Program& program) {
  program.body = Parser(program).parse_template();
}

Parser::Parser(Template::Program& program) : program_(program), tokens_(tokens_of(program.source)) {
  if (tokens_.failure && tokens_.items.size() == 1) throw *tokens_.failure;
}

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ > nesting_limit) {
    --parser_.depth_;
    parser_.fail_here("maximum recursion depth exceeded", ErrorKind::recursion);
  }
}

const Token& Parser::look() {
  const std::size_t wanted = std::min(at_ + 1, tokens_.items.size() - 1);
  if (tokens_.failure && wanted + 1 == tokens_.items.size()) throw *tokens_.failure;
  return tokens_.items[wanted];
}

Token Parser::next() {
  const Token token = current();
  if (at_ + 1 < tokens_.items.size()) ++at_;
  if (tokens_.failure && at_ + 1 == tokens_.items.size()) throw *tokens_.failure;
  return token;
}

bool Parser::skip_op(std::string_view op) {
  if (!current().is_op(op)) return false;
  next();
  return true;
}

bool Parser::skip_name(std::string_view name) {
  if (!current().is_name(name)) return false;
  next();
  return true;
}

void Parser::fail_at(std::uint32_t at, std::string message, ErrorKind kind) {
  throw Failure{kind, std::move(message), at, {}};
}

void Parser::fail_here(std::string message, ErrorKind kind) {
  fail_at(current().at, std::move(message), kind);
}

void Parser::fail_expected(const std::string& what) {
  if (current().kind == TokenKind::end) fail_here("unexpected end of template, expected " + quoted(what) + ".");
  fail_here("expected token " + quoted(what) + ", got " + quoted(describe(current())));
}

Token Parser::expect(TokenKind kind) {
  if (current().kind != kind) fail_expected(describe(kind));
  return next();
}

Token Parser::expect_op(std::string_view op) {
  if (!current().is_op(op)) fail_expected(std::string(op));
  return next();
}

Token Parser::expect_name(std::string_view name) {
  if (!current().is_name(name)) fail_expected(std::string(name));
  return next();
}

bool Parser::is_any_name(const Words& names) const {
  return current().kind == TokenKind::name && std::find(names.begin(), names.end(), current().text) != names.end();
}

void Parser::fail_tags(const Token* unknown, const std::vector<Words>& stack) {
  std::string message =
      unknown == nullptr ? "Unexpected end of template." : "Encountered unknown tag " + quoted(unknown->text) + ".";
  if (!stack.empty()) {
    std::string wanted;
    for (const std::string_view word : stack.back()) {
      if (!wanted.empty()) wanted += " or ";
      wanted += quoted(word);
    }
    const auto expects = [&](const Words& words) {
      return unknown != nullptr && std::find(words.begin(), words.end(), unknown->text) != words.end();
    };
    message += std::any_of(stack.begin(), stack.end(), expects)
                   ? " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for "
                   : " Jinja was looking for the following tags: ";
    message += wanted + ".";
  }
  if (!tag_stack_.empty()) {
    message += " The innermost block that needs to be closed is " + quoted(tag_stack_.back()) + ".";
  }
  fail_at(unknown == nullptr ? current().at : unknown->at, std::move(message));
}

Body Parser::parse_template() {
  const Body body = subparse(nullptr);
  return body;
}

Body Parser::subparse(const Words* end) {
  const Nesting nesting(*this);
  if (end != nullptr) end_stack_.push_back(*end);
  std::vector<Stmt*> body;
  while (current().kind != TokenKind::end) {
    if (current().kind == TokenKind::data) {
      const Token token = next();
      auto* text = stmt<TextStmt>(StmtKind::text, token.at);
      text->text = token.text;
      body.push_back(text);
    } else if (current().kind == TokenKind::variable_begin) {
      const Token begin = next();
      auto* print = stmt<PrintStmt>(StmtKind::print, begin.at);
      print->node = parse_tuple(false, true);
      body.push_back(print);
      expect(TokenKind::variable_end);
    } else {
      next();
      if (end != nullptr && is_any_name(*end)) break;
      parse_statement(body);
      expect(TokenKind::block_end);
    }
  }
  if (end != nullptr) end_stack_.pop_back();
  return kept(body);
}

Body Parser::parse_statements(const Words& end, bool drop_needle) {
  skip_op(":");
  expect(TokenKind::block_end);
  const Body body = subparse(&end);
  if (current().kind == TokenKind::end) {
    std::vector<Words> stack = end_stack_;
    stack.push_back(end);
    fail_tags(nullptr, stack);
  }
  if (drop_needle) next();
  return body;
}

void Parser::parse_statement(std::vector<Stmt*>& body) {
  if (current().kind != TokenKind::name) fail_here("tag name expected");
  const Token tag = current();
  tag_stack_.push_back(tag.text);
  const std::string_view name = tag.text;
  if (name == "for") {
    body.push_back(parse_for());
  } else if (name == "if") {
    body.push_back(parse_if());
  } else if (name == "set") {
    body.push_back(parse_set());
  } else if (name == "with") {
    body.push_back(parse_with());
  } else if (name == "block") {
    body.push_back(parse_block());
  } else if (name == "macro") {
    body.push_back(parse_macro());
  } else if (name == "call") {
    body.push_back(parse_call_block());
  } else if (name == "filter") {
    body.push_back(parse_filter_block());
  } else if (name == "print") {
    parse_print(body);
  } else if (name == "autoescape") {
    body.push_back(parse_autoescape());
  } else if (name == "extends") {
    body.push_back(parse_load(StmtKind::extends));
  } else if (name == "include") {
    body.push_back(parse_load(StmtKind::include));
  } else if (name == "import") {
    body.push_back(parse_load(StmtKind::import));
  } else if (name == "from") {
    body.push_back(parse_from());
  } else {
    tag_stack_.pop_back();
    fail_tags(&tag, end_stack_);
  }
  tag_stack_.pop_back();
}

Stmt* Parser::parse_for() {
  auto* node = stmt<ForStmt>(StmtKind::for_, next().at);
  node->target = parse_target(false);
  expect_name("in");
  node->iterable = parse_tuple(false, false);
  if (skip_name("if")) node->test = parse_expression();
  node->recursive = skip_name("recursive");
  node->body = parse_statements({"endfor", "else"}, false);
  if (next().text != "endfor") node->otherwise = parse_statements({"endfor"}, true);
  return node;
}

Stmt* Parser::parse_if() {
  auto* result = stmt<IfStmt>(StmtKind::if_, current().at);
  IfStmt* node = result;
  std::vector<IfStmt*> elifs;
  next();
  while (true) {
    node->test = parse_tuple(false, false);
    node->body = parse_statements({"elif", "else", "endif"}, false);
    const Token token = next();
    if (token.text == "elif") {
      node = stmt<IfStmt>(StmtKind::if_, token.at);
      elifs.push_back(node);
      continue;
    }
    if (token.text == "else") result->otherwise = parse_statements({"endif"}, true);
    break;
  }
  result->elifs = kept(elifs);
  return result;
}

Stmt* Parser::parse_with() {
  auto* node = stmt<WithStmt>(StmtKind::with, next().at);
  std::vector<Expr*> targets;
  std::vector<Expr*> values;
  while (current().kind != TokenKind::block_end) {
    if (!targets.empty()) expect_op(",");
    Expr* target = parse_target(false);
    make_target(target, NameUse::param);
    targets.push_back(target);
    expect_op("=");
    values.push_back(parse_expression());
  }
  node->targets = kept(targets);
  node->values = kept(values);
  node->body = parse_statements({"endwith"}, true);
  return node;
}

Stmt* Parser::parse_autoescape() {
  auto* node = stmt<AutoescapeStmt>(StmtKind::autoescape, next().at);
  node->node = parse_expression();
  node->body = parse_statements({"endautoescape"}, true);
  return node;
}

/// Jinja2 looks for text in whatever stands in a required block, and trips over other statements.
void Parser::fail_required(const Stmt& child) {
  const auto name = [&]() -> std::string {
    switch (child.kind) {
      case StmtKind::for_: return "For";
      case StmtKind::if_: return "If";
      case StmtKind::set: return "Assign";
      case StmtKind::set_block: return "AssignBlock";
      case StmtKind::macro: return "Macro";
      case StmtKind::call_block: return "CallBlock";
      case StmtKind::filter_block: return "FilterBlock";
      case StmtKind::with: return "With";
      case StmtKind::block: return "Block";
      case StmtKind::include: return "Include";
      case StmtKind::import: return "Import";
      case StmtKind::from_import: return "FromImport";
      case StmtKind::extends: return "Extends";
      default: return "Scope";
    }
  };
  fail_here("'" + name() + "' object has no attribute 'nodes'", ErrorKind::attribute);
}

Stmt* Parser::parse_block() {
  auto* node = stmt<BlockStmt>(StmtKind::block, next().at);
  node->name = expect(TokenKind::name).text;
  node->scoped = skip_name("scoped");
  node->required = skip_name("required");
  if (current().is_op("-")) {
    fail_here(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an "
        "underscore instead.");
  }
  node->body = parse_statements({"endblock"}, true);
  if (node->required) {
    for (const Stmt* child : node->body) {
      if (child->kind != StmtKind::text && child->kind != StmtKind::print) fail_required(*child);
      const bool blank = child->kind == StmtKind::text && static_cast<const TextStmt*>(child)->text.find_first_not_of(
                                                              " \t\n\r\f\v") == std::string_view::npos;
      if (!blank) fail_here("Required blocks can only contain comments or whitespace");
    }
  }
  skip_name(node->name);
  program_.blocks.push_back(node);
  return node;
}

void Parser::parse_print(std::vector<Stmt*>& body) {
  next();
  bool first = true;
  while (current().kind != TokenKind::block_end) {
    if (!first) expect_op(",");
    first = false;
    auto* print = stmt<PrintStmt>(StmtKind::print, current().at);
    print->node = parse_expression();
    body.push_back(print);
  }
}

Stmt* Parser::parse_set() {
  const std::uint32_t at = next().at;
  Expr* target = parse_target(true);
  if (skip_op("=")) {
    auto* node = stmt<SetStmt>(StmtKind::set, at);
    node->target = target;
    node->node = parse_tuple(false, true);
    return node;
  }
  auto* node = stmt<SetBlockStmt>(StmtKind::set_block, at);
  node->target = target;
  node->filter = parse_filter(nullptr, false);
  node->body = parse_statements({"endset"}, true);
  return node;
}

void Parser::parse_signature(MacroCode& code) {
  std::vector<Name*> parameters;
  std::vector<Expr*> defaults;
  expect_op("(");
  while (!current().is_op(")")) {
    if (!parameters.empty()) expect_op(",");
    Name* parameter = parse_target_name();
    parameter->use = NameUse::param;
    if (skip_op("=")) {
      defaults.push_back(parse_expression());
    } else if (!defaults.empty()) {
      fail_here("non-default argument follows default argument");
    }
    parameters.push_back(parameter);
  }
  expect_op(")");
  code.parameters = kept(parameters);
  code.defaults = kept(defaults);
}

Stmt* Parser::parse_macro() {
  auto* node = stmt<MacroStmt>(StmtKind::macro, next().at);
  node->code = program_.arena.make<MacroCode>();
  node->code->at = node->at;
  node->code->name = Value::text(parse_target_name()->name);
  parse_signature(*node->code);
  node->code->body = parse_statements({"endmacro"}, true);
  return node;
}

Stmt* Parser::parse_call_block() {
  auto* node = stmt<CallBlockStmt>(StmtKind::call_block, next().at);
  node->code = program_.arena.make<MacroCode>();
  node->code->at = node->at;
  if (current().is_op("(")) parse_signature(*node->code);
  Expr* call = parse_expression();
  if (call->kind != ExprKind::call) fail_at(node->at, "expected call");
  node->call = static_cast<CallExpr*>(call);
  node->code->body = parse_statements({"endcall"}, true);
  return node;
}

Stmt* Parser::parse_filter_block() {
  auto* node = stmt<FilterBlockStmt>(StmtKind::filter_block, next().at);
  node->filter = parse_filter(nullptr, true);
  node->body = parse_statements({"endfilter"}, true);
  return node;
}

void Parser::parse_import_context() {
  if ((current().is_name("with") || current().is_name("without")) && look().is_name("context")) {
    next();
    next();
  }
}

Stmt* Parser::parse_load(StmtKind kind) {
  auto* node = stmt<LoadStmt>(kind, next().at);
  node->node = parse_expression();
  if (kind == StmtKind::include && current().is_name("ignore") && look().is_name("missing")) {
    node->ignore_missing = true;
    next();
    next();
  }
  if (kind == StmtKind::import) {
    expect_name("as");
    node->targets = kept(std::vector<Name*>{parse_target_name()});
  }
  if (kind != StmtKind::extends) parse_import_context();
  return node;
}

Stmt* Parser::parse_from() {
  auto* node = stmt<LoadStmt>(StmtKind::from_import, next().at);
  node->node = parse_expression();
  expect_name("import");
  const auto at_context = [&] {
    if ((current().is_name("with") || current().is_name("without")) && look().is_name("context")) {
      next();
      next();
      return true;
    }
    return false;
  };
  std::vector<Name*> targets;
  bool first = true;
  while (true) {
    if (!first) expect_op(",");
    if (current().kind != TokenKind::name) {
      expect(TokenKind::name);
    }
    if (at_context()) break;
    Name* name = parse_target_name();
    if (name->name.starts_with('_')) {
      fail_at(name->at, "names starting with an underline can not be imported", ErrorKind::assertion);
    }
    targets.push_back(skip_name("as") ? parse_target_name() : name);
    first = false;
    if (at_context() || !current().is_op(",")) break;
  }
  node->targets = kept(targets);
  return node;
}

}  // namespace tocsin::jinja
