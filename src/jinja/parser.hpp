// Tokens into a tree, by Jinja2 3.1's grammar and with its messages.
#pragma once

#include <vector>

#include "jinja/program.hpp"
#include "jinja/token.hpp"

namespace tocsin::jinja {

/// Parses the program's source into its body and blocks. Throws Failure (syntax, assertion).
void parse(Template::Program& program);

/// Deeper nesting of expressions or statements than this is refused (the machine recurses as deep).
inline constexpr int nesting_limit = 200;
/// The deepest expression tree (long chains of operators lean to the left).
inline constexpr int height_limit = 400;

/// What statements and expressions share: the token stream and node making. Split over two sources.
class Parser {
 public:
  explicit Parser(Template::Program& program);
  Body parse_template();

 private:
  using Words = std::vector<std::string_view>;
  struct Nesting {
    explicit Nesting(Parser& parser);
    ~Nesting() { --parser_.depth_; }
    Parser& parser_;
  };

  // Tokens.
  const Token& current() const { return tokens_.items[at_]; }
  const Token& look();
  Token next();
  bool skip_op(std::string_view op);
  bool skip_name(std::string_view name);
  Token expect(TokenKind kind);
  Token expect_op(std::string_view op);
  Token expect_name(std::string_view name);
  bool is_any_name(const Words& names) const;
  [[noreturn]] void fail_here(std::string message, ErrorKind kind = ErrorKind::syntax);
  [[noreturn]] void fail_at(std::uint32_t at, std::string message, ErrorKind kind = ErrorKind::syntax);
  [[noreturn]] void fail_expected(const std::string& what);
  [[noreturn]] void fail_tags(const Token* unknown, const std::vector<Words>& stack);

  // Nodes.
  template <class T>
  T* expr(ExprKind kind, std::uint32_t at) {
    T* node = program_.arena.make<T>();
    node->kind = kind;
    node->at = at;
    return node;
  }
  template <class T>
  T* stmt(StmtKind kind, std::uint32_t at) {
    T* node = program_.arena.make<T>();
    node->kind = kind;
    node->at = at;
    return node;
  }
  template <class T>
  Array<T> kept(const std::vector<T>& items) {
    Array<T> array;
    array.size = static_cast<std::uint32_t>(items.size());
    array.items = program_.arena.make_array<T>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) array.items[i] = items[i];
    return array;
  }
  /// The node stands above the child: its height grows; refused past the limit.
  void cover(Expr* node, const Expr* child);
  void cover(Expr* node, const ArgumentsExpr& arguments);
  Constant* constant(std::uint32_t at, Value value);

  // Statements.
  Body subparse(const Words* end);
  Body parse_statements(const Words& end, bool drop_needle);
  void parse_statement(std::vector<Stmt*>& body);
  Stmt* parse_for();
  Stmt* parse_if();
  Stmt* parse_with();
  Stmt* parse_autoescape();
  Stmt* parse_block();
  [[noreturn]] void fail_required(const Stmt& child);
  void parse_print(std::vector<Stmt*>& body);
  Stmt* parse_set();
  Stmt* parse_macro();
  Stmt* parse_call_block();
  Stmt* parse_filter_block();
  Stmt* parse_load(StmtKind kind);
  Stmt* parse_from();
  void parse_import_context();
  void parse_signature(MacroCode& code);

  // Expressions.
  Expr* parse_target(bool with_namespace);
  Name* parse_target_name();
  void make_target(Expr* target, NameUse use);
  Expr* parse_tuple(bool simplified, bool with_condition, bool parenthesized = false);
  bool at_tuple_end() const;
  Expr* parse_expression(bool with_condition = true);
  Expr* parse_condition();
  Expr* parse_either();
  Expr* parse_both();
  Expr* parse_negation();
  Expr* parse_compare();
  Expr* parse_sum();
  Expr* parse_concat();
  Expr* parse_product();
  Expr* parse_power();
  Expr* parse_unary(bool with_filter = true);
  Expr* parse_primary();
  Expr* parse_name();
  Expr* parse_strings();
  Expr* parse_integer();
  Expr* parse_list();
  Expr* parse_dict();
  Expr* parse_postfix(Expr* node);
  Expr* parse_filters_and_tests(Expr* node);
  Expr* parse_subscript(Expr* node);
  Expr* parse_subscribed();
  Expr* parse_call(Expr* node);
  ArgumentsExpr parse_arguments();
  FilterExpr* parse_filter(Expr* node, bool start_inline);
  Expr* parse_test(Expr* node);
  Expr* binary(ExprKind kind, BinaryOp op, std::uint32_t at, Expr* left, Expr* right);

  Template::Program& program_;
  Tokens tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<Words> end_stack_;
  std::vector<std::string_view> tag_stack_;
  std::vector<std::string_view> block_names_;
};

}  // namespace tocsin::jinja
