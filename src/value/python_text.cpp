#include "value/python_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.hpp"
#include "value/big_integer.hpp"
#include "value/meter.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

void append_hex(std::string& out, std::uint32_t code, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out.push_back(hex[(code >> shift) & 15]);
}

void append_escaped(std::string& out, std::uint32_t code) {
  switch (code) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (code < 0x100) {
    out += "\\x";
    append_hex(out, code, 2);
  } else if (code < 0x10000) {
    out += "\\u";
    append_hex(out, code, 4);
  } else {
    out += "\\U";
    append_hex(out, code, 8);
  }
}

/// The containers whose repr is being made, the outermost first.
thread_local std::vector<const void*> printed;

/// repr of nested containers.
class Printer {
 public:
  explicit Printer(std::string& out) : out_(out) {}

  void print(Value v) {
    Meter::spend(1);
    switch (v.kind()) {
      case Kind::undefined: out_ += "Undefined"; return;
      case Kind::string:
        if (v.is_markup()) out_ += "Markup(";
        append_text_repr(out_, v.as_text());
        if (v.is_markup()) out_ += ')';
        return;
      case Kind::list: return print_items(v, "[", "]");
      case Kind::tuple:
        if (is_named_tuple(v)) return object_rules().append_tuple_repr(out_, *v.as_list());
        return print_items(v, "(", v.as_list()->size == 1 ? ",)" : ")");
      case Kind::dict: return print_dict(v);
      case Kind::object: return object_rules().append_repr(out_, *v.as_object());
      default: append_str(out_, v);
    }
  }

 private:
  void print_items(Value v, std::string_view open, std::string_view close) {
    const Printing printing(v.as_list());
    if (printing.is_again()) {
      out_ += v.is_list() ? "[...]" : "(...)";
      return;
    }
    out_ += open;
    for (std::uint32_t i = 0; i < v.as_list()->size; ++i) {
      if (i != 0) out_ += ", ";
      print(v.as_list()->items[i]);
    }
    out_ += close;
  }

  void print_dict(Value v) {
    const Printing printing(v.as_dict());
    if (printing.is_again()) {
      out_ += "{...}";
      return;
    }
    out_ += '{';
    for (const Entry* entry = v.as_dict()->begin(); entry != v.as_dict()->end(); ++entry) {
      if (entry != v.as_dict()->begin()) out_ += ", ";
      print(entry->key);
      out_ += ": ";
      print(entry->value);
    }
    out_ += '}';
  }

  std::string& out_;
};

/// Python refuses to print integers of so many digits.
void append_big(std::string& out, Value v) {
  Meter::spend(v.as_big()->size / 16);
  constexpr std::uint32_t digits_limit = 4300;
  const std::size_t start = out.size();
  append_integer(out, v);
  if (out.size() - start - v.as_big()->negative > digits_limit) {
    raise_value(
        "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase "
        "the "
        "limit");
  }
}

/// A backslash before each double quote that has none.
void append_quote_safe(std::string& out, std::string_view text) {
  char before = 0;
  for (const char c : text) {
    if (c == '"' && before != '\\') out += '\\';
    out += before = c;
  }
}

}  // namespace

void append_real(std::string& out, double real) {
  if (std::isnan(real)) {
    out += "nan";
    return;
  }
  if (std::isinf(real)) {
    out += real < 0 ? "-inf" : "inf";
    return;
  }
  char text[40];
  const auto [end, error] = std::to_chars(text, text + sizeof text, real, std::chars_format::scientific);
  std::string_view digits(text, static_cast<std::size_t>(end - text));
  if (digits.front() == '-') {
    out += '-';
    digits.remove_prefix(1);
  }
  const std::size_t e = digits.find('e');
  int exponent = 0;
  const std::size_t sign = digits[e + 1] == '+' ? 1 : 0;
  std::from_chars(digits.data() + e + 1 + sign, digits.data() + digits.size(), exponent);
  std::string mantissa(1, digits[0]);
  if (e > 2) mantissa.append(digits.substr(2, e - 2));

  const int count = static_cast<int>(mantissa.size());
  if (exponent < -4 || exponent >= 16) {
    out += mantissa[0];
    if (count > 1) out.append(".").append(mantissa, 1);
    out += exponent < 0 ? "e-" : "e+";
    const int size = exponent < 0 ? -exponent : exponent;
    if (size < 10) out += '0';
    out += std::to_string(size);
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(mantissa);
  } else if (count <= exponent + 1) {
    out.append(mantissa).append(static_cast<std::size_t>(exponent + 1 - count), '0').append(".0");
  } else {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    out.append(mantissa, 0, whole).append(".").append(mantissa, whole);
  }
}

void append_text_repr(std::string& out, std::string_view text) {
  Meter::spend(text.size() / 16);
  const bool use_double = text.find('\'') != text.npos && text.find('"') == text.npos;
  const char quote = use_double ? '"' : '\'';
  out += quote;
  while (!text.empty()) {
    const std::uint32_t code = next_code(text);
    if (code == static_cast<unsigned char>(quote) || code == '\\') {
      out += '\\';
      out += static_cast<char>(code);
    } else if (code >= 0x20 && code < 0x7F) {
      out += static_cast<char>(code);
    } else if (code > 0x7F && is_in(CharClass::printable, code)) {
      base::append_utf8(out, code);
    } else {
      append_escaped(out, code);
    }
  }
  out += quote;
}

void append_ascii(std::string& out, std::string_view repr) {
  while (!repr.empty()) {
    const std::uint32_t code = next_code(repr);
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else {
      append_escaped(out, code);
    }
  }
}

void append_str(std::string& out, Value v) {
  switch (v.kind()) {
    case Kind::undefined: return;
    case Kind::none: out += "None"; return;
    case Kind::boolean: out += v.as_boolean() ? "True" : "False"; return;
    case Kind::integer: append_integer(out, v); return;
    case Kind::big_integer: append_big(out, v); return;
    case Kind::real: append_real(out, v.as_real()); return;
    case Kind::string: out += v.as_text(); return;
    case Kind::object: object_rules().append_str(out, *v.as_object()); return;
    default: break;
  }
  if (v.is_dict() && (v.flags() & Value::quote_safe)) return append_quote_safe(out, to_repr(v));
  append_repr(out, v);
}

Printing::Printing(const void* container)
    : is_again_(std::find(printed.begin(), printed.end(), container) != printed.end()) {
  Meter::spend(printed.size() / 64);
  // As Python's; each level takes some of the thread's stack.
  constexpr std::size_t deepest = 1000;
  if (printed.size() >= deepest) {
    raise(PythonErrorKind::recursion, "maximum recursion depth exceeded while getting the repr of an object");
  }
  if (!is_again_) printed.push_back(container);
}

Printing::~Printing() {
  if (!is_again_) printed.pop_back();
}

void append_repr(std::string& out, Value v) {
  Printer(out).print(v);
}

std::string to_str(Value v) {
  std::string out;
  append_str(out, v);
  return out;
}

std::string to_repr(Value v) {
  std::string out;
  append_repr(out, v);
  return out;
}

}  // namespace tocsin::value
