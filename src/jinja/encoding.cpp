#include "jinja/encoding.hpp"

#include <optional>

#include "base/text.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

enum class Codec { utf8, ascii, latin1, utf16, utf16_le, utf16_be, utf32, utf32_le, utf32_be };

/// `UTF_8` and `utf-8` are the same name.
std::string normalized(std::string_view name) {
  std::string out = base::ascii_lower(name);
  for (char& c : out) {
    if (c == '_' || c == ' ') c = '-';
  }
  return out;
}

Codec codec_named(const std::string& name) {
  constexpr std::pair<std::string_view, Codec> names[] = {
      {"utf-8", Codec::utf8},         {"utf8", Codec::utf8},          {"u8", Codec::utf8},
      {"ascii", Codec::ascii},        {"us-ascii", Codec::ascii},     {"646", Codec::ascii},
      {"latin-1", Codec::latin1},     {"latin1", Codec::latin1},      {"iso-8859-1", Codec::latin1},
      {"iso8859-1", Codec::latin1},   {"l1", Codec::latin1},          {"utf-16", Codec::utf16},
      {"utf16", Codec::utf16},        {"utf-16-le", Codec::utf16_le}, {"utf-16le", Codec::utf16_le},
      {"utf-16-be", Codec::utf16_be}, {"utf-16be", Codec::utf16_be},  {"utf-32", Codec::utf32},
      {"utf32", Codec::utf32},        {"utf-32-le", Codec::utf32_le}, {"utf-32-be", Codec::utf32_be},
  };
  const std::string wanted = normalized(name);
  for (const auto& [each, codec] : names) {
    if (each == wanted) return codec;
  }
  value::raise(value::PythonErrorKind::other, "unknown encoding: " + name);
}

/// `\xe9`, `\u20ac`, `\U0001f680`.
std::string escape_of(std::uint32_t code) {
  constexpr std::string_view hex = "0123456789abcdef";
  const int digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
  std::string text = digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) text += hex[code >> shift & 15];
  return text;
}

/// One-byte encodings.
class NarrowEncoder {
 public:
  NarrowEncoder(std::string_view text, const std::string& errors, std::uint32_t limit)
      : text_(text), errors_(errors), limit_(limit) {}

  std::string run() {
    std::size_t position = 0;
    for (std::string_view rest = text_; !rest.empty(); ++position) {
      const std::uint32_t code = value::next_code(rest);
      if (code < limit_) {
        out_ += static_cast<char>(code);
      } else {
        put_unknown(code, position);
      }
    }
    return std::move(out_);
  }

 private:
  void put_unknown(std::uint32_t code, std::size_t position) {
    if (errors_ == "ignore") return;
    if (errors_ == "replace") {
      out_ += '?';
    } else if (errors_ == "backslashreplace") {
      out_ += escape_of(code);
    } else if (errors_ == "xmlcharrefreplace") {
      out_.append("&#").append(std::to_string(code)).append(";");
    } else if (errors_ == "strict") {
      fail(position);
    } else {
      value::raise(value::PythonErrorKind::other, "unknown error handler name '" + errors_ + "'");
    }
  }

  /// CPython names the whole run of characters that can't be encoded.
  [[noreturn]] void fail(std::size_t first) {
    std::size_t position = 0;
    std::size_t end = first;
    std::uint32_t bad = 0;
    for (std::string_view rest = text_; !rest.empty(); ++position) {
      const std::uint32_t code = value::next_code(rest);
      if (position < first) continue;
      if (code < limit_) break;
      if (position == first) bad = code;
      end = position;
    }
    const std::string codec = limit_ == 0x80 ? "'ascii'" : "'latin-1'";
    const std::string range = limit_ == 0x80 ? "128" : "256";
    const std::string what = end == first
                                 ? "character '" + escape_of(bad) + "' in position " + std::to_string(first)
                                 : "characters in position " + std::to_string(first) + "-" + std::to_string(end);
    value::raise_value(codec + " codec can't encode " + what + ": ordinal not in range(" + range + ")");
  }

  std::string_view text_;
  const std::string& errors_;
  std::uint32_t limit_;
  std::string out_;
};

enum class Order { little, big };

void append_unit(std::string& out, std::uint32_t unit, int bytes, Order order) {
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(unit >> 8 * (order == Order::little ? i : bytes - 1 - i) & 0xFF);
}

std::string wide(std::string_view text, int bytes, Order order, bool mark) {
  std::string out;
  if (mark) append_unit(out, 0xFEFF, bytes, order);
  while (!text.empty()) {
    const std::uint32_t code = value::next_code(text);
    if (bytes == 4 || code < 0x10000) {
      append_unit(out, code, bytes, order);
    } else {
      append_unit(out, 0xD800 + ((code - 0x10000) >> 10), 2, order);
      append_unit(out, 0xDC00 + ((code - 0x10000) & 0x3FF), 2, order);
    }
  }
  return out;
}

/// Bytes of one-byte encodings and UTF-8 into text.
class Decoder {
 public:
  Decoder(std::string_view bytes, const std::string& errors) : bytes_(bytes), errors_(errors) {}

  std::string narrow(unsigned limit) {
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[i]);
      if (byte < limit) {
        base::append_utf8(out_, byte);
      } else {
        put_bad("ascii", i, "ordinal not in range(128)");
      }
    }
    return std::move(out_);
  }

  std::string utf8() {
    std::size_t at = 0;
    while (const std::optional<std::size_t> bad = base::first_bad_utf8(bytes_.substr(at))) {
      out_.append(bytes_.substr(at, *bad));
      at += *bad;
      put_bad("utf-8", at, reason(at));
      ++at;
    }
    out_.append(bytes_.substr(at));
    return std::move(out_);
  }

 private:
  static bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

  std::string reason(std::size_t at) const {
    const auto byte = static_cast<unsigned char>(bytes_[at]);
    if (byte < 0xC2 || byte > 0xF4) return "invalid start byte";
    const std::size_t wanted = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    std::size_t have = 1;
    while (have < wanted && at + have < bytes_.size() && continues(bytes_[at + have])) ++have;
    return at + have == bytes_.size() && have < wanted ? "unexpected end of data" : "invalid continuation byte";
  }

  void put_bad(const std::string& codec, std::size_t at, const std::string& reason) {
    if (errors_ == "ignore") return;
    if (errors_ == "replace") return base::append_utf8(out_, 0xFFFD);
    const std::string hex = base::to_hex(bytes_.substr(at, 1));
    if (errors_ == "backslashreplace") {
      out_.append("\\x").append(hex);
      return;
    }
    value::raise_value("'" + codec + "' codec can't decode byte 0x" + hex + " in position " + std::to_string(at) +
                       ": " + reason);
  }

  std::string_view bytes_;
  const std::string& errors_;
  std::string out_;
};

}  // namespace

CodecNames codec_names(std::string_view method, const Arguments& arguments) {
  CodecNames names;
  constexpr std::string_view parameters[] = {"encoding", "errors"};
  if (arguments.positional.size() > 2) {
    value::raise_type(std::string(method) + "() takes at most 2 arguments (" +
                      std::to_string(arguments.positional.size()) + " given)");
  }
  const auto put = [&](std::size_t i, Value v) {
    if (!v.is_string()) {
      value::raise_type(std::string(method) + "() argument '" + std::string(parameters[i]) + "' must be str, not " +
                        std::string(value::argument_type(v)));
    }
    (i == 0 ? names.encoding : names.errors) = v.as_text();
  };
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) put(i, arguments.positional[i]);
  for (const auto& [name, item] : arguments.named) {
    if (name != parameters[0] && name != parameters[1]) {
      value::raise_type("'" + std::string(name) + "' is an invalid keyword argument for " + std::string(method) + "()");
    }
    put(name == parameters[0] ? 0 : 1, item);
  }
  return names;
}

std::string encoded(std::string_view text, const CodecNames& names) {
  switch (codec_named(names.encoding)) {
    case Codec::utf8: return std::string(text);
    case Codec::ascii: return NarrowEncoder(text, names.errors, 0x80).run();
    case Codec::latin1: return NarrowEncoder(text, names.errors, 0x100).run();
    case Codec::utf16: return wide(text, 2, Order::little, true);
    case Codec::utf16_le: return wide(text, 2, Order::little, false);
    case Codec::utf16_be: return wide(text, 2, Order::big, false);
    case Codec::utf32: return wide(text, 4, Order::little, true);
    case Codec::utf32_le: return wide(text, 4, Order::little, false);
    case Codec::utf32_be: return wide(text, 4, Order::big, false);
  }
  return {};
}

std::string decoded(std::string_view bytes, const CodecNames& names) {
  switch (codec_named(names.encoding)) {
    case Codec::utf8: return Decoder(bytes, names.errors).utf8();
    case Codec::ascii: return Decoder(bytes, names.errors).narrow(0x80);
    case Codec::latin1: return Decoder(bytes, names.errors).narrow(0x100);
    default: value::raise(value::PythonErrorKind::other, "decoding " + names.encoding + " is not supported");
  }
}

}  // namespace tocsin::jinja
