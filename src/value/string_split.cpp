#include <vector>

#include "value/string_call.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

List* parts_from_right(Arena& arena, Value self, std::optional<std::string_view> separator, std::int64_t most) {
  std::string_view text = self.as_text();
  std::vector<std::string_view> parts;
  const std::string_view wanted = separator ? *separator : std::string_view();
  if (!separator) text = stripped(text, Side::right);
  while (most != 0 && !(text.empty() && !separator)) {
    std::size_t at = std::string_view::npos;
    std::size_t width = 0;
    if (separator) {
      at = rfind_in(text, wanted);
      width = wanted.size();
    } else {
      std::string_view left = text;
      while (!left.empty()) {
        const std::size_t size = left.size();
        if (is_in(CharClass::space, last_code(left))) {
          at = left.size();
          width = size - left.size();
          break;
        }
      }
    }
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(at + width));
    text = text.substr(0, at);
    if (!separator) text = stripped(text, Side::right);
    --most;
  }
  if (separator || !text.empty()) parts.push_back(text);
  List* list = new_list(arena, static_cast<std::uint32_t>(parts.size()));
  for (auto each = parts.rbegin(); each != parts.rend(); ++each) append(arena, *list, part(*each, self));
  return list;
}

template <bool from_left>
Value split_method(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 2> names = {"sep", "maxsplit"};
  const Call call(from_left ? "split" : "rsplit", positional, named, names, 0);
  const std::int64_t most = call.integer(1, -1);
  if (call.given(0) && !call.at(0).is_string())
    raise_type("must be str or None, not " + std::string(type_name(call.at(0))));
  const auto separator = call.given(0) ? std::optional(call.text(0)) : std::nullopt;
  if (separator && separator->empty()) raise_value("empty separator");
  List* list =
      from_left ? split(arena, self.as_text(), separator, most) : parts_from_right(arena, self, separator, most);
  if (from_left && self.is_markup()) {
    for (Value& each : *list) each = Value::text(each.as_text(), each.flags() | Value::markup);
  }
  return Value::list(list);
}

bool is_line_end(std::uint32_t code) {
  return (code >= 0x0A && code <= 0x0D) || (code >= 0x1C && code <= 0x1E) || code == 0x85 || code == 0x2028 ||
         code == 0x2029;
}

}  // namespace

Value split_from_left(Arena& arena, Value self, Positional positional, Named named) {
  return split_method<true>(arena, self, positional, named);
}

Value split_from_right(Arena& arena, Value self, Positional positional, Named named) {
  return split_method<false>(arena, self, positional, named);
}

Value split_lines(Arena& arena, Value self, Positional positional, Named named) {
  constexpr std::array<const char*, 1> names = {"keepends"};
  const Call call("splitlines", positional, named, names, 0);
  const bool keep = call.integer(0, 0) != 0;
  List* list = new_list(arena);
  std::string_view rest = self.as_text();
  while (!rest.empty()) {
    const std::string_view start = rest;
    std::size_t content = start.size();
    std::size_t whole = start.size();
    while (!rest.empty()) {
      const std::size_t before = start.size() - rest.size();
      const std::uint32_t code = next_code(rest);
      if (!is_line_end(code)) continue;
      if (code == '\r' && rest.starts_with('\n')) rest.remove_prefix(1);
      content = before;
      whole = start.size() - rest.size();
      break;
    }
    append(arena, *list, part(start.substr(0, keep ? whole : content), self));
  }
  return Value::list(list);
}

List* split(Arena& arena, std::string_view text, std::optional<std::string_view> separator, std::int64_t most) {
  List* list = new_list(arena);
  const std::string_view wanted = separator ? *separator : std::string_view();
  if (!separator) text = stripped(text, Side::left);
  while (most != 0 && !(text.empty() && !separator)) {
    std::size_t at = std::string_view::npos;
    std::size_t width = 0;
    if (separator) {
      at = find_in(text, wanted);
      width = wanted.size();
    } else {
      std::string_view rest = text;
      while (!rest.empty()) {
        const std::size_t before = text.size() - rest.size();
        if (is_in(CharClass::space, next_code(rest))) {
          at = before;
          width = text.size() - rest.size() - before;
          break;
        }
      }
    }
    if (at == std::string_view::npos) break;
    append(arena, *list, Value::text(text.substr(0, at)));
    text.remove_prefix(at + width);
    if (!separator) text = stripped(text, Side::left);
    --most;
  }
  if (separator || !text.empty()) append(arena, *list, Value::text(text));
  return list;
}

}  // namespace tocsin::value
