// Filters of text: case, blanks, lines, words.
#include <array>
#include <vector>

#include "base/text.hpp"
#include "jinja/library.hpp"
#include "jinja/pretty.hpp"
#include "jinja/word_wrap.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_format.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

void expect_only(std::string_view function, std::string_view parameter, const Arguments& arguments) {
  bind({function, std::span(&parameter, 1), 1, 1}, arguments, {});
}

Value capitalize(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_only("do_capitalize", "s", arguments);
  return call_method(evaluation, evaluation.str(subject), MethodName::capitalize);
}

Value lower(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_only("do_lower", "s", arguments);
  return call_method(evaluation, evaluation.str(subject), MethodName::lower);
}

Value upper(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_only("do_upper", "s", arguments);
  return call_method(evaluation, evaluation.str(subject), MethodName::upper);
}

Value center(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "width"};
  Value slots[] = {Value::integer(80)};
  bind({"do_center", parameters, 1}, arguments, slots);
  return call_method(evaluation, evaluation.str(subject), MethodName::center, slots);
}

Value trim(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value", "chars"};
  Value slots[] = {Value()};
  bind({"do_trim", parameters, 1}, arguments, slots);
  return call_method(evaluation, evaluation.str(subject), MethodName::strip, slots);
}

Value string(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_subject_only("markupsafe._speedups.soft_str", arguments);
  return evaluation.str(subject);
}

bool begins_word_after(std::uint32_t code) {
  return code == '-' || code == '(' || code == '{' || code == '[' || code == '<' ||
         value::is_in(value::CharClass::space, code);
}

Value title(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_only("do_title", "s", arguments);
  std::string_view rest = evaluation.str(subject).as_text();
  charge_bytes(evaluation, rest.size());
  std::string out;
  while (!rest.empty()) {
    const std::string_view word = rest;
    const bool separators = begins_word_after(value::next_code(rest));
    const std::size_t first = word.size() - rest.size();
    std::size_t size = first;
    while (!rest.empty() && begins_word_after(value::next_code(rest)) == separators) size = word.size() - rest.size();
    rest = word.substr(size);
    out += value::uppered(word.substr(0, first));
    out += value::lowered(word.substr(first, size - first));
  }
  return evaluation.text(out);
}

Value wordcount(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_only("do_wordcount", "s", arguments);
  std::string_view text = evaluation.str(subject).as_text();
  charge_bytes(evaluation, text.size());
  std::int64_t count = 0;
  bool inside = false;
  while (!text.empty()) {
    const std::uint32_t code = value::next_code(text);
    const bool word =
        code == '_' || value::is_in(value::CharClass::alpha, code) || value::is_in(value::CharClass::numeric, code);
    if (word && !inside) ++count;
    inside = word;
  }
  return Value::integer(count);
}

Value replace(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"eval_ctx", "s", "old", "new", "count"};
  Value slots[] = {Value(), Value(), Value()};
  bind({"do_replace", parameters, 4, 2}, arguments, slots);
  Value& old_text = slots[0];
  Value& new_text = slots[1];
  if (slots[2].is_none()) slots[2] = Value::integer(-1);
  if (!evaluation.autoescape()) {
    subject = plain_str(evaluation, subject);
    old_text = plain_str(evaluation, old_text);
    new_text = plain_str(evaluation, new_text);
  } else {
    const bool escaped = old_text.is_markup() || (new_text.is_markup() && !subject.is_markup());
    subject = escaped ? evaluation.escape(subject) : evaluation.str(subject);
    old_text = evaluation.str(old_text);
    new_text = evaluation.str(new_text);
  }
  charge_bytes(evaluation, subject.as_text().size());
  return call_method(evaluation, subject, MethodName::replace, slots);
}

Value format(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  value::Arena& arena = evaluation.arena();
  if (!arguments.positional.empty() && !arguments.named.empty()) {
    fail(ErrorKind::runtime, "can't handle positional and keyword arguments at the same time");
  }
  const Value text = evaluation.str(subject);
  if (!arguments.named.empty()) {
    value::Dict* named = value::new_dict(arena);
    for (const auto& [name, item] : arguments.named) value::set(arena, *named, Value::text(name), item);
    return value::percent_format(arena, text, Value::dict(named));
  }
  value::List* items = value::new_list(arena);
  for (const Value item : arguments.positional) value::append(arena, *items, item);
  return value::percent_format(arena, text, Value::tuple(items));
}

/// `length >= least` or AssertionError.
void expect_length(Evaluation& evaluation, std::string_view what, Value length, std::int64_t least) {
  if (evaluation.compare(CompareOp::greater_equal, length, Value::integer(least))) return;
  fail(ErrorKind::assert_, "expected " + std::string(what) + " >= " + std::to_string(least) + ", got " +
                               std::string(evaluation.str(length).as_text()));
}

/// `v.rsplit(" ", 1)[0]`
Value before_last_space(Evaluation& evaluation, Value v) {
  if (!v.is_string()) fail_attribute(evaluation, v, "rsplit");
  const std::string_view text = v.as_text();
  const Value before = Value::text(text.substr(0, text.rfind(' ')));
  return Value::text(before.as_text(), before.flags() | (v.flags() & Value::markup));
}

Value truncate(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"env", "s", "length", "killwords", "end", "leeway"};
  Value slots[] = {Value::integer(255), Value::boolean(false), Value::text("..."), Value()};
  bind({"do_truncate", parameters, 2, 2}, arguments, slots);
  const Value end = slots[2];
  const std::int64_t end_length = evaluation.length(end);
  const Value leeway = slots[3].is_none() ? Value::integer(5) : slots[3];
  expect_length(evaluation, "length", slots[0], end_length);
  expect_length(evaluation, "leeway", leeway, 0);
  const Value most = evaluation.add(slots[0], leeway);
  if (evaluation.compare(CompareOp::less_equal, Value::integer(evaluation.length(subject)), most)) return subject;
  const Value stop = value::subtract(evaluation.arena(), slots[0], Value::integer(end_length));
  const Value kept = value::slice(evaluation.arena(), subject, Value(), stop, Value());
  if (value::is_true(slots[1])) return evaluation.add(kept, end);
  return evaluation.add(before_last_space(evaluation, kept), end);
}

[[noreturn]] void fail_in_place_add(Evaluation& evaluation, Value subject) {
  if (subject.is_undefined()) evaluation.fail_undefined(subject);
  if (subject.is_list()) fail_attribute(evaluation, subject, "splitlines");
  if (subject.is(Kind::tuple)) value::raise_type("can only concatenate tuple (not \"str\") to tuple");
  value::raise_type("unsupported operand type(s) for +=: '" + std::string(value::type_name(subject)) + "' and 'str'");
}

/// The lines of a text to which a line end was added, so that a last empty line counts.
value::List& lines_to_indent(Evaluation& evaluation, Value subject) {
  const Value ended = like(evaluation, std::string(subject.as_text()) + "\n", subject);
  return *call_method(evaluation, ended, MethodName::splitlines).as_list();
}

Value indent(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"s", "width", "first", "blank"};
  Value slots[] = {Value::integer(4), Value::boolean(false), Value::boolean(false)};
  bind({"do_indent", parameters, 1}, arguments, slots);
  value::Arena& arena = evaluation.arena();
  if (slots[0].is_undefined()) evaluation.fail_undefined(slots[0]);
  Value indention = slots[0].is_string() ? slots[0] : value::multiply(arena, Value::text(" "), slots[0]);
  if (!subject.is_string()) fail_in_place_add(evaluation, subject);
  charge_bytes(evaluation, subject.as_text().size());
  if (subject.is_markup()) indention = evaluation.markup(indention.as_text());
  const Value newline = like(evaluation, "\n", subject);
  value::List& lines = lines_to_indent(evaluation, subject);
  Value result;
  if (value::is_true(slots[2])) {
    result = joined(evaluation, value::concatenate(arena, newline, indention), {lines.items, lines.size});
  } else {
    result = lines.items[0];
    for (std::uint32_t i = 1; i < lines.size; ++i) {
      if (!lines.items[i].as_text().empty()) lines.items[i] = value::concatenate(arena, indention, lines.items[i]);
    }
    const Value rest = joined(evaluation, newline, {lines.items + 1, lines.size - 1});
    if (lines.size > 1) result = value::concatenate(arena, result, value::concatenate(arena, newline, rest));
  }
  return value::is_true(slots[1]) ? value::concatenate(arena, indention, result) : result;
}

Wrapping wrapping_of(Evaluation& evaluation, std::span<const Value> slots) {
  if (!value::is_integer(slots[0])) evaluation.compare(CompareOp::less_equal, slots[0], Value::integer(0));
  return {index_of(slots[0]), value::is_true(slots[1]), value::is_true(slots[3])};
}

Value wordwrap(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"environment",      "s",          "width",
                                         "break_long_words", "wrapstring", "break_on_hyphens"};
  Value slots[] = {Value::integer(79), Value::boolean(true), Value(), Value::boolean(true)};
  bind({"do_wordwrap", parameters, 2, 2}, arguments, slots);
  const Value separator = slots[2].is_none() ? Value::text("\n") : slots[2];
  if (!subject.is_string()) fail_attribute(evaluation, subject, "splitlines");
  if (!separator.is_string()) fail_attribute(evaluation, separator, "join");
  const value::List& lines = *call_method(evaluation, subject, MethodName::splitlines).as_list();
  std::vector<Value> paragraphs;
  for (const Value line : lines) {
    charge_bytes(evaluation, line.as_text().size());
    const Wrapping wrapping = wrapping_of(evaluation, slots);
    if (wrapping.width <= 0) {
      value::raise_value("invalid width " + std::to_string(wrapping.width) + " (must be > 0)");
    }
    std::vector<Value> pieces;
    for (const std::string& piece : wrapped(line.as_text(), wrapping)) pieces.push_back(evaluation.text(piece));
    paragraphs.push_back(joined(evaluation, separator, pieces));
  }
  return joined(evaluation, separator, paragraphs);
}

Value pprint(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_only("do_pprint", "value", arguments);
  return evaluation.text(pretty(evaluation, subject));
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::capitalize, capitalize}, {FilterName::center, center},
    {FilterName::format, format},         {FilterName::indent, indent},
    {FilterName::lower, lower},           {FilterName::pprint, pprint},
    {FilterName::replace, replace},       {FilterName::string, string},
    {FilterName::title, title},           {FilterName::trim, trim},
    {FilterName::truncate, truncate},     {FilterName::upper, upper},
    {FilterName::wordcount, wordcount},   {FilterName::wordwrap, wordwrap},
};

}  // namespace

FilterTable text_filters() {
  return table;
}

}  // namespace tocsin::jinja
