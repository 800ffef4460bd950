#include "jinja/json_text.hpp"

#include <algorithm>

#include "jinja/library.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"

namespace tocsin::jinja {
namespace {

/// json.dumps' own words for what can't be written.
[[noreturn]] void fail_unwritten(const base::Error& error) {
  if (error.kind == base::ErrorKind::too_large) value::raise(value::PythonErrorKind::memory, error.message);
  if (error.message.starts_with("Circular")) value::raise_value(error.message);
  // The class by its own name, without the module.
  constexpr std::string_view beginning = "Object of type datetime.";
  if (!error.message.starts_with(beginning)) value::raise_type(error.message);
  value::raise_type("Object of type " + error.message.substr(beginning.size()));
}

std::string indent_text(Value indent) {
  if (indent.is_string()) return std::string(indent.as_text());
  if (!value::is_integer(indent)) {
    value::raise_type("can't multiply sequence by non-int of type '" + std::string(value::type_name(indent)) + "'");
  }
  const std::int64_t count = index_of(indent);
  if (count > 1'000'000) value::raise(value::PythonErrorKind::memory, "the indent is too large");
  return std::string(static_cast<std::size_t>(std::max<std::int64_t>(0, count)), ' ');
}

}  // namespace

void append_json(Evaluation& evaluation, std::string& out, Value v, const JsonLook& look) {
  value::JsonStyle style{
      .item_separator = ", ", .key_separator = ": ", .sort_keys = look.sort_keys, .ascii = look.ascii};
  std::string indent;
  // json.dumps writes a text without a look at the indent.
  if (look.indent && !v.is_string()) {
    indent = indent_text(*look.indent);
    style.item_separator = ",";
    style.indent_text = indent;
  }
  const std::size_t start = out.size();
  style.longest = start + value::repeated_bytes_limit;
  if (const base::Status written = value::write_json(out, v, style); !written) fail_unwritten(written.error());
  charge_bytes(evaluation, out.size() - start);
}

}  // namespace tocsin::jinja
