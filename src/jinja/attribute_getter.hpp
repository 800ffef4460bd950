// What filters mean by `attribute=`: a path of items, a number or nothing. Inside the room only.
#pragma once

#include <vector>

#include "jinja/evaluation.hpp"

namespace tocsin::jinja {

/// Looks up a path in items. Lives in the arena.
struct AttributeGetter {
  enum class Case : std::uint8_t { keep, ignore };

  value::List* parts = nullptr;
  Value fallback = {};  ///< None: none is used
  Case text_case = Case::keep;

  /// The getter of `a.b.0`, of a number, or (None) of the item itself.
  static AttributeGetter of(Evaluation& evaluation, Value attribute);

  Value operator()(Evaluation& evaluation, Value item) const;
};

/// The keys of an item for sort: one for each path of a comma-separated list.
class SortKey {
 public:
  SortKey(Evaluation& evaluation, Value attribute, AttributeGetter::Case text_case);

  /// A list value, as Python compares it.
  Value operator()(Evaluation& evaluation, Value item) const;

 private:
  std::vector<AttributeGetter> getters_;
};

/// A text in lower case, for comparison; anything else as it is.
Value without_case(Evaluation& evaluation, Value v);

}  // namespace tocsin::jinja
