// str.format as the sandbox runs it: Python's string.Formatter, whose complaints and numbering differ a little from
// those of str.format itself.
#include <algorithm>
#include <charconv>
#include <optional>

#include "value/python_arithmetic.hpp"
#include "value/python_format.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

constexpr int nesting_limit = 2;

/// A replacement field: `{name!conversion:spec}`.
struct Field {
  std::string_view name;
  std::string_view conversion;  ///< a character, or nothing
  std::string_view spec;
};

/// Takes a format text apart: literal text and fields by turns.
class FormatParser {
 public:
  explicit FormatParser(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  /// The literal text up to the next field, and the field if there is one.
  std::optional<Field> next(std::string& literal) {
    const std::size_t brace = rest_.find_first_of("{}");
    literal += rest_.substr(0, brace);
    if (brace == std::string_view::npos) {
      rest_ = {};
      return std::nullopt;
    }
    const char c = rest_[brace];
    rest_.remove_prefix(brace + 1);
    const bool doubled = rest_.starts_with(c);
    if (c == '}' && !doubled) raise_value("Single '}' encountered in format string");
    if (rest_.empty()) raise_value("Single '{' encountered in format string");
    if (!doubled) return field();
    literal += c;
    rest_.remove_prefix(1);
    return std::nullopt;
  }

 private:
  Field field() {
    Field field;
    std::size_t at = 0;
    while (at < rest_.size() && rest_[at] != '}' && rest_[at] != ':' && rest_[at] != '!') {
      if (rest_[at] == '{') raise_value("unexpected '{' in field name");
      const std::size_t skipped = rest_[at] == '[' ? rest_.find(']', at + 1) : at;
      at = skipped == std::string_view::npos ? rest_.size() : skipped + (rest_[at] == '[' ? 0 : 1);
    }
    if (at >= rest_.size()) raise_value("expected '}' before end of string");
    field.name = rest_.substr(0, at);
    const char end = rest_[at];
    rest_.remove_prefix(at + 1);
    if (end == '}' || (end == '!' && conversion(field))) return field;
    spec(field);
    return field;
  }

  /// Is the field over after its conversion?
  bool conversion(Field& field) {
    if (rest_.empty()) raise_value("end of string while looking for conversion specifier");
    const std::string_view before = rest_;
    next_code(rest_);
    field.conversion = before.substr(0, before.size() - rest_.size());
    if (rest_.empty()) return false;
    const char c = rest_.front();
    if (c != '}' && c != ':') raise_value("expected ':' after conversion specifier");
    rest_.remove_prefix(1);
    return c == '}';
  }

  void spec(Field& field) {
    int depth = 1;
    for (std::size_t at = 0; at < rest_.size(); ++at) {
      if (rest_[at] == '{') ++depth;
      if (rest_[at] != '}' || --depth > 0) continue;
      field.spec = rest_.substr(0, at);
      rest_.remove_prefix(at + 1);
      return;
    }
    raise_value("unmatched '{' in format spec");
  }

  std::string_view rest_;
};

bool is_digits(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    if (!is_in(CharClass::digit, next_code(text))) return false;
  }
  return true;
}

/// The number that a name or key is, if it is one.
std::optional<std::int64_t> number_of(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) {
    raise_value("Too many decimal digits in format string");
  }
  return number;
}

class StrFormatter {
 public:
  explicit StrFormatter(const FieldSource& source) : source_(source) {}

  void format(std::string& out, std::string_view text, int depth) {
    if (depth > nesting_limit) raise_value("Max string recursion exceeded");
    FormatParser parser(text);
    while (!parser.at_end()) {
      if (const auto field = parser.next(out)) put(out, *field, depth);
      if (out.size() > repeated_bytes_limit) raise(PythonErrorKind::memory, "the formatted text is too large");
    }
  }

 private:
  void put(std::string& out, const Field& field, int depth) {
    const Value v = converted(value_of(field.name), field.conversion);
    std::string spec;
    format(spec, field.spec, depth + 1);
    source_.format(out, v, spec);
  }

  Value converted(Value v, std::string_view conversion) {
    if (conversion.empty()) return v;
    if (conversion == "s") {
      if (v.is_string()) return Value::text(v.as_text(), v.flags() & Value::ascii);
      append_str(kept_, v);
    } else if (conversion == "r") {
      append_repr(kept_, v);
    } else if (conversion == "a") {
      append_ascii(kept_, to_repr(v));
    } else {
      raise_value("Unknown conversion specifier " + std::string(conversion));
    }
    return source_.text(std::exchange(kept_, {}));
  }

  Value value_of(std::string_view name) {
    constexpr const char* mixed = "cannot switch from manual field specification to automatic field numbering";
    if (name.empty()) {
      if (manual_) raise_value(mixed);
      return source_.numbered(next_++);
    }
    if (is_digits(name)) {
      if (next_ > 0) raise_value(mixed);
      manual_ = true;
    }
    const std::size_t first_end = std::min(name.find_first_of(".["), name.size());
    const std::string_view first = name.substr(0, first_end);
    const auto number = number_of(first);
    return followed(number ? source_.numbered(*number) : source_.named(first), name.substr(first_end));
  }

  /// The attributes and items after the first name.
  Value followed(Value v, std::string_view path) {
    while (!path.empty()) {
      const bool attribute = path.front() == '.';
      if (!attribute && path.front() != '[') {
        raise_value("Only '.' or '[' may follow ']' in format field specifier");
      }
      path.remove_prefix(1);
      const std::size_t end = attribute ? std::min(path.find_first_of(".["), path.size()) : path.find(']');
      if (end == std::string_view::npos) raise_value("Missing ']' in format string");
      const std::string_view key = path.substr(0, end);
      if (key.empty()) raise_value("Empty attribute in format string");
      path.remove_prefix(end + (attribute ? 0 : 1));
      if (attribute) {
        v = source_.attribute(v, key);
      } else {
        const auto number = number_of(key);
        v = source_.item(v, number ? Value::integer(*number) : Value::text(key));
      }
    }
    return v;
  }

  const FieldSource& source_;
  std::int64_t next_ = 0;
  bool manual_ = false;
  std::string kept_;
};

}  // namespace

void append_str_format(std::string& out, std::string_view text, const FieldSource& source) {
  StrFormatter(source).format(out, text, 0);
}

}  // namespace tocsin::value
