#include "jinja/pretty.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "jinja/library.hpp"
#include "jinja/sorting.hpp"
#include "value/python_compare.hpp"
#include "value/python_text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

constexpr std::int64_t page_width = 80;
constexpr int depth_limit = 200;

std::int64_t width_of(std::string_view text) {
  return static_cast<std::int64_t>(base::utf8_length(text));
}

/// Where a value stands: its column, what follows it on its last line, its nesting.
struct Place {
  std::int64_t indent;
  std::int64_t allowance;
  int level;
};

class Printer {
 public:
  explicit Printer(Evaluation& evaluation) : evaluation_(evaluation) {}

  void print(Value v, const Place& place) {
    const std::string line = on_one_line(v, 0);
    if (width_of(line) <= page_width - place.indent - place.allowance) {
      out_ += line;
      return;
    }
    const Place inside{place.indent, place.allowance, place.level + 1};
    if (v.is_string() && !v.is_markup()) return print_text(v, inside);
    if (value::is_named_tuple(v)) return void(out_ += line);
    if (v.is_list()) return print_items(v, "[", "]", inside);
    if (v.is(Kind::tuple)) return print_items(v, "(", v.as_list()->size == 1 ? ",)" : ")", inside);
    if (v.is_dict()) return print_dict(v, inside);
    out_ += line;
  }

  std::string take() { return std::move(out_); }

 private:
  std::string on_one_line(Value v, int depth) {
    evaluation_.charge(1);
    if (depth > depth_limit) value::raise(value::PythonErrorKind::recursion, "maximum recursion depth exceeded");
    if (v.is_dict()) return dict_on_one_line(v, depth);
    if (!v.is_sequence() || value::is_named_tuple(v)) {
      std::string line = value::to_repr(v);
      charge_bytes(evaluation_, line.size());
      return line;
    }
    std::string line = v.is_list() ? "[" : "(";
    const value::List& list = *v.as_list();
    for (std::uint32_t i = 0; i < list.size; ++i) {
      if (i != 0) line += ", ";
      line += on_one_line(list.items[i], depth + 1);
    }
    charge_bytes(evaluation_, line.size());
    if (!v.is_list() && list.size == 1) line += ',';
    return line += v.is_list() ? "]" : ")";
  }

  std::string dict_on_one_line(Value v, int depth) {
    std::string line = "{";
    for (const value::Entry& entry : sorted(*v.as_dict())) {
      if (line.size() > 1) line += ", ";
      line += on_one_line(entry.key, depth + 1) + ": " + on_one_line(entry.value, depth + 1);
    }
    return line += '}';
  }

  /// str(type(v)), as far as order needs it.
  static std::string class_of(Value v) {
    return (v.is_string() && v.is_markup() ? "markupsafe."
            : v.is_undefined()             ? "jinja2.runtime."
                                           : "") +
           std::string(value::type_name(v));
  }

  /// By key; keys that can't be compared go by the names of their types.
  std::vector<value::Entry> sorted(const value::Dict& dict) {
    std::vector<value::Entry> entries(dict.begin(), dict.end());
    python_sort(entries, [&](const value::Entry& a, const value::Entry& b) {
      evaluation_.charge(1);
      if (a.key.is_undefined() || b.key.is_undefined()) {
        evaluation_.fail_undefined(a.key.is_undefined() ? a.key : b.key);
      }
      if (const auto order = value::compare(a.key, b.key)) return *order < 0;
      return class_of(a.key) < class_of(b.key);
    });
    return entries;
  }

  void new_line(std::int64_t indent) {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent), ' ');
  }

  void print_items(Value v, std::string_view open, std::string_view close, const Place& place) {
    const value::List& list = *v.as_list();
    out_ += open;
    const std::int64_t after = place.allowance + static_cast<std::int64_t>(close.size());
    for (std::uint32_t i = 0; i < list.size; ++i) {
      const bool last = i + 1 == list.size;
      if (i != 0) {
        out_ += ',';
        new_line(place.indent + 1);
      }
      print(list.items[i], {place.indent + 1, last ? after : 1, place.level});
    }
    out_ += close;
  }

  void print_dict(Value v, const Place& place) {
    const std::vector<value::Entry> entries = sorted(*v.as_dict());
    out_ += '{';
    for (const value::Entry& entry : entries) {
      const bool last = &entry == &entries.back();
      if (&entry != &entries.front()) {
        out_ += ',';
        new_line(place.indent + 1);
      }
      const std::string key = on_one_line(entry.key, 0);
      out_ += key + ": ";
      print(entry.value, {place.indent + 3 + width_of(key), last ? place.allowance + 1 : 1, place.level});
    }
    out_ += '}';
  }

  void print_text(Value v, Place place) {
    if (place.level == 1) {
      ++place.indent;
      ++place.allowance;
    }
    const std::vector<std::string> chunks = chunks_of(v, place);
    if (chunks.size() == 1) {
      out_ += chunks.front();
      return;
    }
    if (place.level == 1) out_ += '(';
    for (const std::string& chunk : chunks) {
      if (&chunk != &chunks.front()) new_line(place.indent);
      out_ += chunk;
    }
    if (place.level == 1) out_ += ')';
  }

  /// The text as adjacent literals that fit, broken at line ends and after white space.
  std::vector<std::string> chunks_of(Value v, const Place& place) {
    const Value keep_ends[] = {Value::boolean(true)};
    const value::List& lines = *call_method(evaluation_, v, MethodName::splitlines, keep_ends).as_list();
    std::vector<std::string> chunks;
    const std::int64_t width = page_width - place.indent;
    for (std::uint32_t i = 0; i < lines.size; ++i) {
      const std::int64_t after = i + 1 == lines.size ? place.allowance : 0;
      std::string whole = value::to_repr(lines.items[i]);
      if (width_of(whole) <= width - after) {
        chunks.push_back(std::move(whole));
      } else {
        add_parts(chunks, lines.items[i].as_text(), width, after);
      }
    }
    return chunks;
  }

  void add_parts(std::vector<std::string>& chunks, std::string_view line, std::int64_t width, std::int64_t after) {
    std::string current;
    while (!line.empty()) {
      const std::string_view part = part_of(line);
      line.remove_prefix(part.size());
      if (line.empty()) width -= after;
      std::string candidate = current + std::string(part);
      charge_bytes(evaluation_, candidate.size());
      if (width_of(repr(candidate)) > width) {
        if (!current.empty()) chunks.push_back(repr(current));
        current = part;
      } else {
        current = std::move(candidate);
      }
    }
    if (!current.empty()) chunks.push_back(repr(current));
  }

  static std::string repr(std::string_view text) {
    std::string out;
    value::append_text_repr(out, text);
    return out;
  }

  /// A run of what is not white space, and the white space after it.
  static std::string_view part_of(std::string_view line) {
    std::string_view rest = line;
    std::size_t end = 0;
    bool in_space = false;
    while (!rest.empty()) {
      const bool space = value::is_in(value::CharClass::space, value::next_code(rest));
      if (in_space && !space) break;
      in_space = space;
      end = line.size() - rest.size();
    }
    return line.substr(0, end);
  }

  Evaluation& evaluation_;
  std::string out_;
};

}  // namespace

std::string pretty(Evaluation& evaluation, Value v) {
  Printer printer(evaluation);
  printer.print(v, {0, 0, 0});
  return printer.take();
}

}  // namespace tocsin::jinja
