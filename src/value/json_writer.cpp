#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.hpp"
#include "value/big_integer.hpp"
#include "value/json.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

constexpr int depth_limit = 1000;
constexpr std::string_view hex = "0123456789abcdef";

class Writer {
 public:
  Writer(std::string& out, const JsonStyle& style) : out_(out), style_(style) {}

  bool write(Value v, int depth) {
    if (depth > depth_limit) return fail("Circular reference detected");
    if (out_.size() > style_.longest) {
      kind_ = base::ErrorKind::too_large;
      return fail("the JSON text is too large");
    }
    switch (v.kind()) {
      case Kind::none: out_ += "null"; return true;
      case Kind::boolean: out_ += v.as_boolean() ? "true" : "false"; return true;
      case Kind::integer:
      case Kind::big_integer: append_integer(out_, v); return true;
      case Kind::real: write_real(v.as_real()); return true;
      case Kind::string: write_text(v.as_text()); return true;
      case Kind::list:
      case Kind::tuple: return write_list(*v.as_list(), depth);
      case Kind::dict: return write_dict(*v.as_dict(), depth);
      default: return fail("Object of type " + std::string(type_name(v)) + " is not JSON serializable");
    }
  }

  base::Error error() const { return {kind_, message_}; }

 private:
  bool fail(std::string message) {
    message_ = std::move(message);
    return false;
  }

  void write_real(double real) {
    const bool as_number = style_.not_finite == JsonStyle::NotFinite::number;
    if (as_number && std::isnan(real)) {
      out_ += "null";
    } else if (as_number && std::isinf(real)) {
      out_ += real < 0 ? "-1e999" : "1e999";
    } else if (std::isnan(real)) {
      out_ += "NaN";
    } else if (std::isinf(real)) {
      out_ += real < 0 ? "-Infinity" : "Infinity";
    } else {
      append_real(out_, real);
    }
  }

  void write_unit(std::uint32_t unit) {
    out_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out_ += hex[(unit >> shift) & 15];
  }

  void write_special(std::uint32_t code) {
    switch (code) {
      case '"': out_ += "\\\""; return;
      case '\\': out_ += "\\\\"; return;
      case '\n': out_ += "\\n"; return;
      case '\r': out_ += "\\r"; return;
      case '\t': out_ += "\\t"; return;
      case '\b': out_ += "\\b"; return;
      case '\f': out_ += "\\f"; return;
      default: break;
    }
    if (code >= 0x10000) {
      write_unit(0xD800 + ((code - 0x10000) >> 10));
      write_unit(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      write_unit(code);
    }
  }

  void write_text(std::string_view text) {
    const bool escape = style_.ascii == JsonStyle::Ascii::escape;
    out_ += '"';
    while (!text.empty()) {
      std::size_t plain = 0;
      while (plain < text.size()) {
        const auto c = static_cast<unsigned char>(text[plain]);
        if (c < 0x20 || c == '"' || c == '\\' || (escape && c >= 0x7F)) break;
        ++plain;
      }
      out_.append(text.substr(0, plain));
      text.remove_prefix(plain);
      if (!text.empty()) write_special(next_code(text));
    }
    out_ += '"';
  }

  void new_line(int depth) {
    if (style_.indent < 0 && !style_.indent_text) return;
    out_ += '\n';
    if (!style_.indent_text) {
      out_.append(static_cast<std::size_t>(style_.indent * depth), ' ');
      return;
    }
    for (int i = 0; i < depth; ++i) out_ += *style_.indent_text;
  }

  bool write_list(const List& list, int depth) {
    out_ += '[';
    for (std::uint32_t i = 0; i < list.size; ++i) {
      if (i != 0) out_ += style_.item_separator;
      new_line(depth + 1);
      if (!write(list.items[i], depth + 1)) return false;
    }
    if (list.size != 0) new_line(depth);
    out_ += ']';
    return true;
  }

  bool write_key(Value key) {
    if (key.is_string()) {
      write_text(key.as_text());
      return true;
    }
    if (!is_number(key) && !key.is_none()) {
      return fail("keys must be str, int, float, bool or None, not " + std::string(type_name(key)));
    }
    out_ += '"';
    const bool written = write(key, 0);
    out_ += '"';
    return written;
  }

  bool sorted(std::vector<const Entry*>& entries) {
    const Entry* first = nullptr;
    const Entry* second = nullptr;
    std::stable_sort(entries.begin(), entries.end(), [&](const Entry* a, const Entry* b) {
      if (a->key.is_string() && b->key.is_string()) return a->key.as_text() < b->key.as_text();
      const auto order = compare(a->key, b->key);
      if (!order) {
        first = a;
        second = b;
      }
      return order && *order < 0;
    });
    if (first == nullptr) return true;
    return fail("'<' not supported between instances of '" + std::string(type_name(first->key)) + "' and '" +
                std::string(type_name(second->key)) + "'");
  }

  bool write_entry(const Entry& entry, bool first, int depth) {
    if (!first) out_ += style_.item_separator;
    new_line(depth + 1);
    if (!write_key(entry.key)) return false;
    out_ += style_.key_separator;
    return write(entry.value, depth + 1);
  }

  bool write_dict(const Dict& dict, int depth) {
    out_ += '{';
    if (style_.sort_keys) {
      std::vector<const Entry*> entries;
      entries.reserve(dict.size);
      for (const Entry& entry : dict) entries.push_back(&entry);
      if (!sorted(entries)) return false;
      for (const Entry* entry : entries) {
        if (!write_entry(*entry, entry == entries.front(), depth)) return false;
      }
    } else {
      for (const Entry& entry : dict) {
        if (!write_entry(entry, &entry == dict.begin(), depth)) return false;
      }
    }
    if (dict.size != 0) new_line(depth);
    out_ += '}';
    return true;
  }

  std::string& out_;
  const JsonStyle& style_;
  base::ErrorKind kind_ = base::ErrorKind::invalid;
  std::string message_;
};

}  // namespace

base::Status write_json(std::string& out, Value value, const JsonStyle& style) {
  Writer writer(out, style);
  if (writer.write(value, 0)) return {};
  return writer.error();
}

std::string to_json(Value value) {
  std::string out;
  CHECK(write_json(out, value, {.not_finite = JsonStyle::NotFinite::number}).ok());
  return out;
}

}  // namespace tocsin::value
