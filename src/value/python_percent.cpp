#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "value/big_integer.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_format.hpp"
#include "value/python_strings.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

/// One conversion of a `%` format: `%(name)-08.3f`.
struct Conversion {
  bool left = false;
  bool zero = false;
  bool plus = false;
  bool space = false;
  bool alternate = false;
  std::int64_t width = 0;
  std::optional<std::int64_t> precision;
};

class PercentFormatter {
 public:
  PercentFormatter(Value text, Value arguments) : text_(text.as_text()), whole_(text), arguments_(arguments) {
    is_tuple_ = arguments.is(Kind::tuple);
    current_ = arguments;
  }

  std::string format() {
    while (at_ < text_.size()) {
      const std::size_t percent = std::min(text_.find('%', at_), text_.size());
      out_.append(text_.substr(at_, percent - at_));
      at_ = percent;
      if (at_ < text_.size()) convert();
      if (out_.size() > repeated_bytes_limit) raise(PythonErrorKind::memory, "the formatted text is too large");
    }
    const bool all_used = is_tuple_ ? used_ >= arguments_.as_list()->size : !available_ || may_be_unused();
    if (!all_used) raise_type("not all arguments converted during string formatting");
    return std::move(out_);
  }

 private:
  bool may_be_unused() const { return arguments_.is_dict() || arguments_.is_list() || arguments_.is_undefined(); }

  char peek() const {
    if (at_ >= text_.size()) raise_value("incomplete format");
    return text_[at_];
  }

  Value next_argument() {
    if (is_tuple_) {
      if (used_ >= arguments_.as_list()->size) raise_type("not enough arguments for format string");
      return arguments_.as_list()->items[used_++];
    }
    if (!available_) raise_type("not enough arguments for format string");
    available_ = false;
    return current_;
  }

  /// The value of the key is the next argument, be it of the conversion or of its `*`.
  void take_key() {
    const bool mapping = arguments_.is_dict() || arguments_.is_list() || arguments_.is_undefined();
    if (!mapping) raise_type("format requires a mapping");
    const std::size_t start = ++at_;
    int depth = 1;
    while (depth > 0) {
      if (at_ >= text_.size()) raise_value("incomplete format key");
      depth += text_[at_] == '(' ? 1 : text_[at_] == ')' ? -1 : 0;
      ++at_;
    }
    if (arguments_.is_undefined()) throw UndefinedUsed{arguments_};
    if (arguments_.is_list()) raise_type("list indices must be integers or slices, not str");
    if (!arguments_.is_dict()) raise_type("format requires a mapping");
    const std::string_view name = text_.substr(start, at_ - 1 - start);
    const Entry* entry = find(*arguments_.as_dict(), name);
    if (entry == nullptr) {
      std::string quoted;
      append_text_repr(quoted, name);
      raise(PythonErrorKind::key, quoted);
    }
    current_ = entry->value;
    available_ = true;
  }

  std::int64_t number_or_star(const char* c_type) {
    if (peek() == '*') {
      ++at_;
      const Value v = next_argument();
      if (whole_.is_markup()) raise_type("* wants int");
      if (v.is(Kind::big_integer)) {
        raise(PythonErrorKind::overflow, std::string("Python int too large to convert to C ") + c_type);
      }
      if (!v.is(Kind::integer) && !v.is(Kind::boolean)) raise_type("* wants int");
      return v.as_integer();
    }
    std::int64_t number = 0;
    while (peek() >= '0' && peek() <= '9') {
      number = number * 10 + (text_[at_++] - '0');
      if (number > 100'000'000) raise_value("width too big");
    }
    return number;
  }

  void convert() {
    ++at_;
    if (peek() == '%') {
      ++at_;
      out_ += '%';
      return;
    }
    if (peek() == '(') take_key();
    Conversion conversion;
    for (bool more = true; more;) {
      switch (peek()) {
        case '-': conversion.left = true; break;
        case '0': conversion.zero = true; break;
        case '+': conversion.plus = true; break;
        case ' ': conversion.space = true; break;
        case '#': conversion.alternate = true; break;
        default: more = false; continue;
      }
      ++at_;
    }
    conversion.width = number_or_star("ssize_t");
    if (conversion.width < 0) {
      conversion.left = true;
      conversion.width = -conversion.width;
    }
    if (peek() == '.') {
      ++at_;
      conversion.precision = std::max<std::int64_t>(0, number_or_star("int"));
    }
    while (peek() == 'l' || peek() == 'h' || peek() == 'L') ++at_;
    const std::size_t place = at_;
    peek();
    const char type = text_[at_++];
    put(type, next_argument(), conversion, place);
  }

  void put(char type, Value v, const Conversion& conversion, std::size_t place) {
    switch (type) {
      case 's': return pad(markup_text(v), conversion, "");
      case 'r':
      case 'a': {
        std::string text;
        if (type == 'a') {
          append_ascii(text, to_repr(v));
        } else {
          append_repr(text, v);
        }
        return pad(escaped_if_markup(text), conversion, "");
      }
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X': return put_integer(type, v, conversion);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': return put_real(type, v, conversion);
      case 'c': return put_character(v, conversion);
      default: break;
    }
    std::string_view rest = text_.substr(place);
    const std::uint32_t code = next_code(rest);
    char hex[12];
    std::snprintf(hex, sizeof hex, "%x", code);
    const std::string_view shown = text_.substr(place, text_.size() - place - rest.size());
    raise_value("unsupported format character '" + std::string(code >= 0x20 && code < 0x7F ? shown : "?") + "' (0x" +
                hex + ") at index " + std::to_string(base::utf8_length(text_.substr(0, place))));
  }

  std::string markup_text(Value v) const {
    std::string text;
    append_str(text, v);
    return whole_.is_markup() && !v.is_markup() ? escaped_if_markup(text) : text;
  }

  std::string escaped_if_markup(const std::string& text) const {
    if (!whole_.is_markup()) return text;
    std::string out;
    append_escaped(out, text);
    return out;
  }

  void pad(std::string text, const Conversion& conversion, std::string_view sign) {
    if (sign.empty() && conversion.precision && !padding_number_) {
      text = base::utf8_prefix(text, static_cast<std::size_t>(*conversion.precision));
    }
    const auto size = static_cast<std::int64_t>(sign.size() + base::utf8_length(text));
    const auto missing = static_cast<std::size_t>(std::max<std::int64_t>(0, conversion.width - size));
    if (missing > repeated_bytes_limit) raise(PythonErrorKind::memory, "the formatted text is too large");
    if (conversion.left) {
      out_.append(sign).append(text).append(missing, ' ');
    } else if (padding_number_ && conversion.zero) {
      out_.append(sign).append(missing, '0').append(text);
    } else {
      out_.append(missing, ' ').append(sign).append(text);
    }
  }

  void pad_number(std::string text, const Conversion& conversion) {
    std::string sign;
    if (text.starts_with('-')) {
      sign = "-";
      text.erase(0, 1);
    } else if (conversion.plus) {
      sign = "+";
    } else if (conversion.space) {
      sign = " ";
    }
    const bool prefixed = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X' || text[1] == 'o');
    if (prefixed) {
      sign += text.substr(0, 2);
      text.erase(0, 2);
    }
    padding_number_ = true;
    if (conversion.precision && !is_real_) {
      const auto digits = static_cast<std::size_t>(*conversion.precision);
      if (text.size() < digits) text.insert(0, digits - text.size(), '0');
    }
    pad(std::move(text), conversion, sign);
    padding_number_ = false;
    is_real_ = false;
  }

  /// MarkupSafe's wrapper of an argument: it can be made an int or a float, and is nothing else.
  Value unwrapped(Arena& arena, char type, Value v, bool as_integer) {
    if (!whole_.is_markup()) return v;
    if (type == 'o' || type == 'x' || type == 'X') {
      raise_type("%" + std::string(1, type) + " format: an integer is required, not _MarkupEscapeHelper");
    }
    if (!v.is_string()) {
      if (is_number(v) || v.is_undefined()) return v;
      if (!as_integer) {
        raise_type("float() argument must be a string or a real number, not '" + std::string(type_name(v)) + "'");
      }
      raise_type("%" + std::string(1, type) + " format: a real number is required, not _MarkupEscapeHelper");
    }
    return as_integer ? integer_of_string(arena, v) : real_of_string(v);
  }

  static Value integer_of_string(Arena& arena, Value v) {
    const std::string_view text = stripped(v.as_text(), Side::both);
    const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    const bool digits = text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string_view::npos;
    if (!digits) raise_value("invalid literal for int() with base 10: " + to_repr(v));
    return integer_of_text(arena, text.starts_with('+') ? text.substr(1) : text);
  }

  static Value real_of_string(Value v) {
    const std::string_view text = stripped(v.as_text(), Side::both);
    double real = 0;
    const char* start = text.data() + (text.starts_with('+') ? 1 : 0);
    const auto [end, error] = std::from_chars(start, text.data() + text.size(), real);
    if (error != std::errc() || end != text.data() + text.size()) {
      raise_value("could not convert string to float: " + to_repr(Value::text(v.as_text())));
    }
    return Value::real(real);
  }

  void put_integer(char type, Value v, const Conversion& conversion) {
    const bool decimal = type == 'd' || type == 'i' || type == 'u';
    Arena arena;
    v = unwrapped(arena, type, v, true);
    if (v.is(Kind::real) && decimal) {
      if (std::isnan(v.as_real())) raise_value("cannot convert float NaN to integer");
      if (std::isinf(v.as_real())) raise(PythonErrorKind::overflow, "cannot convert float infinity to integer");
      v = integer_of_real(arena, v.as_real());
    }
    if (v.is_undefined() && decimal) throw UndefinedUsed{v};
    if (!is_integer(v)) {
      raise_type("%" + std::string(1, type) + " format: " + (decimal ? "a real number" : "an integer") +
                 " is required, not " + std::string(type_name(v)));
    }
    std::string text;
    append_formatted(text, v, decimal ? "d" : std::string(conversion.alternate ? "#" : "") + type);
    pad_number(std::move(text), conversion);
  }

  void put_real(char type, Value v, const Conversion& conversion) {
    Arena arena;
    v = unwrapped(arena, type, v, false);
    if (v.is_undefined()) throw UndefinedUsed{v};
    if (!is_number(v)) {
      raise_type("must be real number, not " + std::string(type_name(v)));
    }
    const std::string spec =
        std::string(conversion.alternate ? "#" : "") + "." + std::to_string(conversion.precision.value_or(6)) + type;
    std::string text;
    append_formatted(text, v, spec);
    is_real_ = true;
    pad_number(std::move(text), conversion);
  }

  void put_character(Value v, const Conversion& conversion) {
    if (whole_.is_markup()) raise_type("%c requires int or char");
    if (v.is(Kind::big_integer)) raise(PythonErrorKind::overflow, "%c arg not in range(0x110000)");
    std::string text;
    if (v.is_string()) {
      if (length(v) != 1) raise_type("%c requires int or char");
      text = v.as_text();
    } else if (v.is(Kind::integer) || v.is(Kind::boolean)) {
      if (v.as_integer() < 0 || v.as_integer() > 0x10FFFF)
        raise(PythonErrorKind::overflow, "%c arg not in range(0x110000)");
      base::append_utf8(text, static_cast<std::uint32_t>(v.as_integer()));
    } else {
      raise_type("%c requires int or char");
    }
    Conversion whole = conversion;
    whole.precision.reset();
    pad(text, whole, "");
  }

  std::string_view text_;
  Value whole_;
  Value arguments_;
  bool is_tuple_ = false;
  Value current_;  ///< the next argument when there is no tuple of them
  bool available_ = true;
  bool padding_number_ = false;
  bool is_real_ = false;
  std::size_t at_ = 0;
  std::uint32_t used_ = 0;
  std::string out_;
};

}  // namespace

Value percent_format(Arena& arena, Value text, Value arguments) {
  const Value out = Value::copied(arena, PercentFormatter(text, arguments).format());
  return Value::text(out.as_text(), out.flags() | (text.flags() & Value::markup));
}

}  // namespace tocsin::value
