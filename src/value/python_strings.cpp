#include "value/python_strings.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "value/meter.hpp"
#include "value/string_call.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

constexpr std::array<const char*, 0> no_names{};

Value made(Arena& arena, std::string_view text, Value like) {
  const Value v = Value::copied(arena, text);
  return Value::text(v.as_text(), v.flags() | (like.flags() & Value::markup));
}

template <std::string (*convert)(std::string_view)>
Value converted(Arena& arena, Value self, Positional positional, Named named) {
  const Call call("str method", positional, named, no_names, 0);
  return made(arena, convert(self.as_text()), self);
}

template <Value (*convert)(Arena&, Value)>
Value recased(Arena& arena, Value self, Positional positional, Named named) {
  const Call call("str method", positional, named, no_names, 0);
  return convert(arena, self);
}

std::string case_folded(std::string_view text) {
  std::string out;
  while (!text.empty()) append_mapped(out, CaseMapping::casefold, next_code(text));
  return out;
}

/// MarkupSafe does not know this one: the result is a plain str.
Value folded(Arena& arena, Value self, Positional positional, Named named) {
  const Call call("str method", positional, named, no_names, 0);
  return Value::copied(arena, case_folded(self.as_text()));
}

template <CharClass char_class, bool empty_is>
Value all_are(Arena&, Value self, Positional positional, Named named) {
  const Call call("str method", positional, named, no_names, 0);
  std::string_view text = self.as_text();
  if (text.empty()) return Value::boolean(empty_is);
  while (!text.empty()) {
    if (!is_in(char_class, next_code(text))) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Value is_alnum(Arena&, Value self, Positional, Named) {
  std::string_view text = self.as_text();
  if (text.empty()) return Value::boolean(false);
  while (!text.empty()) {
    const std::uint32_t code = next_code(text);
    if (!is_in(CharClass::alpha, code) && !is_in(CharClass::numeric, code)) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Value is_ascii(Arena&, Value self, Positional, Named) {
  for (const char c : self.as_text()) {
    if (static_cast<unsigned char>(c) >= 0x80) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Value is_identifier(Arena&, Value self, Positional, Named) {
  std::string_view text = self.as_text();
  if (text.empty() || !is_in(CharClass::name_start, next_code(text))) return Value::boolean(false);
  while (!text.empty()) {
    if (!is_in(CharClass::name_part, next_code(text))) return Value::boolean(false);
  }
  return Value::boolean(true);
}

/// islower and isupper: at least one cased letter, none of the other case.
template <CharClass wanted, CharClass refused>
Value cased_as(Arena&, Value self, Positional, Named) {
  bool seen = false;
  std::string_view text = self.as_text();
  while (!text.empty()) {
    const std::uint32_t code = next_code(text);
    if (is_in(refused, code) || is_in(CharClass::title, code)) return Value::boolean(false);
    seen |= is_in(wanted, code);
  }
  return Value::boolean(seen);
}

Value is_title(Arena&, Value self, Positional, Named) {
  bool seen = false;
  bool inside = false;
  std::string_view text = self.as_text();
  while (!text.empty()) {
    const std::uint32_t code = next_code(text);
    if (is_in(CharClass::upper, code) || is_in(CharClass::title, code)) {
      if (inside) return Value::boolean(false);
      inside = seen = true;
    } else if (is_in(CharClass::lower, code)) {
      if (!inside) return Value::boolean(false);
    } else {
      inside = false;
    }
  }
  return Value::boolean(seen);
}

template <Side side>
Value strip(Arena&, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 1> names = {"chars"};
  const char* const name = side == Side::left ? "lstrip" : side == Side::right ? "rstrip" : "strip";
  const Call call(name, positional, named, names, 0);
  if (call.given(0) && !call.at(0).is_string()) raise_type(std::string(name) + " arg must be None or str");
  const auto characters = call.given(0) ? std::optional(call.text(0)) : std::nullopt;
  return part(stripped(self.as_text(), side, characters), self);
}

/// The range of bytes that `start` and `end` (in code points) leave of a text; nothing when start is past the end.
struct Window {
  std::string_view text;
  std::int64_t offset;  ///< code points before it
};
std::optional<Window> window_of(Value self, const Call& call, std::size_t first) {
  const std::int64_t size = length(self);
  const auto clamp = [&](std::size_t i, std::int64_t absent) {
    if (!call.given(i)) return absent;
    const std::int64_t at =
        as_clamped_index(call.at(i), "slice indices must be integers or None or have an __index__ method");
    return at < 0 ? std::max<std::int64_t>(0, at + size) : at;
  };
  const std::int64_t start = clamp(first, 0);
  const std::int64_t end = std::min(clamp(first + 1, size), size);
  if (start > size || start > end) return std::nullopt;
  const std::string_view head = base::utf8_prefix(self.as_text(), static_cast<std::size_t>(end));
  return Window{head.substr(base::utf8_prefix(head, static_cast<std::size_t>(start)).size()), start};
}

constexpr std::array<const char*, 3> search_names = {"sub", "start", "end"};

template <bool from_left, bool must>
Value find_text(Arena&, Value self, Positional positional, Named named) {
  const Call call(must ? "index" : "find", positional, named, search_names, 1);
  const std::optional<Window> window = window_of(self, call, 1);
  if (!call.at(0).is_string()) raise_type("must be str, not " + std::string(type_name(call.at(0))));
  std::size_t at = std::string_view::npos;
  if (window) at = from_left ? find_in(window->text, call.text(0)) : rfind_in(window->text, call.text(0));
  if (at == std::string_view::npos) {
    if (must) raise_value("substring not found");
    return Value::integer(-1);
  }
  return Value::integer(window->offset + static_cast<std::int64_t>(base::utf8_length(window->text.substr(0, at))));
}

Value count_text(Arena&, Value self, Positional positional, Named named) {
  const Call call("count", positional, named, search_names, 1);
  const std::optional<Window> window = window_of(self, call, 1);
  if (!call.at(0).is_string()) raise_type("must be str, not " + std::string(type_name(call.at(0))));
  if (!window) return Value::integer(0);
  const std::string_view wanted = call.text(0);
  if (wanted.empty()) return Value::integer(static_cast<std::int64_t>(base::utf8_length(window->text)) + 1);
  std::int64_t count = 0;
  for (std::size_t at = 0; (at = find_in(window->text, wanted, at)) != std::string_view::npos; at += wanted.size())
    ++count;
  return Value::integer(count);
}

template <bool at_start>
Value has_affix(Arena&, Value self, Positional positional, Named named) {
  const char* name = at_start ? "startswith" : "endswith";
  const Call call(name, positional, named, search_names, 1);
  const Value affix = call.at(0);
  const std::optional<Window> window = window_of(self, call, 1);
  const auto fits = [&](Value v) {
    if (!v.is_string()) {
      raise_type(std::string(name) + " first arg must be str or a tuple of str, not " + std::string(type_name(v)));
    }
    if (!window) return false;
    return at_start ? window->text.starts_with(v.as_text()) : window->text.ends_with(v.as_text());
  };
  if (!affix.is(Kind::tuple)) return Value::boolean(fits(affix));
  for (const Value each : *affix.as_list()) {
    if (fits(each)) return Value::boolean(true);
  }
  return Value::boolean(false);
}

template <bool at_start>
Value remove_affix(Arena&, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 1> names = {"affix"};
  const Call call(at_start ? "removeprefix" : "removesuffix", positional, named, names, 1);
  std::string_view text = self.as_text();
  const std::string_view affix = call.text(0);
  if (at_start && text.starts_with(affix)) text.remove_prefix(affix.size());
  if (!at_start && text.ends_with(affix)) text.remove_suffix(affix.size());
  // These are not among the methods that MarkupSafe wraps: the result is a plain str.
  return part(text, Value::text(self.as_text(), self.flags() & Value::ascii));
}

Value replace_text(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 3> names = {"old", "new", "count"};
  const Call call("replace", positional, named, names, 2);
  for (std::size_t i : {0, 1}) {
    if (!call.at(i).is_string()) {
      raise_type("replace() argument " + std::to_string(i + 1) + " must be str, not " +
                 std::string(argument_type(call.at(i))));
    }
  }
  std::int64_t left = call.integer(2, -1);
  std::string_view text = self.as_text();
  const std::string_view old_text = call.text(0);
  std::string replacement(call.text(1));
  if (self.is_markup() && !call.at(1).is_markup()) {
    replacement.clear();
    append_escaped(replacement, call.text(1));
  }
  std::string out;
  while (left != 0) {
    const std::size_t at = old_text.empty() ? 0 : find_in(text, old_text);
    if (at == std::string_view::npos) break;
    Meter::spend_bytes(at + replacement.size());
    out.append(text.substr(0, at)).append(replacement);
    text.remove_prefix(at + old_text.size());
    if (left > 0) --left;
    if (out.size() > repeated_bytes_limit) raise(PythonErrorKind::memory, "the replaced text is too large");
    if (old_text.empty()) {
      if (text.empty()) break;
      std::string_view rest = text;
      next_code(rest);
      out.append(text.substr(0, text.size() - rest.size()));
      text = rest;
      // After the last character one more empty place follows.
    }
  }
  out.append(text);
  return made(arena, out, self);
}

std::string_view fill_character(const Call& call, std::size_t i) {
  if (!call.has(i)) return " ";
  if (!call.at(i).is_string())
    raise_type("The fill character must be a unicode character, not " + std::string(type_name(call.at(i))));
  if (length(call.at(i)) != 1) raise_type("The fill character must be exactly one character long");
  return call.text(i);
}

enum class Justify { left, right, center };

template <Justify justify>
Value justified(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 2> names = {"width", "fillchar"};
  const Call call(justify == Justify::left    ? "ljust"
                  : justify == Justify::right ? "rjust"
                                              : "center",
                  positional, named, names, 1);
  const std::int64_t width = call.integer(0, 0);
  const std::string_view fill = fill_character(call, 1);
  const std::int64_t missing = width - length(self);
  if (missing <= 0) return self;
  if (static_cast<std::uint64_t>(missing) * fill.size() > repeated_bytes_limit) {
    raise(PythonErrorKind::memory, "the padded text is too large");
  }
  // CPython's split of an odd number of fill characters.
  std::int64_t left = 0;
  if (justify == Justify::right) left = missing;
  if (justify == Justify::center) left = missing / 2 + (missing & width & 1);
  std::string out;
  for (std::int64_t i = 0; i < left; ++i) out += fill;
  out += self.as_text();
  for (std::int64_t i = left; i < missing; ++i) out += fill;
  return made(arena, out, self);
}

Value zero_filled(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 1> names = {"width"};
  const Call call("zfill", positional, named, names, 1);
  const std::int64_t missing = call.integer(0, 0) - length(self);
  if (missing <= 0) return self;
  if (static_cast<std::uint64_t>(missing) > repeated_bytes_limit)
    raise(PythonErrorKind::memory, "the padded text is too large");
  std::string out(self.as_text());
  const std::size_t at = out.starts_with('+') || out.starts_with('-') ? 1 : 0;
  out.insert(at, static_cast<std::size_t>(missing), '0');
  return made(arena, out, self);
}

Value tabs_expanded(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 1> names = {"tabsize"};
  const Call call("expandtabs", positional, named, names, 0);
  const std::int64_t size = std::min<std::int64_t>(call.integer(0, 8), 1'000'000);
  std::string out;
  std::int64_t column = 0;
  std::string_view text = self.as_text();
  while (!text.empty()) {
    const std::uint32_t code = next_code(text);
    if (code == '\t') {
      const std::int64_t spaces = size > 0 ? size - column % size : 0;
      Meter::spend_bytes(static_cast<std::uint64_t>(spaces));
      out.append(static_cast<std::size_t>(spaces), ' ');
      column += spaces;
      if (out.size() > repeated_bytes_limit) raise(PythonErrorKind::memory, "the expanded text is too large");
      continue;
    }
    base::append_utf8(out, code);
    column = code == '\n' || code == '\r' ? 0 : column + 1;
  }
  return made(arena, out, self);
}

template <bool from_left>
Value partitioned(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 1> names = {"sep"};
  const Call call(from_left ? "partition" : "rpartition", positional, named, names, 1);
  if (!call.at(0).is_string()) raise_type("must be str, not " + std::string(type_name(call.at(0))));
  const std::string_view separator = call.text(0);
  if (separator.empty()) raise_value("empty separator");
  const std::string_view text = self.as_text();
  const std::size_t at = from_left ? find_in(text, separator) : rfind_in(text, separator);
  List* list = new_list(arena, 3);
  const Value empty = Value::text("", self.flags());
  if (at == std::string_view::npos) {
    if (!from_left) {
      append(arena, *list, empty);
      append(arena, *list, empty);
    }
    append(arena, *list, self);
    if (from_left) {
      append(arena, *list, empty);
      append(arena, *list, empty);
    }
  } else {
    append(arena, *list, part(text.substr(0, at), self));
    append(arena, *list, part(text.substr(at, separator.size()), self));
    append(arena, *list, part(text.substr(at + separator.size()), self));
  }
  return Value::tuple(list);
}

Value join_method(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 1> names = {"iterable"};
  const Call call("join", positional, named, names, 1);
  Value items = call.at(0);
  std::string out;
  bool first = true;
  std::int64_t number = 0;
  const auto put = [&](Value item) {
    if (!item.is_string()) {
      raise_type("sequence item " + std::to_string(number) + ": expected str instance, " +
                 std::string(type_name(item)) + " found");
    }
    if (!first) out += self.as_text();
    Meter::spend_bytes(self.as_text().size() + item.as_text().size());
    first = false;
    ++number;
    if (self.is_markup() && !item.is_markup()) {
      append_escaped(out, item.as_text());
    } else {
      out += item.as_text();
    }
    if (out.size() > repeated_bytes_limit) raise(PythonErrorKind::memory, "the joined text is too large");
  };
  if (items.is_sequence()) {
    for (const Value item : *items.as_list()) put(item);
  } else if (items.is_dict()) {
    for (const Entry& entry : *items.as_dict()) put(entry.key);
  } else if (items.is_string()) {
    std::string_view text = items.as_text();
    while (!text.empty()) {
      const std::string_view whole = text;
      next_code(text);
      put(Value::text(whole.substr(0, whole.size() - text.size())));
    }
  } else if (!items.is_undefined()) {
    raise_type("can only join an iterable");
  }
  return made(arena, out, self);
}

struct NamedMethod {
  std::string_view name;
  StringMethod method;
};

constexpr NamedMethod methods[] = {
    {"capitalize", converted<capitalized>},
    {"casefold", folded},
    {"center", justified<Justify::center>},
    {"count", count_text},
    {"endswith", has_affix<false>},
    {"expandtabs", tabs_expanded},
    {"find", find_text<true, false>},
    {"index", find_text<true, true>},
    {"isalnum", is_alnum},
    {"isalpha", all_are<CharClass::alpha, false>},
    {"isascii", is_ascii},
    {"isdecimal", all_are<CharClass::decimal, false>},
    {"isdigit", all_are<CharClass::digit, false>},
    {"isidentifier", is_identifier},
    {"islower", cased_as<CharClass::lower, CharClass::upper>},
    {"isnumeric", all_are<CharClass::numeric, false>},
    {"isprintable", all_are<CharClass::printable, true>},
    {"isspace", all_are<CharClass::space, false>},
    {"istitle", is_title},
    {"isupper", cased_as<CharClass::upper, CharClass::lower>},
    {"join", join_method},
    {"ljust", justified<Justify::left>},
    {"lower", recased<lower_case>},
    {"lstrip", strip<Side::left>},
    {"partition", partitioned<true>},
    {"removeprefix", remove_affix<true>},
    {"removesuffix", remove_affix<false>},
    {"replace", replace_text},
    {"rfind", find_text<false, false>},
    {"rindex", find_text<false, true>},
    {"rjust", justified<Justify::right>},
    {"rpartition", partitioned<false>},
    {"rsplit", split_from_right},
    {"rstrip", strip<Side::right>},
    {"split", split_from_left},
    {"splitlines", split_lines},
    {"startswith", has_affix<true>},
    {"strip", strip<Side::both>},
    {"swapcase", converted<swapped>},
    {"title", converted<titled>},
    {"upper", recased<upper_case>},
    {"zfill", zero_filled},
};

}  // namespace

StringMethod string_method(std::string_view name) {
  const auto at = std::lower_bound(std::begin(methods), std::end(methods), name,
                                   [](const NamedMethod& each, std::string_view wanted) { return each.name < wanted; });
  return at != std::end(methods) && at->name == name ? at->method : nullptr;
}

}  // namespace tocsin::value
