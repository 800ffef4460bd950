#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "base/text.hpp"
#include "value/big_integer.hpp"
#include "value/json.hpp"
#include "value/json_scan.hpp"

namespace tocsin::value {
namespace {

/// A recursive descent over one text. Offsets are bytes; they become line and column only when a mistake is told.
class Reader {
 public:
  Reader(Arena& arena, std::string_view text, const JsonLimits& limits)
      : arena_(arena), begin_(text.data()), at_(text.data()), end_(text.data() + text.size()), limits_(limits) {}

  base::Result<Value> read() {
    if (std::string_view(at_, rest()).starts_with("\xEF\xBB\xBF")) at_ += 3;
    const std::string_view text(at_, rest());
    const auto bad = limits_.source == Source::bytes ? base::first_bad_utf8(text) : std::nullopt;
    if (bad) {
      at_ += *bad;
      fail("Invalid UTF-8 byte");
      return error();
    }
    skip_space();
    Value root;
    if (!read_value(root, 0)) return error();
    skip_space();
    if (at_ != end_) {
      fail("Extra data");
      return error();
    }
    return root;
  }

 private:
  std::size_t rest() const { return static_cast<std::size_t>(end_ - at_); }
  bool at_char(char c) const { return at_ != end_ && *at_ == c; }

  bool fail(const char* message) { return fail_at(at_, message); }
  bool fail_at(const char* place, const char* message) {
    message_ = message;
    place_ = place;
    return false;
  }

  base::Error error() const {
    std::size_t line = 1;
    const char* start = begin_;
    for (const char* p = begin_; p != place_; ++p) {
      if (*p == '\n') {
        ++line;
        start = p + 1;
      }
    }
    const std::string_view before(start, static_cast<std::size_t>(place_ - start));
    return {base::ErrorKind::invalid, message_,
            "line " + std::to_string(line) + ", column " + std::to_string(base::utf8_length(before) + 1)};
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool read_value(Value& out, std::uint32_t depth) {
    if (at_ == end_) return fail("Expecting value");
    switch (*at_) {
      case '{': return read_object(out, depth + 1);
      case '[': return read_array(out, depth + 1);
      case '"': return read_string(out);
      case 't': return read_word("true", Value::boolean(true), out);
      case 'f': return read_word("false", Value::boolean(false), out);
      case 'n': return read_word("null", Value::none(), out);
      case 'N': return read_constant("NaN", std::numeric_limits<double>::quiet_NaN(), out);
      case 'I': return read_constant("Infinity", HUGE_VAL, out);
      default: return read_number(out);
    }
  }

  bool read_word(std::string_view word, Value value, Value& out) {
    if (!std::string_view(at_, rest()).starts_with(word)) return fail("Expecting value");
    at_ += word.size();
    out = value;
    return true;
  }

  bool read_constant(std::string_view word, double value, Value& out) {
    if (limits_.dialect != Dialect::python) return fail("Expecting value");
    return read_word(word, Value::real(value), out);
  }

  static bool is_digit(const char* p, const char* end) { return p != end && *p >= '0' && *p <= '9'; }

  bool read_number(Value& out) {
    const char* start = at_;
    const char* p = at_;
    if (p != end_ && *p == '-') ++p;
    if (p != start && std::string_view(p, static_cast<std::size_t>(end_ - p)).starts_with("Infinity")) {
      if (limits_.dialect != Dialect::python) return fail("Expecting value");
      at_ = p;
      return read_word("Infinity", Value::real(-HUGE_VAL), out);
    }
    if (!is_digit(p, end_)) return fail("Expecting value");
    if (*p == '0') {
      ++p;
    } else {
      while (is_digit(p, end_)) ++p;
    }
    bool real = false;
    if (p != end_ && *p == '.' && is_digit(p + 1, end_)) {
      real = true;
      ++p;
      while (is_digit(p, end_)) ++p;
    }
    if (p != end_ && (*p == 'e' || *p == 'E')) {
      const char* q = p + 1;
      if (q != end_ && (*q == '+' || *q == '-')) ++q;
      if (is_digit(q, end_)) {
        real = true;
        p = q;
        while (is_digit(p, end_)) ++p;
      }
    }
    at_ = p;
    const std::string_view text(start, static_cast<std::size_t>(p - start));
    out = real ? Value::real(real_of(text)) : integer_of_text(arena_, text);
    return true;
  }

  static double real_of(std::string_view text) {
    double real = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
    if (error != std::errc::result_out_of_range) return real;
    // Past the doubles: zero when the exponent is negative, else infinite, as Python reads it.
    const bool tiny = text.find("e-") != text.npos || text.find("E-") != text.npos;
    const double magnitude = tiny ? 0.0 : HUGE_VAL;
    return text.front() == '-' ? -magnitude : magnitude;
  }

  /// Moves over text without quotes, escapes and control characters; tells whether all of it is ASCII.
  bool skip_plain() {
    constexpr std::uint64_t highs = 0x8080808080808080u;
    std::uint64_t seen = 0;
    for (; end_ - at_ >= 8; at_ += 8) {
      const std::uint64_t eight = eight_bytes(at_);
      if (const std::uint64_t marks = escape_marks(eight); marks != 0) {
        const int bits = std::countr_zero(marks) - 7;
        at_ += bits / 8;
        return ((seen | (eight & ((std::uint64_t{1} << bits) - 1))) & highs) == 0;
      }
      seen |= eight;
    }
    for (; at_ != end_ && !is_escaped(*at_); ++at_) seen |= static_cast<std::uint64_t>(*at_) & 0x80;
    return (seen & highs) == 0;
  }

  bool read_string(Value& out) {
    const char* start = ++at_;
    const bool is_ascii = skip_plain();
    if (!at_char('"')) return read_escaped(start, out);
    const std::string_view text(start, static_cast<std::size_t>(at_ - start));
    ++at_;
    const std::string_view kept = limits_.source == Source::bytes ? arena_.copy(text) : text;
    out = Value::text(kept, is_ascii ? std::uint8_t{Value::ascii} : std::uint8_t{0});
    return true;
  }

  bool read_escaped(const char* start, Value& out) {
    scratch_.assign(start, at_);
    while (at_ != end_) {
      const char c = *at_;
      if (c == '"') {
        ++at_;
        out = Value::copied(arena_, scratch_);
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return fail("Invalid control character in a string");
      if (c != '\\') {
        scratch_.push_back(c);
        ++at_;
      } else if (!read_escape()) {
        return false;
      }
    }
    return fail_at(start - 1, "Unterminated string");
  }

  bool read_escape() {
    const char* start = at_++;
    if (at_ == end_) return fail_at(start, "Unterminated string");
    switch (*at_++) {
      case '"': scratch_.push_back('"'); return true;
      case '\\': scratch_.push_back('\\'); return true;
      case '/': scratch_.push_back('/'); return true;
      case 'b': scratch_.push_back('\b'); return true;
      case 'f': scratch_.push_back('\f'); return true;
      case 'n': scratch_.push_back('\n'); return true;
      case 'r': scratch_.push_back('\r'); return true;
      case 't': scratch_.push_back('\t'); return true;
      case 'u': return read_unicode(start);
      default: return fail_at(start, "Invalid \\escape");
    }
  }

  // A lone surrogate can't be said in UTF-8; U+FFFD stands for it.
  bool read_unicode(const char* start) {
    std::uint32_t code = 0;
    if (!read_hex(code)) return fail_at(start, "Invalid \\uXXXX escape");
    if (code >= 0xD800 && code < 0xDC00 && std::string_view(at_, rest()).starts_with("\\u")) {
      const char* before = at_;
      at_ += 2;
      std::uint32_t low = 0;
      if (!read_hex(low)) return fail_at(before, "Invalid \\uXXXX escape");
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      } else {
        at_ = before;
      }
    }
    base::append_utf8(scratch_, code);
    return true;
  }

  bool read_hex(std::uint32_t& code) {
    if (rest() < 4) return false;
    const auto [end, error] = std::from_chars(at_, at_ + 4, code, 16);
    if (error != std::errc() || end != at_ + 4) return false;
    at_ += 4;
    return true;
  }

  bool read_array(Value& out, std::uint32_t depth) {
    if (depth > limits_.depth) return fail("Nested too deeply");
    ++at_;
    skip_space();
    const std::size_t first = stack_.size();
    if (!at_char(']')) {
      while (true) {
        Value item;
        if (!read_value(item, depth)) return false;
        stack_.push_back(item);
        skip_space();
        if (at_char(']')) break;
        if (!at_char(',')) return fail("Expecting ',' delimiter");
        ++at_;
        skip_space();
      }
    }
    ++at_;
    const auto size = static_cast<std::uint32_t>(stack_.size() - first);
    List* list = new_list(arena_, size);
    for (std::size_t i = first; i < stack_.size(); ++i) list->items[list->size++] = stack_[i];
    stack_.resize(first);
    out = Value::list(list);
    return true;
  }

  bool read_object(Value& out, std::uint32_t depth) {
    if (depth > limits_.depth) return fail("Nested too deeply");
    ++at_;
    skip_space();
    Dict* dict = new_dict(arena_);
    if (!at_char('}')) {
      while (true) {
        Value key;
        Value item;
        if (!at_char('"')) return fail("Expecting property name enclosed in double quotes");
        if (!read_string(key)) return false;
        skip_space();
        if (!at_char(':')) return fail("Expecting ':' delimiter");
        ++at_;
        skip_space();
        if (!read_value(item, depth)) return false;
        set(arena_, *dict, key, item);
        skip_space();
        if (at_char('}')) break;
        if (!at_char(',')) return fail("Expecting ',' delimiter");
        ++at_;
        skip_space();
      }
    }
    ++at_;
    out = Value::dict(dict);
    return true;
  }

  Arena& arena_;
  const char* begin_;
  const char* at_;
  const char* end_;
  const JsonLimits& limits_;
  const char* place_ = nullptr;
  const char* message_ = "";
  std::vector<Value> stack_;
  std::string scratch_;
};

}  // namespace

base::Result<Value> read_json(Arena& arena, std::string_view text, const JsonLimits& limits) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    return base::Error{base::ErrorKind::too_large, "the JSON text is over 4 GiB"};
  }
  return Reader(arena, text, limits).read();
}

base::Result<Document> read_json(std::string_view text, const JsonLimits& limits) {
  Arena arena;
  base::Result<Value> root = read_json(arena, text, limits);
  if (!root) return std::move(root).error();
  return Document(std::move(arena), *root);
}

}  // namespace tocsin::value
