#include <vector>

#include "base/text.hpp"
#include "value/meter.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"

namespace tocsin::value {
namespace {

constexpr const char* slice_message = "slice indices must be integers or None or have an __index__ method";

bool is_absent(Value v) {
  return v.is_none();
}

/// A bound of a slice, clamped as CPython's PySlice_AdjustIndices does.
std::int64_t bound(Value v, std::int64_t length, std::int64_t absent, std::int64_t lowest, std::int64_t highest) {
  if (is_absent(v)) return absent;
  std::int64_t index = 0;
  if (v.is(Kind::big_integer)) {
    index = order(v, Value::integer(0), "<") < 0 ? -length - 1 : length + 1;
  } else {
    index = as_index(v, slice_message);
  }
  if (index < 0) index += length;
  return std::min(std::max(index, lowest), highest);
}

/// Byte offsets of the code points of a text, and its end.
std::vector<std::size_t> offsets_of(std::string_view text) {
  Meter::spend(text.size() / 8);
  std::vector<std::size_t> offsets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) offsets.push_back(i);
  }
  offsets.push_back(text.size());
  return offsets;
}

std::string_view code_point(std::string_view text, const std::vector<std::size_t>& offsets, std::int64_t i) {
  const auto at = static_cast<std::size_t>(i);
  return text.substr(offsets[at], offsets[at + 1] - offsets[at]);
}

Value text_slice(Arena& arena, Value v, std::int64_t start, std::int64_t stop, std::int64_t step) {
  const std::string_view text = v.as_text();
  if (step == 1 && v.is_ascii()) {
    if (stop <= start) return Value::text("", v.flags());
    return Value::text(text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(stop - start)), v.flags());
  }
  const std::vector<std::size_t> offsets = offsets_of(text);
  if (step == 1) {
    if (stop <= start) return Value::text("", v.flags() | Value::ascii);
    const std::size_t from = offsets[static_cast<std::size_t>(start)];
    const Value part = Value::text(text.substr(from, offsets[static_cast<std::size_t>(stop)] - from));
    return Value::text(part.as_text(), part.flags() | (v.flags() & Value::markup));
  }
  std::string out;
  for (std::int64_t i = start; step > 0 ? i < stop : i > stop; i += step) out += code_point(text, offsets, i);
  const Value part = Value::copied(arena, out);
  return Value::text(part.as_text(), part.flags() | (v.flags() & Value::markup));
}

}  // namespace

std::int64_t as_index(Value v, const char* message) {
  if (v.is(Kind::integer) || v.is(Kind::boolean)) return v.as_integer();
  if (v.is(Kind::big_integer)) raise(PythonErrorKind::index, "cannot fit 'int' into an index-sized integer");
  raise_type(message);
}

std::int64_t as_clamped_index(Value v, const char* message) {
  if (!v.is(Kind::big_integer)) return as_index(v, message);
  constexpr std::int64_t far = std::int64_t{1} << 62;
  return order(v, Value::integer(0), "<") < 0 ? -far : far;
}

bool item_at(Value container, std::int64_t index, Value& out) {
  if (container.is_sequence()) {
    const List& list = *container.as_list();
    if (index < 0) index += list.size;
    if (index < 0 || index >= list.size) return false;
    out = list.items[index];
    return true;
  }
  const std::string_view text = container.as_text();
  if (container.is_ascii()) {
    const auto size = static_cast<std::int64_t>(text.size());
    if (index < 0) index += size;
    if (index < 0 || index >= size) return false;
    out = Value::text(text.substr(static_cast<std::size_t>(index), 1), container.flags());
    return true;
  }
  const std::vector<std::size_t> offsets = offsets_of(text);
  const auto size = static_cast<std::int64_t>(offsets.size()) - 1;
  if (index < 0) index += size;
  if (index < 0 || index >= size) return false;
  const Value part = Value::text(code_point(text, offsets, index));
  out = Value::text(part.as_text(), part.flags() | (container.flags() & Value::markup));
  return true;
}

Value slice(Arena& arena, Value v, Value start, Value stop, Value step) {
  if (v.is_dict()) raise_type("unhashable type: 'slice'");
  if (!v.is_string() && !v.is_sequence()) {
    raise_type("'" + std::string(type_name(v)) + "' object is not subscriptable");
  }
  const std::int64_t stride = is_absent(step) ? 1 : as_clamped_index(step, slice_message);
  if (stride == 0) raise_value("slice step cannot be zero");
  const std::int64_t size = length(v);
  const bool up = stride > 0;
  const std::int64_t lowest = up ? 0 : -1;
  const std::int64_t highest = up ? size : size - 1;
  const std::int64_t first = bound(start, size, up ? 0 : size - 1, lowest, highest);
  const std::int64_t last = bound(stop, size, up ? size : -1, lowest, highest);
  if (v.is_string()) return text_slice(arena, v, first, last, stride);
  List* list = new_list(arena);
  for (std::int64_t i = first; up ? i < last : i > last; i += stride) append(arena, *list, v.as_list()->items[i]);
  return v.is_list() ? Value::list(list) : Value::tuple(list);
}

}  // namespace tocsin::value
