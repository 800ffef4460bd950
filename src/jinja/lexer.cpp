#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "jinja/failure.hpp"
#include "jinja/string_literal.hpp"
#include "jinja/token.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

using value::CharClass;

constexpr std::array<std::string_view, 28> operators = {
    "**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
    "]",  "(",  ")",  "{",  "}",  ">",  "<", "=", ".", ":", "|", ",", ";",
};

bool is_ascii_space(char c) {
  return (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x20);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Python's `\w` (alphanumeric or underscore) and what else may stand in an identifier.
bool is_word(std::uint32_t code) {
  if (code < 0x80)
    return code == '_' || is_digit(static_cast<char>(code)) || ((code | 32) >= 'a' && (code | 32) <= 'z');
  return value::is_in(CharClass::alpha, code) || value::is_in(CharClass::decimal, code) ||
         value::is_in(CharClass::digit, code) || value::is_in(CharClass::numeric, code) ||
         value::is_in(CharClass::name_part, code);
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Tokens run() {
    Tokens result;
    try {
      while (at_ < source_.size()) read_data();
    } catch (Failure& failure) {
      result.failure = std::move(failure);
    }
    // Jinja2 says that the template ends where its last token begins.
    add(TokenKind::end, tokens_.empty() ? 0 : tokens_.back().at, 0);
    result.items = std::move(tokens_);
    return result;
  }

 private:
  std::string_view rest() const { return source_.substr(at_); }
  bool follows(std::string_view text) const { return rest().starts_with(text); }

  void add(TokenKind kind, std::size_t at, std::size_t size) {
    tokens_.push_back({kind, source_.substr(at, size), static_cast<std::uint32_t>(at)});
  }

  [[noreturn]] void fail_at(std::size_t at, std::string message) const {
    throw Failure{ErrorKind::syntax, std::move(message), static_cast<std::uint32_t>(at), {}};
  }

  /// The offset after the white space that starts at `at`.
  std::size_t after_space(std::size_t at) const {
    while (at < source_.size()) {
      if (is_ascii_space(source_[at])) {
        ++at;
        continue;
      }
      std::string_view text = source_.substr(at);
      if (static_cast<unsigned char>(text[0]) < 0x80 || !value::is_in(CharClass::space, value::next_code(text))) break;
      at = source_.size() - text.size();
    }
    return at;
  }

  std::string_view without_trailing_space(std::string_view text) const {
    while (!text.empty()) {
      std::string_view shorter = text;
      const std::uint32_t code = value::last_code(shorter);
      if (code < 0x80 ? !is_ascii_space(static_cast<char>(code)) : !value::is_in(CharClass::space, code)) break;
      text = shorter;
    }
    return text;
  }

  void add_data(std::size_t from, std::size_t to, bool strip) {
    std::string_view text = source_.substr(from, to - from);
    if (strip) text = without_trailing_space(text);
    if (!text.empty()) add(TokenKind::data, from, text.size());
  }

  /// Text up to the next tag, then the tag.
  void read_data() {
    const std::size_t from = at_;
    std::size_t open = from;
    while (true) {
      open = source_.find('{', open);
      if (open == source_.npos || open + 1 == source_.size()) {
        at_ = source_.size();
        return add_data(from, at_, false);
      }
      const char next = source_[open + 1];
      if (next == '{' || next == '%' || next == '#') break;
      ++open;
    }
    const char sign = open + 2 < source_.size() ? source_[open + 2] : '\0';
    const bool signed_tag = sign == '-' || sign == '+';
    add_data(from, open, sign == '-');
    at_ = open + 2 + (signed_tag ? 1 : 0);
    switch (source_[open + 1]) {
      case '#': return read_comment(open);
      case '%':
        if (read_raw()) return;
        add(TokenKind::block_begin, open, 2);
        return read_code(TokenKind::block_end, "%}");
      default: add(TokenKind::variable_begin, open, 2); return read_code(TokenKind::variable_end, "}}");
    }
  }

  void read_comment(std::size_t open) {
    if (at_ >= source_.size()) return;  // nothing follows: Jinja2 lets that pass
    const std::size_t close = source_.find("#}", at_);
    if (close == source_.npos) fail_at(open, "Missing end of comment tag");
    const bool strip = close > at_ && source_[close - 1] == '-';
    at_ = strip ? after_space(close + 2) : close + 2;
  }

  /// Is the tag after `{%` the word, and closed? Sets `after` behind it, white space stripped for `-%}`.
  bool matches_word_tag(std::size_t at, std::string_view word, bool plus_allowed, std::size_t& after) const {
    at = after_space(at);
    if (!source_.substr(at).starts_with(word)) return false;
    at = after_space(at + word.size());
    const std::string_view text = source_.substr(at);
    if (text.starts_with("-%}")) {
      after = after_space(at + 3);
    } else if (text.starts_with("%}")) {
      after = at + 2;
    } else if (plus_allowed && text.starts_with("+%}")) {
      after = at + 3;
    } else {
      return false;
    }
    return true;
  }

  bool read_raw() {
    std::size_t body = 0;
    if (!matches_word_tag(at_, "raw", false, body)) return false;
    if (body >= source_.size()) {
      at_ = source_.size();
      return true;
    }
    for (std::size_t tag = source_.find("{%", body); tag != source_.npos; tag = source_.find("{%", tag + 1)) {
      const char sign = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
      std::size_t after = 0;
      if (!matches_word_tag(tag + 2 + (sign == '-' || sign == '+' ? 1 : 0), "endraw", true, after)) continue;
      add_data(body, tag, sign == '-');
      at_ = after;
      return true;
    }
    fail_at(body, "Missing end of raw directive");
  }

  /// Reads the end of the tag if it is here.
  bool read_tag_end(TokenKind end, std::string_view close) {
    if (follows(close)) {
      add(end, at_, 2);
      at_ += 2;
      return true;
    }
    const char sign = source_[at_];
    const bool may_sign = sign == '-' || (sign == '+' && end == TokenKind::block_end);
    if (!may_sign || source_.substr(at_ + 1, 2) != close) return false;
    add(end, at_, 3);
    at_ = sign == '-' ? after_space(at_ + 3) : at_ + 3;
    return true;
  }

  void read_code(TokenKind end, std::string_view close) {
    std::vector<char> open_brackets;
    while (at_ < source_.size()) {
      if (open_brackets.empty() && read_tag_end(end, close)) return;
      const std::size_t after = after_space(at_);
      if (after != at_) {
        at_ = after;
        continue;
      }
      if (read_number() || read_word() || read_string()) continue;
      read_operator(open_brackets);
    }
  }

  /// Digits with single underscores between them; the offset behind, or `at` when there is no digit.
  std::size_t after_digits(std::size_t at) const {
    const std::size_t start = at;
    std::size_t end = at;
    while (at < source_.size()) {
      if (is_digit(source_[at])) {
        end = ++at;
      } else if (source_[at] == '_' && at > start && end == at && at + 1 < source_.size() &&
                 is_digit(source_[at + 1])) {
        ++at;
      } else {
        break;
      }
    }
    return end;
  }

  bool read_real() {
    if (at_ > 0 && source_[at_ - 1] == '.') return false;
    const std::size_t whole = after_digits(at_);
    if (whole == at_) return false;
    std::size_t end = whole;
    if (end < source_.size() && source_[end] == '.') {
      const std::size_t fraction = after_digits(end + 1);
      if (fraction != end + 1) end = fraction;
    }
    if (end < source_.size() && (source_[end] | 32) == 'e') {
      std::size_t digits = end + 1;
      if (digits < source_.size() && (source_[digits] == '+' || source_[digits] == '-')) ++digits;
      const std::size_t exponent = after_digits(digits);
      if (exponent != digits) end = exponent;
    }
    if (end == whole) return false;
    add(TokenKind::real, at_, end - at_);
    at_ = end;
    return true;
  }

  bool read_number() {
    if (!is_digit(source_[at_])) return false;
    if (read_real()) return true;
    std::size_t end = at_ + 1;
    const auto take = [&](auto&& allowed) {
      while (end < source_.size()) {
        if (allowed(source_[end])) {
          ++end;
        } else if (source_[end] == '_' && end + 1 < source_.size() && allowed(source_[end + 1])) {
          end += 2;
        } else {
          break;
        }
      }
    };
    if (source_[at_] != '0') {
      take(is_digit);
    } else {
      const char base = at_ + 1 < source_.size() ? static_cast<char>(source_[at_ + 1] | 32) : '\0';
      ++end;
      const std::size_t before = end;
      if (base == 'b') take([](char c) { return c == '0' || c == '1'; });
      if (base == 'o') take([](char c) { return c >= '0' && c <= '7'; });
      if (base == 'x') take([](char c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); });
      if (end == before) {
        end = at_ + 1;
        take([](char c) { return c == '0'; });
      }
    }
    add(TokenKind::integer, at_, end - at_);
    at_ = end;
    return true;
  }

  bool read_word() {
    std::string_view text = rest();
    bool identifier = true;
    while (!text.empty()) {
      std::string_view after = text;
      const std::uint32_t code = value::next_code(after);
      if (!is_word(code)) break;
      const bool first = text.size() == rest().size();
      if (code >= 0x80) identifier &= value::is_in(first ? CharClass::name_start : CharClass::name_part, code);
      text = after;
    }
    const std::size_t size = rest().size() - text.size();
    if (size == 0) return false;
    if (!identifier) fail_at(at_, "Invalid character in identifier");
    add(TokenKind::name, at_, size);
    at_ += size;
    return true;
  }

  bool read_string() {
    const char quote = source_[at_];
    if (quote != '"' && quote != '\'') return false;
    for (std::size_t i = at_ + 1; i < source_.size(); ++i) {
      if (source_[i] == '\\') {
        ++i;
      } else if (source_[i] == quote) {
        check_string(source_.substr(at_, i + 1 - at_));
        add(TokenKind::string, at_, i + 1 - at_);
        at_ = i + 1;
        return true;
      }
    }
    return false;
  }

  void check_string(std::string_view literal) const {
    if (literal.find('\\') == literal.npos) return;
    std::string text;
    const std::string wrong = append_string_literal(text, literal);
    if (!wrong.empty()) fail_at(at_, wrong);
  }

  void read_operator(std::vector<char>& open_brackets) {
    for (const std::string_view op : operators) {
      if (op.empty() || !follows(op)) continue;
      balance(op[0], open_brackets);
      add(TokenKind::op, at_, op.size());
      at_ += op.size();
      return;
    }
    std::string_view text = rest();
    const std::string_view whole = text;
    value::next_code(text);
    std::string shown;
    value::append_text_repr(shown, whole.substr(0, whole.size() - text.size()));
    fail_at(at_, "unexpected char " + shown + " at " + std::to_string(base::utf8_length(source_.substr(0, at_))));
  }

  void balance(char c, std::vector<char>& open_brackets) {
    if (c == '(' || c == '[' || c == '{') {
      open_brackets.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if (c == ')' || c == ']' || c == '}') {
      if (open_brackets.empty()) fail_at(at_, std::string("unexpected '") + c + "'");
      if (open_brackets.back() != c) {
        fail_at(at_, std::string("unexpected '") + c + "', expected '" + open_brackets.back() + "'");
      }
      open_brackets.pop_back();
    }
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::string describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::data: return "template data / text";
    case TokenKind::variable_begin: return "begin of print statement";
    case TokenKind::variable_end: return "end of print statement";
    case TokenKind::block_begin: return "begin of statement block";
    case TokenKind::block_end: return "end of statement block";
    case TokenKind::name: return "name";
    case TokenKind::integer: return "integer";
    case TokenKind::real: return "float";
    case TokenKind::string: return "string";
    case TokenKind::op: return "operator";
    case TokenKind::end: return "end of template";
  }
  return "";
}

std::string describe(const Token& token) {
  if (token.kind == TokenKind::name || token.kind == TokenKind::op) return std::string(token.text);
  return describe(token.kind);
}

std::string normalised_source(std::string_view source) {
  std::string text;
  text.reserve(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\r') {
      text += '\n';
      if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
    } else {
      text += source[i];
    }
  }
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

Tokens tokens_of(std::string_view source) {
  return Lexer(source).run();
}

}  // namespace tocsin::jinja
