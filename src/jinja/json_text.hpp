// json.dumps of a template's value, for the filters that write JSON.
#pragma once

#include <optional>
#include <string>

#include "jinja/evaluation.hpp"
#include "value/json.hpp"

namespace tocsin::jinja {

/// How it looks; the separators are json.dumps' own for the indent.
struct JsonLook {
  bool sort_keys = false;
  std::optional<Value> indent = {};  ///< spaces a level, or the text of one level
  value::JsonStyle::Ascii ascii = value::JsonStyle::Ascii::escape;
};

/// Throws PythonError (TypeError, ValueError) for what has no JSON.
void append_json(Evaluation& evaluation, std::string& out, Value v, const JsonLook& look);

}  // namespace tocsin::jinja
