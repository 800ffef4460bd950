#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "jinja/names.hpp"
#include "jinja/parser.hpp"
#include "jinja/string_literal.hpp"
#include "value/big_integer.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

std::string_view node_name(const Expr& node) {
  switch (node.kind) {
    case ExprKind::constant: return "const";
    case ExprKind::name: return "name";
    case ExprKind::tuple: return "tuple";
    case ExprKind::list: return "list";
    case ExprKind::dict: return "dict";
    default: return "expr";
  }
}

bool is_constant_word(std::string_view name) {
  return name == "true" || name == "false" || name == "none" || name == "True" || name == "False" || name == "None";
}

bool can_assign(const Expr& target) {
  if (target.kind == ExprKind::name) return !is_constant_word(static_cast<const Name&>(target).name);
  if (target.kind == ExprKind::member) return true;
  if (target.kind != ExprKind::tuple) return false;
  const auto& items = static_cast<const Items&>(target).items;
  return std::all_of(items.begin(), items.end(), [](const Expr* item) { return can_assign(*item); });
}

std::string without_underscores(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != '_'; });
  return out;
}

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

Constant* Parser::constant(std::uint32_t at, Value value) {
  auto* node = expr<Constant>(ExprKind::constant, at);
  node->value = value;
  return node;
}

Expr* Parser::binary(ExprKind kind, BinaryOp op, std::uint32_t at, Expr* left, Expr* right) {
  auto* node = expr<BinaryExpr>(kind, at);
  node->op = op;
  node->left = left;
  node->right = right;
  cover(node, left);
  cover(node, right);
  return node;
}

void Parser::cover(Expr* node, const Expr* child) {
  if (child == nullptr || child->height < node->height) return;
  if (child->height >= height_limit) fail_at(node->at, "maximum recursion depth exceeded", ErrorKind::recursion);
  node->height = static_cast<std::uint16_t>(child->height + 1);
}

void Parser::cover(Expr* node, const ArgumentsExpr& arguments) {
  for (const Expr* argument : arguments.positional) cover(node, argument);
  for (const KeywordExpr& keyword : arguments.keywords) cover(node, keyword.value);
  cover(node, arguments.star);
  cover(node, arguments.double_star);
}

void Parser::make_target(Expr* target, NameUse use) {
  if (target->kind == ExprKind::name) static_cast<Name*>(target)->use = use;
  if (target->kind == ExprKind::tuple) {
    for (Expr* item : static_cast<Items*>(target)->items) make_target(item, use);
  }
}

Name* Parser::parse_target_name() {
  const Token token = expect(TokenKind::name);
  auto* name = expr<Name>(ExprKind::name, token.at);
  name->name = token.text;
  name->use = NameUse::store;
  if (!can_assign(*name)) fail_at(token.at, "can't assign to 'name'");
  return name;
}

Expr* Parser::parse_target(bool with_namespace) {
  if (with_namespace && look().is_op(".")) {
    const Token name = expect(TokenKind::name);
    next();
    auto* member = expr<Member>(ExprKind::member, name.at);
    member->name = name.text;
    member->attribute = expect(TokenKind::name).text;
    return member;
  }
  Expr* target = parse_tuple(true, true);
  make_target(target, NameUse::store);
  if (!can_assign(*target)) fail_at(target->at, "can't assign to '" + std::string(node_name(*target)) + "'");
  return target;
}

bool Parser::at_tuple_end() const {
  const Token& token = current();
  return token.kind == TokenKind::variable_end || token.kind == TokenKind::block_end || token.is_op(")");
}

Expr* Parser::parse_tuple(bool simplified, bool with_condition, bool parenthesized) {
  const std::uint32_t at = current().at;
  std::vector<Expr*> items;
  bool is_tuple = false;
  while (true) {
    if (!items.empty()) expect_op(",");
    if (at_tuple_end()) break;
    items.push_back(simplified ? parse_primary() : parse_expression(with_condition));
    if (!current().is_op(",")) break;
    is_tuple = true;
  }
  if (!is_tuple) {
    if (!items.empty()) return items[0];
    if (!parenthesized) fail_here("Expected an expression, got '" + describe(current()) + "'");
  }
  auto* tuple = expr<Items>(ExprKind::tuple, at);
  tuple->items = kept(items);
  for (const Expr* item : items) cover(tuple, item);
  return tuple;
}

Expr* Parser::parse_expression(bool with_condition) {
  const Nesting nesting(*this);
  return with_condition ? parse_condition() : parse_either();
}

Expr* Parser::parse_condition() {
  Expr* node = parse_either();
  while (current().is_name("if")) {
    const Nesting nesting(*this);
    auto* condition = expr<ConditionExpr>(ExprKind::condition, next().at);
    condition->test = parse_either();
    condition->then = node;
    if (skip_name("else")) condition->otherwise = parse_condition();
    cover(condition, condition->test);
    cover(condition, condition->then);
    cover(condition, condition->otherwise);
    node = condition;
  }
  return node;
}

Expr* Parser::parse_either() {
  Expr* left = parse_both();
  while (current().is_name("or")) {
    const std::uint32_t at = next().at;
    left = binary(ExprKind::either, {}, at, left, parse_both());
  }
  return left;
}

Expr* Parser::parse_both() {
  Expr* left = parse_negation();
  while (current().is_name("and")) {
    const std::uint32_t at = next().at;
    left = binary(ExprKind::both, {}, at, left, parse_negation());
  }
  return left;
}

Expr* Parser::parse_negation() {
  if (!current().is_name("not")) return parse_compare();
  const Nesting nesting(*this);
  auto* node = expr<UnaryExpr>(ExprKind::negate, next().at);
  node->node = parse_negation();
  cover(node, node->node);
  return node;
}

Expr* Parser::parse_compare() {
  constexpr std::pair<std::string_view, CompareOp> signs[] = {
      {"==", CompareOp::equal},      {"!=", CompareOp::not_equal}, {"<", CompareOp::less},
      {"<=", CompareOp::less_equal}, {">", CompareOp::greater},    {">=", CompareOp::greater_equal}};
  const std::uint32_t at = current().at;
  Expr* left = parse_sum();
  std::vector<CompareExpr::Link> links;
  while (true) {
    const auto sign =
        std::find_if(std::begin(signs), std::end(signs), [&](auto& s) { return current().is_op(s.first); });
    if (sign != std::end(signs)) {
      next();
      links.push_back({sign->second, parse_sum()});
    } else if (skip_name("in")) {
      links.push_back({CompareOp::in, parse_sum()});
    } else if (current().is_name("not") && look().is_name("in")) {
      next();
      next();
      links.push_back({CompareOp::not_in, parse_sum()});
    } else {
      break;
    }
  }
  if (links.empty()) return left;
  auto* node = expr<CompareExpr>(ExprKind::compare, at);
  node->left = left;
  node->links = kept(links);
  cover(node, left);
  for (const CompareExpr::Link& link : links) cover(node, link.right);
  return node;
}

Expr* Parser::parse_sum() {
  Expr* left = parse_concat();
  while (current().is_op("+") || current().is_op("-")) {
    const Token op = next();
    left = binary(ExprKind::binary, op.text == "+" ? BinaryOp::add : BinaryOp::subtract, op.at, left, parse_concat());
  }
  return left;
}

Expr* Parser::parse_concat() {
  std::vector<Expr*> items = {parse_product()};
  const std::uint32_t at = current().at;
  while (skip_op("~")) items.push_back(parse_product());
  if (items.size() == 1) return items[0];
  auto* node = expr<Items>(ExprKind::concat, at);
  node->items = kept(items);
  for (const Expr* item : items) cover(node, item);
  return node;
}

Expr* Parser::parse_product() {
  Expr* left = parse_power();
  while (true) {
    const Token op = current();
    BinaryOp kind{};
    if (op.is_op("*")) {
      kind = BinaryOp::multiply;
    } else if (op.is_op("/")) {
      kind = BinaryOp::divide;
    } else if (op.is_op("//")) {
      kind = BinaryOp::floor_divide;
    } else if (op.is_op("%")) {
      kind = BinaryOp::modulo;
    } else {
      return left;
    }
    next();
    left = binary(ExprKind::binary, kind, op.at, left, parse_power());
  }
}

Expr* Parser::parse_power() {
  Expr* left = parse_unary();
  while (current().is_op("**")) {
    const std::uint32_t at = next().at;
    left = binary(ExprKind::binary, BinaryOp::power, at, left, parse_unary());
  }
  return left;
}

Expr* Parser::parse_unary(bool with_filter) {
  const Nesting nesting(*this);
  Expr* node = nullptr;
  if (current().is_op("-") || current().is_op("+")) {
    const Token op = next();
    auto* unary = expr<UnaryExpr>(op.text == "-" ? ExprKind::negative : ExprKind::positive, op.at);
    unary->node = parse_unary(false);
    cover(unary, unary->node);
    node = unary;
  } else {
    node = parse_primary();
  }
  node = parse_postfix(node);
  return with_filter ? parse_filters_and_tests(node) : node;
}

Expr* Parser::parse_primary() {
  const Token token = current();
  switch (token.kind) {
    case TokenKind::name: return parse_name();
    case TokenKind::string: return parse_strings();
    case TokenKind::integer: return parse_integer();
    case TokenKind::real: {
      next();
      return constant(token.at, Value::real(std::strtod(without_underscores(token.text).c_str(), nullptr)));
    }
    default: break;
  }
  if (token.is_op("(")) {
    next();
    Expr* node = parse_tuple(false, true, true);
    expect_op(")");
    return node;
  }
  if (token.is_op("[")) return parse_list();
  if (token.is_op("{")) return parse_dict();
  fail_here("unexpected '" + describe(token) + "'");
}

Expr* Parser::parse_name() {
  const Token token = next();
  if (token.text == "true" || token.text == "True") return constant(token.at, Value::boolean(true));
  if (token.text == "false" || token.text == "False") return constant(token.at, Value::boolean(false));
  if (token.text == "none" || token.text == "None") return constant(token.at, Value::none());
  auto* name = expr<Name>(ExprKind::name, token.at);
  name->name = token.text;
  return name;
}

Expr* Parser::parse_strings() {
  const std::uint32_t at = current().at;
  std::string text;
  while (current().kind == TokenKind::string) {
    const std::string wrong = append_string_literal(text, current().text);
    if (!wrong.empty()) fail_here(wrong);
    next();
  }
  return constant(at, Value::copied(program_.arena, text));
}

Expr* Parser::parse_integer() {
  const Token token = next();
  std::string digits = without_underscores(token.text);
  const char base = digits.size() > 1 ? static_cast<char>(digits[1] | 32) : '0';
  if (base != 'x' && base != 'o' && base != 'b') {
    return constant(token.at, value::integer_of_text(program_.arena, digits));
  }
  const int radix = base == 'x' ? 16 : base == 'o' ? 8 : 2;
  Value number = Value::integer(0);
  for (const char c : std::string_view(digits).substr(2)) {
    const int digit = c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
    const auto shifted = value::multiply_integers(program_.arena, number, Value::integer(radix));
    const auto sum = shifted ? value::add_integers(program_.arena, *shifted, Value::integer(digit)) : std::nullopt;
    if (!sum) fail_at(token.at, "integer literal is too large", ErrorKind::overflow);
    number = *sum;
  }
  return constant(token.at, number);
}

Expr* Parser::parse_list() {
  auto* list = expr<Items>(ExprKind::list, expect_op("[").at);
  std::vector<Expr*> items;
  while (!current().is_op("]")) {
    if (!items.empty()) expect_op(",");
    if (current().is_op("]")) break;
    items.push_back(parse_expression());
  }
  expect_op("]");
  list->items = kept(items);
  for (const Expr* item : items) cover(list, item);
  return list;
}

Expr* Parser::parse_dict() {
  auto* dict = expr<DictExpr>(ExprKind::dict, expect_op("{").at);
  std::vector<PairExpr> pairs;
  while (!current().is_op("}")) {
    if (!pairs.empty()) expect_op(",");
    if (current().is_op("}")) break;
    Expr* key = parse_expression();
    expect_op(":");
    pairs.push_back({key, parse_expression()});
  }
  expect_op("}");
  dict->pairs = kept(pairs);
  for (const PairExpr& pair : pairs) {
    cover(dict, pair.key);
    cover(dict, pair.value);
  }
  return dict;
}

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
