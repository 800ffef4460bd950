// JSON in and out, exact: integers of any size stay integers, floats are read to the nearest double and
// written as Python's repr, key order is kept, of duplicate keys the last value wins in the first place
// (as Python's json). RFC 8259; `Dialect::python` also takes NaN and Infinity and control characters no more than
// json.loads does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "value/value.hpp"

namespace tocsin::value {

/// A tree with the arena that holds it. Move-only; share it as shared_ptr<const Document>.
class Document {
 public:
  Document() = default;
  Document(Arena arena, Value root) : arena_(std::move(arena)), root_(root) {}

  Value root() const { return root_; }
  Arena& arena() { return arena_; }
  void set_root(Value root) { root_ = root; }

 private:
  Arena arena_;
  Value root_;
};

enum class Dialect {
  strict,  ///< RFC 8259
  python,  ///< json.loads: NaN, Infinity and -Infinity are numbers
};

/// What is known of a JSON text.
enum class Source {
  bytes,  ///< nothing: strings are copied into the arena
  text,   ///< it is well-formed UTF-8 that outlives the tree: strings are read in place
};

struct JsonLimits {
  std::uint32_t depth = 512;  ///< nesting of arrays and objects; deeper is an error, never a crash
  Dialect dialect = Dialect::strict;
  Source source = Source::bytes;
};

/// Reads one JSON text into the document's arena. A leading UTF-8 byte order mark is skipped.
/// Error: kind invalid, message in plain words, where `line L, column C` (1-based, column in code points).
base::Result<Document> read_json(std::string_view text, const JsonLimits& limits = {});
/// The same into an arena of the caller.
base::Result<Value> read_json(Arena& arena, std::string_view text, const JsonLimits& limits = {});

struct JsonStyle {
  enum class Ascii { keep, escape };  ///< escape: non-ASCII as \uXXXX
  /// Floats that JSON has no form for: `Infinity` and `NaN` as json.dumps, or a number too large (1e999) and null.
  enum class NotFinite { python, number };
  std::string_view item_separator = ",";
  std::string_view key_separator = ":";
  int indent = -1;                                   ///< spaces a level; negative: one line
  std::optional<std::string_view> indent_text = {};  ///< one level in words of its own; stronger than `indent`
  bool sort_keys = false;
  Ascii ascii = Ascii::keep;
  NotFinite not_finite = NotFinite::python;
  std::size_t longest = ~std::size_t{0};  ///< bytes; what is longer gives an error of kind `too_large`
};

/// Appends the value as JSON. Values that JSON does not know (objects, undefined) give an error of kind
/// `invalid` with Python's wording; non-finite floats are written as json.dumps does (NaN, Infinity).
base::Status write_json(std::string& out, Value value, const JsonStyle& style = {});
/// Compact JSON of plain data, for API answers and storage; CHECKs that the value is plain. Always RFC 8259: infinity
/// is written as 1e999, which reads back as infinity.
std::string to_json(Value value);

}  // namespace tocsin::value
