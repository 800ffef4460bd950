#include <algorithm>
#include <charconv>
#include <cstdlib>

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
    case ExprKind::filter: return "filter";
    case ExprKind::test: return "test";
    case ExprKind::call: return "call";
    case ExprKind::attribute: return "getattr";
    case ExprKind::item: return "getitem";
    case ExprKind::negative: return "neg";
    case ExprKind::positive: return "pos";
    case ExprKind::negate: return "not";
    case ExprKind::condition: return "condexpr";
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
    append_string_literal(text, current().text);  // the lexer has seen that it is well made
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

}  // namespace tocsin::jinja
