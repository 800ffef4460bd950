// OnCall's filters of JSON, Base64 and regular expressions.
#include <optional>

#include "base/text.hpp"
#include "jinja/draft.hpp"
#include "jinja/json_text.hpp"
#include "jinja/library.hpp"
#include "pattern/pattern.hpp"
#include "value/json.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

/// None in place of a TypeError or ValueError.
template <class Make>
Value or_none(Make make) {
  try {
    return make();
  } catch (const value::PythonError& error) {
    using ErrorKind = value::PythonErrorKind;
    if (error.kind != ErrorKind::type && error.kind != ErrorKind::value && error.kind != ErrorKind::attribute) throw;
    return Value();
  }
}

Value json(Evaluation& evaluation, Value subject, const JsonLook& look) {
  return or_none([&] {
    Draft draft(evaluation);
    append_json(evaluation, draft.text(), subject, look);
    return evaluation.text(draft.made());
  });
}

Value pretty_json(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"to_pretty_json", parameters, 1}, arguments, {});
  const JsonLook look{.sort_keys = true, .indent = Value::integer(4), .ascii = value::JsonStyle::Ascii::keep};
  return json(evaluation, subject, look);
}

Value dump_json(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"json_dumps", parameters, 1}, arguments, {});
  return json(evaluation, subject, {});
}

/// The text of a str, or of bytes that are UTF-8.
std::optional<std::string_view> text_or_bytes(Value v) {
  if (v.is_string()) return v.as_text();
  const auto* bytes = object_of<BytesObject>(v);
  if (bytes == nullptr || base::first_bad_utf8(bytes->bytes)) return std::nullopt;
  return bytes->bytes;
}

Value parse_json(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"parse_json", parameters, 1}, arguments, {});
  const std::optional<std::string_view> text = text_or_bytes(subject);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (!text || (subject.is_string() && text->starts_with(byte_order_mark))) return Value();
  charge_bytes(evaluation, text->size());
  const value::JsonLimits limits{.depth = 990, .dialect = value::Dialect::python, .source = value::Source::text};
  const base::Result<Value> read = value::read_json(evaluation.arena(), *text, limits);
  if (read) return *read;
  if (read.error().message.starts_with("Nested too deeply")) {
    value::raise(value::PythonErrorKind::recursion, "maximum recursion depth exceeded");
  }
  return Value();
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

/// binascii.a2b_base64: what is no digit is passed over, padding may come early and ends the text.
std::optional<std::string> lenient_base64(std::string_view text) {
  std::string out;
  int position = 0;
  int padding = 0;
  unsigned bits = 0;
  for (const char c : text) {
    if (c == '=') {
      if (position >= 2 && position + ++padding >= 4) return out;
      continue;
    }
    const int digit = base64_digit(c);
    if (digit < 0) continue;
    padding = 0;
    bits = bits << 6 | static_cast<unsigned>(digit);
    if (position != 0) out += static_cast<char>(bits >> (6 - 2 * position) & 0xFF);
    position = (position + 1) % 4;
  }
  if (position != 0) return std::nullopt;
  return out;
}

Value decode_base64(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"b64decode", parameters, 1}, arguments, {});
  const auto* bytes = object_of<BytesObject>(subject);
  if (bytes == nullptr && (!subject.is_string() || !subject.is_ascii())) return Value();
  const std::string_view text = bytes == nullptr ? subject.as_text() : bytes->bytes;
  charge_bytes(evaluation, text.size());
  const std::optional<std::string> decoded = lenient_base64(text);
  if (!decoded || base::first_bad_utf8(*decoded)) return Value();
  return evaluation.text(*decoded);
}

enum class Anchor { start, anywhere };

/// The piped text is the subject, the argument the expression, whatever the parameters are called.
template <Anchor anchor>
Value matches(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"pattern", "value"};
  Value slots[] = {Value()};
  bind({anchor == Anchor::start ? "regex_match" : "regex_search", parameters, 2}, arguments, slots);
  if (!slots[0].is_string()) return Value();
  const pattern::Pattern& pattern = evaluation.pattern(slots[0].as_text(), pattern::Dialect::python_regex);
  if (!subject.is_string()) return Value();
  charge_bytes(evaluation, subject.as_text().size());
  pattern::Effort effort = evaluation.regex_effort();
  const pattern::Outcome outcome =
      anchor == Anchor::start ? pattern.match(subject.as_text(), effort) : pattern.search(subject.as_text(), effort);
  evaluation.settle(effort);
  return outcome == pattern::Outcome::limit ? Value() : Value::boolean(outcome == pattern::Outcome::match);
}

Value replace(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "find", "replace"};
  Value slots[] = {Value(), Value()};
  bind({"regex_replace", parameters, 3}, arguments, slots);
  if (!slots[0].is_string()) return Value();
  const pattern::Pattern& pattern = evaluation.pattern(slots[0].as_text(), pattern::Dialect::python_regex);
  if (!subject.is_string() || !slots[1].is_string()) return Value();
  charge_bytes(evaluation, subject.as_text().size());
  std::string out;
  pattern::Effort effort = evaluation.regex_effort();
  const base::Status replaced = pattern.replace_all(subject.as_text(), slots[1].as_text(), out, effort);
  evaluation.settle(effort);
  // Where nothing was replaced Python gives the text itself, Markup or not.
  if (replaced) return out == subject.as_text() ? subject : evaluation.text(out);
  const base::Error& error = replaced.error();
  if (error.kind == base::ErrorKind::too_large) return Value();
  const bool unknown = error.kind == base::ErrorKind::not_found;
  value::raise(unknown ? value::PythonErrorKind::index : value::PythonErrorKind::regex, error.message);
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::b64decode, decode_base64},   {FilterName::json_dumps, dump_json},
    {FilterName::parse_json, parse_json},     {FilterName::regex_match, matches<Anchor::start>},
    {FilterName::regex_replace, replace},     {FilterName::regex_search, matches<Anchor::anywhere>},
    {FilterName::tojson_pretty, pretty_json},
};

}  // namespace

FilterTable alert_filters() {
  return table;
}

}  // namespace tocsin::jinja
