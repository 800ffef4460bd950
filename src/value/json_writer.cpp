#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.hpp"
#include "value/big_integer.hpp"
#include "value/json.hpp"
#include "value/json_scan.hpp"
#include "value/meter.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::value {
namespace {

std::string_view class_name(Value v) {
  const std::string_view name = type_name(v);
  return name.substr(name.rfind('.') + 1);
}

constexpr int depth_limit = 1000;
constexpr std::string_view hex = "0123456789abcdef";

/// Most keys of a dict differ in their first byte.
bool is_before(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty() || a.front() == b.front()) return a < b;
  return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front());
}

class Writer {
 public:
  Writer(std::string& out, const JsonStyle& style)
      : out_(out), style_(style), breaks_lines_(style.indent >= 0 || style.indent_text.has_value()) {
    if (!breaks_lines_) return;
    level_ =
        style.indent_text ? std::string(*style.indent_text) : std::string(static_cast<std::size_t>(style.indent), ' ');
  }

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
      case Kind::tuple: Meter::spend(1); return write_list(*v.as_list(), depth);
      case Kind::dict: Meter::spend(1); return write_dict(*v.as_dict(), depth);
      default: return fail("Object of type " + std::string(class_name(v)) + " is not JSON serializable");
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

  std::size_t plain_part(std::string_view text) const {
    return style_.ascii == JsonStyle::Ascii::keep ? plain_prefix(text) : plain_ascii_prefix(text);
  }

  void write_text(std::string_view text) {
    Meter::spend_bytes(text.size());
    out_ += '"';
    while (!text.empty()) {
      const std::size_t plain = plain_part(text);
      out_.append(text.data(), plain);
      text.remove_prefix(plain);
      if (!text.empty()) write_special(next_code(text));
    }
    out_ += '"';
  }

  void new_line(int depth) {
    if (!breaks_lines_) return;
    const std::size_t size = 1 + level_.size() * static_cast<std::size_t>(depth);
    while (line_start_.size() < size) line_start_ += level_;
    out_.append(line_start_.data(), size);
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

  bool less(const Entry* a, const Entry* b) {
    if (a->key.is_string() && b->key.is_string()) return is_before(a->key.as_text(), b->key.as_text());
    const auto order = compare(a->key, b->key);
    if (!order && message_.empty()) {
      if (a->key.is_undefined() || b->key.is_undefined()) throw UndefinedUsed{a->key.is_undefined() ? a->key : b->key};
      fail("'<' not supported between instances of '" + std::string(type_name(a->key)) + "' and '" +
           std::string(type_name(b->key)) + "'");
    }
    return order && *order < 0;
  }

  /// Sorts the entries from that number on.
  bool sort_from(std::size_t first) {
    // Most dicts are small, and shifting a few pointers is cheaper than what a general sort does to begin with.
    constexpr std::ptrdiff_t few = 32;
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first);
    if (entries_.end() - begin > few) {
      std::stable_sort(begin, entries_.end(), [&](const Entry* a, const Entry* b) { return less(a, b); });
    } else {
      for (auto each = begin; each != entries_.end(); ++each) {
        const Entry* entry = *each;
        auto to = each;
        for (; to != begin && less(entry, *(to - 1)); --to) *to = *(to - 1);
        *to = entry;
      }
    }
    return message_.empty();
  }

  bool write_sorted(const Dict& dict, int depth) {
    const std::size_t first = entries_.size();
    for (const Entry& entry : dict) entries_.push_back(&entry);
    if (!sort_from(first)) return false;
    for (std::size_t i = first; i < first + dict.size; ++i) {
      if (!write_entry(*entries_[i], i == first, depth)) return false;
    }
    entries_.resize(first);
    return true;
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
      if (!write_sorted(dict, depth)) return false;
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
  bool breaks_lines_;
  std::string level_;                  ///< what one level indents
  std::string line_start_ = "\n";      ///< a line break and as many levels as were needed so far
  std::vector<const Entry*> entries_;  ///< of the dicts that are being written in order
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
