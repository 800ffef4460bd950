// Going through the tree: the children of an expression in the order in which Jinja2's visitors see them.
#pragma once

#include "jinja/tree.hpp"

namespace tocsin::jinja {

/// Calls `visit(Expr*&)` for every argument. Null is never passed.
template <class Visit>
void each_argument(ArgumentsExpr& arguments, Visit&& visit) {
  for (Expr*& argument : arguments.positional) visit(argument);
  for (KeywordExpr& keyword : arguments.keywords) visit(keyword.value);
  if (arguments.star != nullptr) visit(arguments.star);
  if (arguments.double_star != nullptr) visit(arguments.double_star);
}

/// Calls `visit(Expr*&)` for every direct child. Null is never passed.
template <class Visit>
void each_child(Expr& node, Visit&& visit) {
  const auto maybe = [&](Expr*& child) {
    if (child != nullptr) visit(child);
  };
  switch (node.kind) {
    case ExprKind::constant:
    case ExprKind::name:
    case ExprKind::member: return;
    case ExprKind::list:
    case ExprKind::tuple:
    case ExprKind::concat:
      for (Expr*& item : static_cast<Items&>(node).items) visit(item);
      return;
    case ExprKind::dict:
      for (PairExpr& pair : static_cast<DictExpr&>(node).pairs) {
        visit(pair.key);
        visit(pair.value);
      }
      return;
    case ExprKind::attribute: return visit(static_cast<AttributeExpr&>(node).node);
    case ExprKind::item: visit(static_cast<ItemExpr&>(node).node); return visit(static_cast<ItemExpr&>(node).index);
    case ExprKind::slice:
      maybe(static_cast<SliceExpr&>(node).start);
      maybe(static_cast<SliceExpr&>(node).stop);
      return maybe(static_cast<SliceExpr&>(node).step);
    case ExprKind::call:
      visit(static_cast<CallExpr&>(node).node);
      return each_argument(static_cast<CallExpr&>(node).arguments, visit);
    case ExprKind::filter:
    case ExprKind::test:
      maybe(static_cast<FilterExpr&>(node).node);
      return each_argument(static_cast<FilterExpr&>(node).arguments, visit);
    case ExprKind::negate:
    case ExprKind::negative:
    case ExprKind::positive: return visit(static_cast<UnaryExpr&>(node).node);
    case ExprKind::binary:
    case ExprKind::both:
    case ExprKind::either:
      visit(static_cast<BinaryExpr&>(node).left);
      return visit(static_cast<BinaryExpr&>(node).right);
    case ExprKind::compare:
      visit(static_cast<CompareExpr&>(node).left);
      for (CompareExpr::Link& link : static_cast<CompareExpr&>(node).links) visit(link.right);
      return;
    case ExprKind::condition:
      visit(static_cast<ConditionExpr&>(node).test);
      visit(static_cast<ConditionExpr&>(node).then);
      return maybe(static_cast<ConditionExpr&>(node).otherwise);
  }
}

}  // namespace tocsin::jinja
