#include "jinja/html_text.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

struct Entity {
  std::string_view name;
  std::string_view text;
};

constexpr Entity entities[] = {
#include "jinja/html_entities.inc"
};

constexpr std::size_t longest_name = 32;

const Entity* entity_named(std::string_view name) {
  const auto* at = std::lower_bound(std::begin(entities), std::end(entities), name,
                                    [](const Entity& each, std::string_view wanted) { return each.name < wanted; });
  return at != std::end(entities) && at->name == name ? at : nullptr;
}

/// What Windows-1252 has at 0x80 to 0x9F, which pages mean when they number those characters; 0: nothing else is meant.
constexpr std::uint16_t windows_1252[] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

bool is_dropped(std::uint32_t code) {
  if (code <= 0x8 || (code >= 0xE && code <= 0x1F) || (code >= 0x7F && code <= 0x9F)) return true;
  return code == 0xB || (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
}

void append_numbered(std::string& out, std::uint32_t code) {
  if (code == 0 || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) {
    base::append_utf8(out, 0xFFFD);
  } else if (code >= 0x80 && code <= 0x9F) {
    base::append_utf8(out, windows_1252[code - 0x80]);
  } else if (!is_dropped(code)) {
    base::append_utf8(out, code);
  }
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

/// Reads `#123;` or `#x1F;` from the front; false when it is neither.
bool take_numbered(std::string& out, std::string_view& text) {
  const bool hex = text.size() > 1 && (text[1] == 'x' || text[1] == 'X');
  const int base = hex ? 16 : 10;
  std::size_t end = hex ? 2 : 1;
  const std::size_t start = end;
  std::uint32_t code = 0;
  while (end < text.size() && digit_of(text[end]) < base) {
    code = std::min<std::uint32_t>(
        code * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_of(text[end])), 0x110000);
    ++end;
  }
  if (end == start) return false;
  if (end < text.size() && text[end] == ';') ++end;
  text.remove_prefix(end);
  append_numbered(out, code);
  return true;
}

/// Reads a name from the front, the longest that is known; `&` alone when none is.
void take_named(std::string& out, std::string_view& text) {
  std::size_t end = std::min(text.find_first_of("\t\n\f <&#;"), text.size());
  end = std::min(end, longest_name);
  if (end < text.size() && text[end] == ';') ++end;
  for (std::size_t size = end; size > 1; --size) {
    const Entity* entity = entity_named(text.substr(0, size));
    if (entity == nullptr) continue;
    out += entity->text;
    text.remove_prefix(size);
    return;
  }
  out += '&';
}

/// Without what stands between `open` and the nearest `close` after it, both included.
std::string without(std::string_view text, std::string_view open, std::string_view close) {
  std::string out;
  for (;;) {
    const std::size_t start = text.find(open);
    const std::size_t end = start == text.npos ? text.npos : text.find(close, start + open.size());
    if (end == text.npos) return out.append(text);
    out.append(text.substr(0, start));
    text.remove_prefix(end + close.size());
  }
}

std::string collapsed(std::string_view text) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    const std::string_view rest = text;
    const std::uint32_t code = value::next_code(text);
    if (value::is_in(value::CharClass::space, code)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out.append(rest.substr(0, rest.size() - text.size()));
  }
  return out;
}

}  // namespace

std::string html_unescaped(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t at = text.find('&');
    out.append(text.substr(0, at));
    if (at == text.npos) return out;
    text.remove_prefix(at + 1);
    if (text.starts_with('#') && take_numbered(out, text)) continue;
    take_named(out, text);
  }
}

std::string without_tags(std::string_view text) {
  return html_unescaped(collapsed(without(without(text, "<!--", "-->"), "<", ">")));
}

}  // namespace tocsin::jinja
