#include <algorithm>

#include "base/text.hpp"
#include "value/python_strings.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

/// A copy in which the letters from `first` to `last` have their other case.
template <char first, char last>
Value other_case(Arena& arena, Value ascii) {
  const std::string_view text = ascii.as_text();
  char* to = arena.make_array<char>(text.size());
  std::transform(text.begin(), text.end(), to,
                 [](char c) { return c >= first && c <= last ? static_cast<char>(c ^ 32) : c; });
  return Value::text({to, text.size()}, ascii.flags());
}

Value like(Arena& arena, std::string_view text, Value other) {
  const Value v = Value::copied(arena, text);
  return Value::text(v.as_text(), v.flags() | (other.flags() & Value::markup));
}

bool is_cased(std::uint32_t code) {
  return is_in(CharClass::lower, code) || is_in(CharClass::upper, code) || is_in(CharClass::title, code);
}

/// Is a capital sigma between these the last letter of its word? (Unicode's Final_Sigma)
bool is_final_sigma(std::string_view before, std::string_view after) {
  bool cased_before = false;
  while (!before.empty()) {
    const std::uint32_t code = last_code(before);
    if (is_in(CharClass::case_ignorable, code)) continue;
    cased_before = is_cased(code);
    break;
  }
  if (!cased_before) return false;
  while (!after.empty()) {
    const std::uint32_t code = next_code(after);
    if (is_in(CharClass::case_ignorable, code)) continue;
    return !is_cased(code);
  }
  return true;
}

void append_lowered(std::string& out, std::uint32_t code, std::string_view before, std::string_view after) {
  constexpr std::uint32_t capital_sigma = 0x3A3;
  if (code == capital_sigma) {
    base::append_utf8(out, is_final_sigma(before, after) ? 0x3C2 : 0x3C3);
  } else {
    append_mapped(out, CaseMapping::lower, code);
  }
}

std::string_view before_of(std::string_view whole, std::string_view rest, std::size_t width) {
  return whole.substr(0, whole.size() - rest.size() - width);
}

bool strips(std::uint32_t code, const std::optional<std::string_view>& characters) {
  if (!characters) return is_in(CharClass::space, code);
  std::string_view left = *characters;
  while (!left.empty()) {
    if (next_code(left) == code) return true;
  }
  return false;
}

}  // namespace

Value lower_case(Arena& arena, Value text) {
  return text.is_ascii() ? other_case<'A', 'Z'>(arena, text) : like(arena, lowered(text.as_text()), text);
}

Value upper_case(Arena& arena, Value text) {
  return text.is_ascii() ? other_case<'a', 'z'>(arena, text) : like(arena, uppered(text.as_text()), text);
}

std::string lowered(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t size = rest.size();
    const std::uint32_t code = next_code(rest);
    append_lowered(out, code, before_of(text, rest, size - rest.size()), rest);
  }
  return out;
}

std::string uppered(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) append_mapped(out, CaseMapping::upper, next_code(text));
  return out;
}

std::string titled(std::string_view text) {
  std::string out;
  bool inside = false;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t size = rest.size();
    const std::uint32_t code = next_code(rest);
    if (inside) {
      append_lowered(out, code, before_of(text, rest, size - rest.size()), rest);
    } else {
      append_mapped(out, CaseMapping::title, code);
    }
    inside = is_cased(code);
  }
  return out;
}

std::string swapped(std::string_view text) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t size = rest.size();
    const std::uint32_t code = next_code(rest);
    if (is_in(CharClass::upper, code)) {
      append_lowered(out, code, before_of(text, rest, size - rest.size()), rest);
    } else if (is_in(CharClass::lower, code)) {
      append_mapped(out, CaseMapping::upper, code);
    } else {
      base::append_utf8(out, code);
    }
  }
  return out;
}

std::string capitalized(std::string_view text) {
  std::string out;
  if (text.empty()) return out;
  std::string_view rest = text;
  append_mapped(out, CaseMapping::title, next_code(rest));
  while (!rest.empty()) {
    const std::size_t size = rest.size();
    const std::uint32_t code = next_code(rest);
    append_lowered(out, code, before_of(text, rest, size - rest.size()), rest);
  }
  return out;
}

std::string_view stripped(std::string_view text, Side side, std::optional<std::string_view> characters) {
  while (side != Side::right && !text.empty()) {
    std::string_view rest = text;
    if (!strips(next_code(rest), characters)) break;
    text = rest;
  }
  while (side != Side::left && !text.empty()) {
    std::string_view rest = text;
    if (!strips(last_code(rest), characters)) break;
    text = rest;
  }
  return text;
}

}  // namespace tocsin::value
