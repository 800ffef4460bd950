#include "jinja/stage.hpp"

#include "value/python_arithmetic.hpp"

namespace tocsin::jinja {
namespace {

using value::Kind;

/// Goes backwards. A list may change meanwhile: what is no longer there ends it.
struct ReverseStage : Stage {
  value::List* items;
  std::int64_t at;

  bool start(Evaluation& evaluation) {
    if (!source.is_sequence()) items = evaluation.to_list(source);
    at = source.is_sequence() ? at : items->size;
    return true;
  }
  bool produce(Evaluation&, Value& out) {
    if (--at < 0 || at >= items->size) return false;
    out = items->items[at];
    return true;
  }
};

std::string_view reversed_view_name(DictView::Part part) {
  switch (part) {
    case DictView::Part::keys: return "dict_reversekeyiterator";
    case DictView::Part::values: return "dict_reversevalueiterator";
    case DictView::Part::items: return "dict_reverseitemiterator";
  }
  return {};
}

}  // namespace

std::string_view reversed_name(Value v) {
  switch (v.kind()) {
    case Kind::list: return "list_reverseiterator";
    case Kind::dict: return "dict_reversekeyiterator";
    case Kind::tuple:
    case Kind::string:
    case Kind::undefined: return "reversed";
    default: break;
  }
  if (const auto* view = object_of<DictView>(v)) return reversed_view_name(view->part);
  return object_of<BytesObject>(v) != nullptr ? "reversed" : std::string_view();
}

Value reversed(Evaluation& evaluation, Value v) {
  auto* stage = new_stage<ReverseStage>(evaluation, v, reversed_name(v));
  if (v.is_sequence()) {
    stage->items = v.as_list();
    stage->at = v.as_list()->size;
  }
  return Value::object(stage);
}

}  // namespace tocsin::jinja
