// What may follow a value: subscripts, calls, filters and tests.
#include <algorithm>
#include <iterator>

#include "jinja/names.hpp"
#include "jinja/parser.hpp"

namespace tocsin::jinja {
namespace {

/// Words that Python would not take as a keyword argument's name; Jinja2 passes those through a dict.
bool is_python_keyword(std::string_view word) {
  constexpr std::string_view keywords[] = {"False",  "None",   "True",    "and",      "as",       "assert", "async",
                                           "await",  "break",  "class",   "continue", "def",      "del",    "elif",
                                           "else",   "except", "finally", "for",      "from",     "global", "if",
                                           "import", "in",     "is",      "lambda",   "nonlocal", "not",    "or",
                                           "pass",   "raise",  "return",  "try",      "while",    "with",   "yield"};
  return std::find(std::begin(keywords), std::end(keywords), word) != std::end(keywords);
}

}  // namespace

Expr* Parser::parse_postfix(Expr* node) {
  while (true) {
    if (current().is_op(".") || current().is_op("[")) {
      node = parse_subscript(node);
    } else if (current().is_op("(")) {
      node = parse_call(node);
    } else {
      return node;
    }
  }
}

Expr* Parser::parse_filters_and_tests(Expr* node) {
  while (true) {
    if (current().is_op("|")) {
      node = parse_filter(node, false);
    } else if (current().is_name("is")) {
      node = parse_test(node);
    } else if (current().is_op("(")) {
      node = parse_call(node);
    } else {
      return node;
    }
  }
}

Expr* Parser::parse_subscript(Expr* node) {
  const Token token = next();
  if (token.is_op(".")) {
    const Token attribute = next();
    if (attribute.kind == TokenKind::name) {
      auto* result = expr<AttributeExpr>(ExprKind::attribute, attribute.at);
      result->node = node;
      cover(result, node);
      result->name = Value::text(attribute.text);
      result->method = static_cast<std::uint16_t>(method_of(attribute.text));
      return result;
    }
    if (attribute.kind != TokenKind::integer) fail_at(attribute.at, "expected name or number");
    --at_;
    auto* result = expr<ItemExpr>(ExprKind::item, attribute.at);
    result->node = node;
    cover(result, node);
    result->index = parse_integer();
    return result;
  }
  auto* result = expr<ItemExpr>(ExprKind::item, token.at);
  result->node = node;
  cover(result, node);
  std::vector<Expr*> items;
  while (!current().is_op("]")) {
    if (!items.empty()) expect_op(",");
    items.push_back(parse_subscribed());
  }
  expect_op("]");
  if (items.size() == 1) {
    result->index = items[0];
    cover(result, items[0]);
    return result;
  }
  for (const Expr* item : items) {
    if (item->kind == ExprKind::slice) fail_at(item->at, "invalid syntax", ErrorKind::pysyntax);
  }
  auto* tuple = expr<Items>(ExprKind::tuple, token.at);
  tuple->items = kept(items);
  for (const Expr* item : items) cover(tuple, item);
  result->index = tuple;
  cover(result, tuple);
  return result;
}

Expr* Parser::parse_subscribed() {
  const std::uint32_t at = current().at;
  Expr* start = nullptr;
  if (!current().is_op(":")) {
    start = parse_expression();
    if (!current().is_op(":")) return start;
  }
  next();
  auto* slice = expr<SliceExpr>(ExprKind::slice, at);
  slice->start = start;
  const auto at_end = [&] { return current().is_op("]") || current().is_op(","); };
  if (!current().is_op(":") && !at_end()) slice->stop = parse_expression();
  if (skip_op(":") && !at_end()) slice->step = parse_expression();
  cover(slice, slice->start);
  cover(slice, slice->stop);
  cover(slice, slice->step);
  return slice;
}

Expr* Parser::parse_call(Expr* node) {
  auto* call = expr<CallExpr>(ExprKind::call, current().at);
  call->node = node;
  call->arguments = parse_arguments();
  cover(call, node);
  cover(call, call->arguments);
  return call;
}

ArgumentsExpr Parser::parse_arguments() {
  const Token open = expect_op("(");
  const auto ensure = [&](bool fine) {
    if (!fine) fail_at(open.at, "invalid syntax for function call expression");
  };
  ArgumentsExpr result;
  std::vector<Expr*> positional;
  std::vector<KeywordExpr> keywords;
  bool require_comma = false;
  while (!current().is_op(")")) {
    if (require_comma) {
      expect_op(",");
      if (current().is_op(")")) break;
    }
    if (current().is_op("*")) {
      ensure(result.star == nullptr && result.double_star == nullptr);
      next();
      result.star = parse_expression();
    } else if (current().is_op("**")) {
      ensure(result.double_star == nullptr);
      next();
      result.double_star = parse_expression();
    } else if (current().kind == TokenKind::name && look().is_op("=")) {
      ensure(result.double_star == nullptr);
      const Token key = next();
      next();
      for (const KeywordExpr& other : keywords) {
        if (other.name.as_text() == key.text && !is_python_keyword(key.text)) {
          fail_at(key.at, "keyword argument repeated: " + std::string(key.text), ErrorKind::pysyntax);
        }
      }
      keywords.push_back({Value::text(key.text), parse_expression()});
    } else {
      ensure(result.star == nullptr && result.double_star == nullptr && keywords.empty());
      positional.push_back(parse_expression());
    }
    require_comma = true;
  }
  expect_op(")");
  result.positional = kept(positional);
  result.keywords = kept(keywords);
  return result;
}

FilterExpr* Parser::parse_filter(Expr* node, bool start_inline) {
  FilterExpr* filter = nullptr;
  while (current().is_op("|") || start_inline) {
    if (!start_inline) next();
    const Token token = expect(TokenKind::name);
    std::string name(token.text);
    while (skip_op(".")) name += "." + std::string(expect(TokenKind::name).text);
    filter = expr<FilterExpr>(ExprKind::filter, token.at);
    filter->node = node;
    filter->name = program_.arena.copy(name);
    filter->id = static_cast<std::uint16_t>(filter_of(name));
    if (current().is_op("(")) filter->arguments = parse_arguments();
    cover(filter, node);
    cover(filter, filter->arguments);
    node = filter;
    start_inline = false;
  }
  return filter;
}

Expr* Parser::parse_test(Expr* node) {
  next();
  const bool negated = skip_name("not");
  const Token token = expect(TokenKind::name);
  std::string name(token.text);
  while (skip_op(".")) name += "." + std::string(expect(TokenKind::name).text);
  auto* test = expr<FilterExpr>(ExprKind::test, token.at);
  test->node = node;
  test->name = program_.arena.copy(name);
  test->id = static_cast<std::uint16_t>(test_of(name));
  const Token& argument = current();
  const bool starts_argument = argument.kind == TokenKind::name || argument.kind == TokenKind::string ||
                               argument.kind == TokenKind::integer || argument.kind == TokenKind::real ||
                               argument.is_op("[") || argument.is_op("{");
  if (argument.is_op("(")) {
    test->arguments = parse_arguments();
  } else if (starts_argument && !is_any_name({"else", "or", "and"})) {
    if (argument.is_name("is")) fail_here("You cannot chain multiple tests with is");
    test->arguments.positional = kept(std::vector<Expr*>{parse_postfix(parse_primary())});
  }
  cover(test, node);
  cover(test, test->arguments);
  if (!negated) return test;
  auto* negation = expr<UnaryExpr>(ExprKind::negate, token.at);
  negation->node = test;
  cover(negation, test);
  return negation;
}

}  // namespace tocsin::jinja
