#include "pattern/translate.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace tocsin::pattern {
namespace {

constexpr std::string_view python_space =
    " \\t-\\r\\x1c-\\x1f\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";

/// White space of the `regex` module, which takes Unicode's word for it.
constexpr std::string_view unicode_space =
    " \\t-\\r\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";
/// Its word characters: marks are among them, numbers like `²` are not.
constexpr std::string_view unicode_word = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}";
constexpr std::string_view ascii_word = "A-Za-z0-9_";
constexpr std::string_view ascii_space = " \\t-\\r";

struct Named {
  std::string_view name;
  std::string_view content;  ///< of a set
};

/// POSIX classes as the `regex` module has them.
constexpr Named posix_classes[] = {
    {"alpha", "\\p{Alphabetic}"},
    {"alnum", "\\p{Alphabetic}0-9"},
    {"digit", "0-9"},
    {"xdigit", "0-9A-Fa-f"},
    {"upper", "\\p{Uppercase}"},
    {"lower", "\\p{Lowercase}"},
    {"punct", "\\p{P}\\p{S}"},
    {"space", unicode_space},
    {"blank", "\\t\\p{Zs}"},
    {"cntrl", "\\p{Cc}"},
    {"graph", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}"},
    {"print", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Co}\\p{Zs}"},
    {"word", unicode_word},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Walks the pattern once and writes it anew.
class Translator {
 public:
  Translator(std::string_view source, Dialect dialect) : source_(source), dialect_(dialect) {}

  base::Result<std::string> run() {
    while (at_ < source_.size()) {
      const bool fine = step();
      if (!fine) return base::Error{base::ErrorKind::invalid, message_ + " at " + where(), where()};
    }
    return std::move(out_);
  }

 private:
  std::string where() const { return "position " + std::to_string(base::utf8_length(source_.substr(0, place_))); }

  bool fail(std::string message, std::size_t place) {
    message_ = std::move(message);
    place_ = place;
    return false;
  }

  char ahead(std::size_t distance) const { return at_ + distance < source_.size() ? source_[at_ + distance] : '\0'; }
  bool starts(std::string_view text) const { return source_.substr(at_).starts_with(text); }
  bool is_re() const { return dialect_ == Dialect::python_re; }

  void keep(std::size_t count) {
    out_.append(source_.substr(at_, count));
    at_ += count;
  }
  bool put(std::string_view text, std::size_t skip) {
    out_ += text;
    at_ += skip;
    return true;
  }

  bool step() {
    switch (source_[at_]) {
      case '\\': return escape(false);
      case '[': return set();
      case '(': return group();
      case '{': return brace();
      case '*':
      case '+':
      case '?': return quantifier();
      default: keep(1); return true;
    }
  }

  bool quantifier() {
    if (at_ == 0) return fail("nothing to repeat", 0);
    keep(1);
    return true;
  }

  // `{,3}` counts from zero in Python and is literal in PCRE2 10.42; other braces are the same in both.
  bool brace() {
    std::size_t end = at_ + 1;
    while (end < source_.size() && (is_digit(source_[end]) || source_[end] == ',')) ++end;
    if (end < source_.size() && source_[end] == '}' && ahead(1) == ',' && end > at_ + 2) return put("{0", 1);
    if (is_re() == false && end < source_.size() && source_[end] != '}' &&
        (source_[at_ + 1] == 'e' || source_[at_ + 1] == 'i' || source_[at_ + 1] == 'd' || source_[at_ + 1] == 's') &&
        (source_.substr(at_ + 2).starts_with("<=") || source_.substr(at_ + 2).starts_with("}"))) {
      return fail("fuzzy matching is not supported", at_);
    }
    keep(1);
    return true;
  }

  bool group() {
    if (ahead(1) == '*') {
      return fail("nothing to repeat", at_ + 1);
    }
    if (ahead(1) != '?') {
      keep(1);
      return true;
    }
    if (ahead(2) == 'P' && ahead(3) == '<') return put("(?<", 4);
    if (starts("(?P=")) {
      const std::size_t end = source_.find(')', at_);
      if (end == std::string_view::npos) return fail("missing ), unterminated name", at_ + 4);
      const std::string name(source_.substr(at_ + 4, end - at_ - 4));
      return put("\\k<" + name + ">", end + 1 - at_);
    }
    if (starts("(?#")) {
      const std::size_t end = source_.find(')', at_);
      if (end == std::string_view::npos) return fail("missing ), unterminated comment", at_);
      at_ = end + 1;
      return true;
    }
    if (starts("(?(-") || starts("(?(+")) return fail("bad character in group name", at_ + 3);
    return is_re() ? group_of_re() : flags_or_keep();
  }

  bool group_of_re() {
    const char kind = ahead(2);
    if (starts("(?<") && ahead(3) != '=' && ahead(3) != '!') {
      return fail("unknown extension ?<" + std::string(1, ahead(3)), at_ + 1);
    }
    if (kind == '|' || kind == '&' || kind == 'R' || kind == 'C' || kind == '+' || is_digit(kind)) {
      return fail("unknown extension ?" + std::string(1, kind), at_ + 1);
    }
    return flags_or_keep();
  }

  // Flags that PCRE2 spells the same stay; `a`, `u` and `L` are dropped where they say what holds anyway.
  bool flags_or_keep() {
    std::size_t end = at_ + 2;
    while (end < source_.size() && (is_letter(source_[end]) || source_[end] == '-')) ++end;
    const bool are_flags = end > at_ + 2 && end < source_.size() && (source_[end] == ')' || source_[end] == ':');
    if (!are_flags || ahead(2) == 'P') {
      keep(2);
      return true;
    }
    const std::string_view flags = source_.substr(at_ + 2, end - at_ - 2);
    if (is_re() && source_[end] == ')' && at_ != 0) {
      return fail("global flags not at the start of the expression", at_);
    }
    std::string kept;
    bool switches_on = true;
    for (const char flag : flags) {
      if (flag == '-') switches_on = false;
      if (flag == 'a') ascii_ = true;
      if (flag == 'i') ignores_case_ = switches_on;
      if (std::string_view("imsx-").find(flag) != std::string_view::npos) {
        kept += flag;
      } else if (std::string_view("auLfV").find(flag) == std::string_view::npos ||
                 (is_re() && (flag == 'f' || flag == 'V'))) {
        return fail("unknown flag", end);
      }
    }
    if (source_[end] == ')' && kept.empty()) {
      at_ = end + 1;
      return true;
    }
    return put("(?" + kept, end - at_);
  }

  /// A set is written into a text of its own: what it holds may ask for more than a set.
  bool set() {
    const std::size_t start = at_;
    std::string before = std::exchange(out_, {});
    outside_.clear();
    ++at_;
    const bool negated = ahead(0) == '^';
    if (negated) ++at_;
    if (!set_items(start)) return false;
    const std::string inside = std::exchange(out_, std::move(before));
    if (outside_.empty()) {
      out_ += (negated ? "[^" : "[") + inside + "]";
    } else if (negated) {
      out_ += "(?:";
      for (const std::string& each : outside_) out_ += "(?=[" + each + "])";
      out_ += inside.empty() ? "(?s:.))" : "[^" + inside + "])";
    } else {
      out_ += inside.empty() ? "(?:" : "(?:[" + inside + "]|";
      for (std::size_t i = 0; i < outside_.size(); ++i) out_ += (i == 0 ? "[^" : "|[^") + outside_[i] + "]";
      out_ += ')';
    }
    return true;
  }

  bool set_items(std::size_t start) {
    if (ahead(0) == ']') {
      out_ += "\\]";
      ++at_;
    }
    while (at_ < source_.size() && source_[at_] != ']') {
      const char c = source_[at_];
      if (c == '\\') {
        if (!escape(true)) return false;
      } else if (c == '[') {
        if (!posix_class()) put("\\[", 1);
      } else {
        keep(1);
      }
    }
    if (at_ >= source_.size()) return fail("unterminated character set", start);
    ++at_;
    return true;
  }

  bool posix_class() {
    const std::size_t end = source_.find(":]", at_);
    if (is_re() || ahead(1) != ':' || end == std::string_view::npos) return false;
    const bool negated = ahead(2) == '^';
    const std::size_t name_start = at_ + (negated ? 3 : 2);
    const std::string_view name = source_.substr(name_start, end - std::min(end, name_start));
    const auto* named = std::find_if(std::begin(posix_classes), std::end(posix_classes),
                                     [&](const Named& each) { return each.name == name; });
    if (named == std::end(posix_classes)) return false;
    at_ = end + 2;
    return add_class(cased(named->content), negated, true);
  }

  /// Where case does not matter, upper case and lower case are one.
  std::string_view cased(std::string_view content) const {
    const bool is_case = content == "\\p{Uppercase}" || content == "\\p{Lowercase}";
    return ignores_case_ && is_case ? "\\p{Uppercase}\\p{Lowercase}" : content;
  }

  /// A class of characters, alone or in a set.
  bool add_class(std::string_view content, bool negated, bool in_set) {
    if (!in_set) {
      ((out_ += negated ? "[^" : "[") += content) += ']';
    } else if (negated) {
      outside_.emplace_back(content);
    } else {
      out_ += content;
    }
    return true;
  }

  std::string_view space_class() const { return ascii_ ? ascii_space : is_re() ? python_space : unicode_space; }

  /// `\\d`, `\\s`, `\\w` and their opposites.
  bool class_escape(char c, bool in_set) {
    const bool is_word = (c | 32) == 'w';
    if (!ascii_ && ((c | 32) == 'd' || (is_word && is_re()))) return keep(2), true;
    at_ += 2;
    const bool negated = c >= 'A' && c <= 'Z';
    switch (c | 32) {
      case 's': return add_class(space_class(), negated, in_set);
      case 'd': return add_class("0-9", negated, in_set);
      default: return add_class(ascii_ ? ascii_word : unicode_word, negated, in_set);
    }
  }

  bool escape(bool in_set) {
    if (at_ + 1 >= source_.size()) return fail("bad escape (end of pattern)", at_);
    const char c = source_[at_ + 1];
    switch (c) {
      case 'Z': return in_set ? bad_escape(c) : put("\\z", 2);
      case 'A': return in_set ? bad_escape(c) : put("\\A", 2);
      case 'v': return put("\\x0b", 2);
      case 'a': return put("\\x07", 2);
      case 's':
      case 'S':
      case 'd':
      case 'D':
      case 'w':
      case 'W': return class_escape(c, in_set);
      case 'u': return code_point(4);
      case 'U': return code_point(8);
      case 'x': return code_point(2);
      case 'b': return put(in_set ? "\\x08" : "\\b", 2);
      case 'B':
      case 'n':
      case 'r':
      case 't':
      case 'f':
        if (c == 'B' && in_set) return bad_escape(c);
        keep(2);
        return true;
      default: break;
    }
    if (is_digit(c)) return digits(in_set);
    if (is_letter(c)) return is_re() ? bad_escape(c) : escape_of_regex(in_set);
    keep(2);
    return true;
  }

  bool bad_escape(char c) { return fail("bad escape \\" + std::string(1, c), at_); }

  // The `regex` module shares these with PCRE2; the rest of its letters stand for themselves.
  bool escape_of_regex(bool in_set) {
    const char c = source_[at_ + 1];
    if (c == 'h') return at_ += 2, add_class("\\t\\p{Zs}", false, in_set);
    if (c == 'p' && cased_property(in_set)) return true;
    if (c == 'p' || c == 'P' || c == 'X' || c == 'K' || c == 'G') {
      if (in_set && (c == 'X' || c == 'K' || c == 'G')) return bad_escape(c);
      keep(2);
      return true;
    }
    if (c == 'm') return put("\\b(?=\\w)", 2);
    if (c == 'M') return put("\\b(?<=\\w)", 2);
    return bad_escape(c);
  }

  /// Properties that mean something else to the `regex` module: those of case where case does not matter.
  bool cased_property(bool in_set) {
    constexpr std::size_t size = 6;  // of `\p{Lu}`
    const std::string_view property = source_.substr(at_ + 1, size - 1);
    if (!ignores_case_ || (property != "p{Lu}" && property != "p{Ll}" && property != "p{Lt}")) return false;
    at_ += size;
    return add_class("\\p{Lu}\\p{Ll}\\p{Lt}", false, in_set);
  }

  bool code_point(std::size_t digits_count) {
    std::uint32_t code = 0;
    const char* start = source_.data() + at_ + 2;
    if (source_.size() < at_ + 2 + digits_count)
      return fail("incomplete escape " + std::string(source_.substr(at_)), at_);
    const auto [end, error] = std::from_chars(start, start + digits_count, code, 16);
    if (error != std::errc() || end != start + digits_count) {
      return fail("incomplete escape " + std::string(source_.substr(at_, static_cast<std::size_t>(end - start) + 2)),
                  at_);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return bad_escape(source_[at_ + 1]);
    char text[16];
    std::snprintf(text, sizeof text, "\\x{%x}", code);
    return put(text, digits_count + 2);
  }

  // Python: an octal escape starts with 0 or has three octal digits; else it is a group reference.
  bool digits(bool in_set) {
    std::size_t count = 0;
    while (count < 3 && is_digit(ahead(1 + count))) ++count;
    const std::string_view text = source_.substr(at_ + 1, count);
    const bool octal = text.find_first_of("89") == std::string_view::npos;
    if (text.front() == '0' || in_set || (count == 3 && octal && text.front() <= '3')) {
      std::size_t size = 0;
      std::uint32_t code = 0;
      while (size < 3 && size < count && text[size] >= '0' && text[size] <= '7')
        code = code * 8 + static_cast<std::uint32_t>(text[size++] - '0');
      if (size == 0) return bad_escape(text.front());
      char shown[16];
      std::snprintf(shown, sizeof shown, "\\x{%x}", code);
      return put(shown, size + 1);
    }
    const std::size_t size = count >= 2 ? 2 : 1;
    return put("\\g{" + std::string(text.substr(0, size)) + "}", size + 1);
  }

  std::string_view source_;
  const Dialect dialect_;
  std::size_t at_ = 0;
  std::string out_;
  std::string message_;
  std::size_t place_ = 0;
  bool ascii_ = false;
  bool ignores_case_ = false;
  std::vector<std::string> outside_;  ///< of the set that is read: what it must not be in
};

}  // namespace

base::Result<std::string> translate(std::string_view source, Dialect dialect) {
  return Translator(source, dialect).run();
}

}  // namespace tocsin::pattern
