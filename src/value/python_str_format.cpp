#include <charconv>
#include <optional>

#include "value/python_arithmetic.hpp"
#include "value/python_format.hpp"
#include "value/python_text.hpp"

namespace tocsin::value {
namespace {

constexpr int nesting_limit = 2;

class StrFormatter {
 public:
  explicit StrFormatter(const FieldSource& source) : source_(source) {}

  void format(std::string& out, std::string_view text, int depth) {
    if (depth > nesting_limit) raise_value("Max string recursion exceeded");
    std::size_t at = 0;
    while (at < text.size()) {
      const char c = text[at];
      if (c != '{' && c != '}') {
        const std::size_t next = std::min(text.find_first_of("{}", at), text.size());
        out.append(text.substr(at, next - at));
        at = next;
        continue;
      }
      const bool doubled = at + 1 < text.size() && text[at + 1] == c;
      if (doubled) {
        out += c;
        at += 2;
        continue;
      }
      if (c == '}') raise_value("Single '}' encountered in format string");
      const std::size_t end = field_end(text, at);
      field(out, text.substr(at + 1, end - at - 1), depth);
      at = end + 1;
      if (out.size() > repeated_bytes_limit) raise(PythonErrorKind::memory, "the formatted text is too large");
    }
  }

 private:
  static std::size_t field_end(std::string_view text, std::size_t start) {
    int depth = 0;
    bool in_brackets = false;
    bool in_spec = false;
    for (std::size_t i = start; i < text.size(); ++i) {
      const char c = text[i];
      if (in_brackets) {
        if (c == ']') in_brackets = false;
        continue;
      }
      if (c == '[' && !in_spec) in_brackets = true;
      if (c == ':' || c == '!') in_spec = true;
      if (c == '{') ++depth;
      if (c == '}' && --depth == 0) return i;
    }
    raise_value(start + 1 == text.size() ? "Single '{' encountered in format string"
                                         : "expected '}' before end of string");
  }

  void field(std::string& out, std::string_view content, int depth) {
    std::size_t name_end = 0;
    bool in_brackets = false;
    while (name_end < content.size()) {
      const char c = content[name_end];
      if (c == '[') in_brackets = true;
      if (c == ']') in_brackets = false;
      if (!in_brackets && (c == ':' || c == '!')) break;
      ++name_end;
    }
    std::string_view rest = content.substr(name_end);
    char conversion = 0;
    if (rest.starts_with('!')) {
      if (rest.size() < 2) raise_value("end of string while looking for conversion specifier");
      conversion = rest[1];
      rest.remove_prefix(2);
      if (!rest.empty() && rest.front() != ':') raise_value("expected ':' after conversion specifier");
    }
    std::string spec;
    Value v = resolve(content.substr(0, name_end));
    if (rest.starts_with(':')) format(spec, rest.substr(1), depth + 1);
    put(out, v, conversion, spec);
  }

  void put(std::string& out, Value v, char conversion, std::string_view spec) {
    if (conversion == 0) return source_.format(out, v, spec);
    std::string text;
    if (conversion == 's') {
      append_str(text, v);
    } else if (conversion == 'r') {
      append_repr(text, v);
    } else if (conversion == 'a') {
      append_ascii(text, to_repr(v));
    } else {
      raise_value("Unknown conversion specifier " + std::string(1, conversion));
    }
    source_.format(out, Value::text(text), spec);
  }

  Value resolve(std::string_view path) {
    const std::size_t first_end = std::min(path.find_first_of(".["), path.size());
    Value v = first(path.substr(0, first_end));
    std::string_view rest = path.substr(first_end);
    while (!rest.empty()) {
      if (rest.front() == '.') {
        const std::size_t end = std::min(rest.find_first_of(".[", 1), rest.size());
        if (end == 1) raise_value("Empty attribute in format string");
        v = source_.attribute(v, rest.substr(1, end - 1));
        rest.remove_prefix(end);
        continue;
      }
      if (rest.front() != '[') raise_value("Only '.' or '[' may follow ']' in format field specifier");
      const std::size_t end = rest.find(']');
      if (end == std::string_view::npos) raise_value("Missing ']' in format string");
      const std::string_view key = rest.substr(1, end - 1);
      if (key.empty()) raise_value("Empty attribute in format string");
      const std::optional<std::int64_t> number = number_of(key);
      v = source_.item(v, number ? Value::integer(*number) : Value::text(key));
      rest.remove_prefix(end + 1);
    }
    return v;
  }

  static std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || text.front() == '-' || error != std::errc() || end != text.data() + text.size())
      return std::nullopt;
    return number;
  }

  Value first(std::string_view name) {
    if (name.empty()) {
      if (manual_) raise_value("cannot switch from manual field specification to automatic field numbering");
      automatic_ = true;
      return source_.numbered(next_++);
    }
    const std::optional<std::int64_t> number = number_of(name);
    if (!number) return source_.named(name);
    if (automatic_) raise_value("cannot switch from automatic field numbering to manual field specification");
    manual_ = true;
    return source_.numbered(*number);
  }

  const FieldSource& source_;
  std::int64_t next_ = 0;
  bool automatic_ = false;
  bool manual_ = false;
};

}  // namespace

void append_str_format(std::string& out, std::string_view text, const FieldSource& source) {
  StrFormatter(source).format(out, text, 1);
}

}  // namespace tocsin::value
