#include "jinja/string_literal.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace tocsin::jinja {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The few character names that templates have been seen to use.
std::uint32_t named_character(std::string_view name) {
  struct Named {
    std::string_view name;
    std::uint32_t code;
  };
  constexpr Named names[] = {
      {"BULLET", 0x2022},
      {"EM DASH", 0x2014},
      {"EN DASH", 0x2013},
      {"DEGREE SIGN", 0xB0},
      {"EURO SIGN", 0x20AC},
      {"NO-BREAK SPACE", 0xA0},
      {"RIGHTWARDS ARROW", 0x2192},
      {"LEFTWARDS ARROW", 0x2190},
      {"CHECK MARK", 0x2713},
      {"WARNING SIGN", 0x26A0},
      {"FIRE", 0x1F525},
      {"SNOWMAN", 0x2603},
      {"GREEK SMALL LETTER ALPHA", 0x3B1},
      {"LATIN SMALL LETTER SHARP S", 0xDF},
      {"LATIN SMALL LETTER E WITH ACUTE", 0xE9},
      {"WHITE HEAVY CHECK MARK", 0x2705},
      {"CROSS MARK", 0x274C},
      {"COLLISION SYMBOL", 0x1F4A5},
      {"HEAVY CHECK MARK", 0x2714},
      {"PILE OF POO", 0x1F4A9},
  };
  for (const Named& candidate : names) {
    if (base::same_ignoring_case(candidate.name, name)) return candidate.code;
  }
  return 0;
}

/// Reads what follows a backslash. Returns what is wrong.
class Escape {
 public:
  Escape(std::string& out, std::string_view& rest) : out_(out), rest_(rest) {}

  std::string read() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case '\n': return {};
      case '\\':
      case '\'':
      case '"': out_ += c; return {};
      case 'a': out_ += '\a'; return {};
      case 'b': out_ += '\b'; return {};
      case 'f': out_ += '\f'; return {};
      case 'n': out_ += '\n'; return {};
      case 'r': out_ += '\r'; return {};
      case 't': out_ += '\t'; return {};
      case 'v': out_ += '\v'; return {};
      case 'x': return read_hex(2, "truncated \\xXX escape");
      case 'u': return read_hex(4, "truncated \\uXXXX escape");
      case 'U': return read_hex(8, "truncated \\UXXXXXXXX escape");
      case 'N': return read_name();
      default: break;
    }
    if (c < '0' || c > '7') {
      out_ += '\\';
      out_ += c;
      return {};
    }
    std::uint32_t code = static_cast<std::uint32_t>(c - '0');
    for (int i = 0; i < 2 && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '7'; ++i) {
      code = code * 8 + static_cast<std::uint32_t>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    base::append_utf8(out_, code);
    return {};
  }

 private:
  std::string read_hex(int digits, const char* truncated) {
    std::uint32_t code = 0;
    for (int i = 0; i < digits; ++i) {
      if (rest_.empty() || hex_digit(rest_.front()) < 0) return truncated;
      code = code << 4 | static_cast<std::uint32_t>(hex_digit(rest_.front()));
      rest_.remove_prefix(1);
    }
    if (code > 0x10FFFF) return "illegal Unicode character";
    base::append_utf8(out_, code);
    return {};
  }

  std::string read_name() {
    const std::size_t close = rest_.find('}');
    if (!rest_.starts_with('{') || close == rest_.npos || close == 1) return "malformed \\N character escape";
    const std::uint32_t code = named_character(rest_.substr(1, close - 1));
    if (code == 0) return "unknown Unicode character name";
    base::append_utf8(out_, code);
    rest_.remove_prefix(close + 1);
    return {};
  }

  std::string& out_;
  std::string_view& rest_;
};

}  // namespace

std::string append_string_literal(std::string& out, std::string_view literal) {
  std::string_view rest = literal.substr(1, literal.size() - 2);
  while (!rest.empty()) {
    const std::size_t plain = rest.find('\\');
    out += rest.substr(0, plain);
    if (plain == rest.npos) break;
    rest.remove_prefix(plain + 1);
    std::string wrong = Escape(out, rest).read();
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace tocsin::jinja
