// Filters that make or read HTML, URLs and JSON for pages.
#include <algorithm>
#include <set>
#include <string>

#include "jinja/draft.hpp"
#include "jinja/html_text.hpp"
#include "jinja/json_text.hpp"
#include "jinja/library.hpp"
#include "jinja/link_text.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

using Names = std::string_view;

Value in_autoescape(Evaluation& evaluation, std::string_view text) {
  return evaluation.autoescape() ? evaluation.markup(text) : evaluation.text(text);
}

Value escape(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  expect_subject_only("markupsafe._speedups.escape", arguments);
  return evaluation.escape(subject);
}

Value force_escape(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"do_forceescape", parameters, 1}, arguments, {});
  return evaluation.escape(plain_str(evaluation, subject));
}

Value safe(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"do_mark_safe", parameters, 1}, arguments, {});
  const Value text = evaluation.str(subject);
  return Value::text(text.as_text(), text.flags() | Value::markup);
}

Value strip_tags(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"do_striptags", parameters, 1}, arguments, {});
  const Value text = evaluation.str(subject);
  charge_bytes(evaluation, text.as_text().size());
  return evaluation.text(without_tags(text.as_text()));
}

enum class Quoting { path, query };

void append_quoted(std::string& out, std::string_view text, Quoting quoting) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || c == '_' || c == '.' || c == '-' || c == '~' || (c == '/' && quoting == Quoting::path)) {
      out += c;
    } else if (c == ' ' && quoting == Quoting::query) {
      out += '+';
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

/// `k, v = item`.
std::pair<Value, Value> unpacked_pair(Evaluation& evaluation, Value item) {
  const bool iterable =
      item.is_string() || item.is_sequence() || item.is_dict() || item.is_undefined() || item.is(Kind::object);
  if (!iterable || (item.is(Kind::object) && !has_items(item)))
    value::raise_type("cannot unpack non-iterable " + std::string(value::type_name(item)) + " object");
  Cursor cursor = evaluation.iterate(item);
  Value parts[2];
  for (int i = 0; i < 2; ++i) {
    if (cursor.next(parts[i])) continue;
    value::raise_value("not enough values to unpack (expected 2, got " + std::to_string(i) + ")");
  }
  Value further;
  if (cursor.next(further)) value::raise_value("too many values to unpack (expected 2)");
  return {parts[0], parts[1]};
}

Value url_encode(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"value"};
  bind({"do_urlencode", parameters, 1}, arguments, {});
  std::string out;
  if (!has_items(subject)) {
    append_quoted(out, evaluation.str(subject).as_text(), Quoting::path);
    charge_bytes(evaluation, out.size());
    return evaluation.text(out);
  }
  const auto put = [&](Value key, Value item) {
    if (!out.empty()) out += '&';
    append_quoted(out, evaluation.str(key).as_text(), Quoting::query);
    out += '=';
    append_quoted(out, evaluation.str(item).as_text(), Quoting::query);
    evaluation.charge(1);
  };
  if (subject.is_dict()) {
    for (const value::Entry& entry : *subject.as_dict()) put(entry.key, entry.value);
  } else {
    Cursor cursor = evaluation.iterate(subject);
    for (Value item; cursor.next(item);) {
      const auto [key, part] = unpacked_pair(evaluation, item);
      put(key, part);
    }
  }
  return evaluation.text(out);
}

void append_attribute(Evaluation& evaluation, std::string& out, Value key, Value item) {
  if (!key.is_string()) {
    value::raise_type("expected string or bytes-like object, got '" + std::string(value::type_name(key)) + "'");
  }
  if (key.as_text().find_first_of(" \t\n\r\f\v/>=") != std::string_view::npos) {
    value::raise_value("Invalid character in attribute name: " + value::to_repr(key));
  }
  if (!out.empty()) out += ' ';
  out.append(evaluation.escape(key).as_text()).append("=\"");
  out.append(evaluation.escape(item).as_text()).append("\"");
}

Value xml_attributes(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"eval_ctx", "d", "autospace"};
  Value slots[] = {Value::boolean(true)};
  bind({"do_xmlattr", parameters, 2, 2}, arguments, slots);
  if (!subject.is_dict()) fail_attribute(evaluation, subject, "items");
  std::string out;
  for (const value::Entry& entry : *subject.as_dict()) {
    evaluation.charge(1);
    if (!entry.value.is_none() && !entry.value.is_undefined())
      append_attribute(evaluation, out, entry.key, entry.value);
  }
  if (value::is_true(slots[0]) && !out.empty()) out.insert(0, 1, ' ');
  return in_autoescape(evaluation, out);
}

std::string rel_of(Evaluation& evaluation, Value rel, bool nofollow) {
  std::set<std::string> parts = {"noopener"};
  if (nofollow) parts.insert("nofollow");
  if (value::is_true(rel)) {
    if (!rel.is_string()) fail_attribute(evaluation, rel, "split");
    for (const Value part : *value::split(evaluation.arena(), rel.as_text(), std::nullopt, -1)) {
      parts.emplace(part.as_text());
    }
  }
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : " ").append(part);
  return out;
}

std::vector<std::string> schemes_of(Evaluation& evaluation, Value schemes) {
  std::vector<std::string> out;
  if (schemes.is_none()) return out;
  Cursor cursor = evaluation.iterate(schemes);
  for (Value scheme; cursor.next(scheme);) {
    if (!scheme.is_string()) {
      value::raise_type("expected string or bytes-like object, got '" + std::string(value::type_name(scheme)) + "'");
    }
    if (!is_scheme_prefix(scheme.as_text())) {
      fail(ErrorKind::runtime, value::to_repr(scheme) + " is not a valid URI scheme prefix.");
    }
    out.emplace_back(scheme.as_text());
  }
  return out;
}

Value urlize(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"eval_ctx", "value", "trim_url_limit", "nofollow",
                                         "target",   "rel",   "extra_schemes"};
  Value slots[] = {Value(), Value::boolean(false), Value(), Value(), Value()};
  bind({"do_urlize", parameters, 2, 2}, arguments, slots);
  LinkStyle style;
  style.rel = rel_of(evaluation, slots[3], value::is_true(slots[1]));
  style.schemes = schemes_of(evaluation, slots[4]);
  const bool odd_limit = !slots[0].is_none() && !value::is_integer(slots[0]);
  if (!slots[0].is_none() && !odd_limit) style.longest = index_of(slots[0]);
  if (value::is_true(slots[2])) style.target = evaluation.str(slots[2]).as_text();
  const std::string_view text = evaluation.escape(subject).as_text();
  charge_bytes(evaluation, text.size());
  const std::string out = linked(text, style);
  // A limit that is no integer fails only where there is an address to shorten.
  if (odd_limit && out.find("<a href=\"http") != out.npos &&
      evaluation.compare(CompareOp::greater, Value::integer(static_cast<std::int64_t>(text.size())), slots[0])) {
    value::raise_type("slice indices must be integers or None or have an __index__ method");
  }
  return in_autoescape(evaluation, out);
}

/// JSON that may stand in HTML, script elements included.
Value safe_in_html(Evaluation& evaluation, std::string_view json) {
  std::size_t at = json.npos;
  for (const char unsafe : std::string_view("<>&'")) at = std::min(at, json.find(unsafe));
  if (at == json.npos) return evaluation.markup(json);
  std::string out(json, 0, at);
  for (const char c : json.substr(at)) {
    switch (c) {
      case '<': out += "\\u003c"; break;
      case '>': out += "\\u003e"; break;
      case '&': out += "\\u0026"; break;
      case '\'': out += "\\u0027"; break;
      default: out += c;
    }
  }
  return evaluation.markup(out);
}

Value to_json(Evaluation& evaluation, Value subject, const Arguments& arguments) {
  static constexpr Names parameters[] = {"eval_ctx", "value", "indent"};
  Value slots[] = {Value()};
  bind({"do_tojson", parameters, 2, 2}, arguments, slots);
  JsonLook look{.sort_keys = true};
  if (!slots[0].is_none()) look.indent = slots[0];
  Draft draft(evaluation);
  append_json(evaluation, draft.text(), subject, look);
  return safe_in_html(evaluation, draft.made());
}

constexpr Entry<FilterName, Filter> table[] = {
    {FilterName::e, escape},
    {FilterName::escape, escape},
    {FilterName::forceescape, force_escape},
    {FilterName::safe, safe},
    {FilterName::striptags, strip_tags},
    {FilterName::tojson, to_json},
    {FilterName::urlencode, url_encode},
    {FilterName::urlize, urlize},
    {FilterName::xmlattr, xml_attributes},
};

}  // namespace

FilterTable html_filters() {
  return table;
}

}  // namespace tocsin::jinja
