// The one data tree of the product: JSON payloads, template values, API bodies. Python's kinds and order
// (dicts keep insertion order; int, float, bool and None are distinct; integers of any size).
//
// A Value is a 16-byte handle, copied freely; what it points to lives in an Arena (a document's or an
// evaluation's), so nothing is counted or freed one by one. Strings are well-formed UTF-8.
// A document's containers are never changed after it is built: readers on any thread share it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "value/arena.hpp"

namespace tocsin::value {

enum class Kind : std::uint8_t {
  undefined,  ///< Jinja's Undefined; pointer to the text of what was missing, or null
  none,
  boolean,
  integer,      ///< fits int64
  big_integer,  ///< does not fit int64; see big_integer.hpp
  real,
  string,
  list,
  tuple,
  dict,
  object,  ///< something of the template engine: function, loop, datetime; see Object
};

class Value;
struct BigInteger;

/// A growing sequence; also the storage of a tuple. Items are in an arena.
struct List {
  Value* items = nullptr;
  std::uint32_t size = 0;
  std::uint32_t capacity = 0;

  Value* begin() const { return items; }
  Value* end() const;
};

struct Entry;

/// A dict in insertion order. Removed entries leave no hole. `index` serves look-up in large ones.
struct Dict {
  Entry* entries = nullptr;
  std::uint32_t size = 0;
  std::uint32_t capacity = 0;
  std::uint32_t* index = nullptr;  ///< open-addressed table of entry number + 1, or null when small
  std::uint32_t index_capacity = 0;

  Entry* begin() const { return entries; }
  Entry* end() const;
};

/// What a room above may hang into a value (functions, loop objects, dates). Lives in an arena, so it must be
/// trivially destructible; `type` is the room's own tag.
struct Object {
  std::uint32_t type;
};

/// One value. Default: None.
class Value {
 public:
  enum Flag : std::uint8_t {
    ascii = 1,       ///< a string whose bytes are all ASCII: code points are bytes
    markup = 2,      ///< a string that is safe HTML (MarkupSafe's Markup)
    quote_safe = 4,  ///< a dict whose str() escapes double quotes, so that it fits into JSON text
  };

  constexpr Value() = default;
  static constexpr Value none() { return Value(); }
  static Value undefined(const char* name = nullptr) {
    Value v(Kind::undefined);
    v.as_.text = name;
    return v;
  }
  static constexpr Value boolean(bool b) {
    Value v(Kind::boolean);
    v.as_.integer = b;
    return v;
  }
  static constexpr Value integer(std::int64_t i) {
    Value v(Kind::integer);
    v.as_.integer = i;
    return v;
  }
  static constexpr Value real(double d) {
    Value v(Kind::real);
    v.as_.real = d;
    return v;
  }
  /// A string whose bytes outlive the value: a literal, or text in the same arena. Scans for ASCII.
  static Value text(std::string_view bytes);
  /// The same when the caller knows the flags.
  static Value text(std::string_view bytes, std::uint8_t flags) {
    Value v(Kind::string, flags, static_cast<std::uint32_t>(bytes.size()));
    v.as_.text = bytes.data();
    return v;
  }
  /// A string copied into the arena.
  static Value copied(Arena& arena, std::string_view bytes) { return text(arena.copy(bytes)); }
  static Value list(List* l) {
    Value v(Kind::list);
    v.as_.list = l;
    return v;
  }
  static Value tuple(List* l) {
    Value v(Kind::tuple);
    v.as_.list = l;
    return v;
  }
  static Value dict(Dict* d, std::uint8_t flags = 0) {
    Value v(Kind::dict, flags);
    v.as_.dict = d;
    return v;
  }
  static Value object(Object* o) {
    Value v(Kind::object);
    v.as_.object = o;
    return v;
  }
  static Value big(BigInteger* b) {
    Value v(Kind::big_integer);
    v.as_.big = b;
    return v;
  }

  Kind kind() const { return static_cast<Kind>(head_ & 0xFF); }
  std::uint8_t flags() const { return static_cast<std::uint8_t>(head_ >> 8); }
  bool is(Kind k) const { return kind() == k; }
  bool is_none() const { return is(Kind::none); }
  bool is_undefined() const { return is(Kind::undefined); }
  bool is_string() const { return is(Kind::string); }
  bool is_dict() const { return is(Kind::dict); }
  bool is_list() const { return is(Kind::list); }
  bool is_sequence() const { return is(Kind::list) || is(Kind::tuple); }
  bool is_ascii() const { return flags() & ascii; }
  bool is_markup() const { return flags() & markup; }

  // Each accessor asks for the matching kind; the caller has checked it.
  bool as_boolean() const { return as_.integer != 0; }
  std::int64_t as_integer() const { return as_.integer; }
  double as_real() const { return as_.real; }
  std::string_view as_text() const { return {as_.text, head_ >> 32}; }
  const char* missing_name() const { return as_.text; }
  List* as_list() const { return as_.list; }
  Dict* as_dict() const { return as_.dict; }
  Object* as_object() const { return as_.object; }
  BigInteger* as_big() const { return as_.big; }

  /// The same object in Python's sense (`is`): same kind and same bits.
  bool same_as(const Value& other) const {
    return kind() == other.kind() && head_ >> 32 == other.head_ >> 32 && as_.integer == other.as_.integer;
  }

  // Reading plain data, for rooms that take JSON apart.
  /// The member of that name of a dict, else null.
  const Value* find(std::string_view key) const;
  /// The text of the string member of that name; empty when there is none.
  std::string_view text_at(std::string_view key) const;

 private:
  explicit constexpr Value(Kind kind, std::uint8_t flags = 0, std::uint32_t size = 0)
      : head_(static_cast<std::uint64_t>(kind) | std::uint64_t{flags} << 8 | std::uint64_t{size} << 32) {}

  /// Kind, flags (from bit 8) and the size of a text (from bit 32) in one word: so a copy is two moves, which compilers
  /// do not see when they are members of their own.
  std::uint64_t head_ = static_cast<std::uint64_t>(Kind::none);
  union {
    std::int64_t integer;
    double real;
    const char* text;
    List* list;
    Dict* dict;
    Object* object;
    BigInteger* big;
  } as_{0};
};
static_assert(sizeof(Value) == 16);

struct Entry {
  Value key;
  Value value;
};

inline Value* List::end() const {
  return items + size;
}
inline Entry* Dict::end() const {
  return entries + size;
}

// Building and changing. Keys may be any hashable kind (Python equality: 1 == 1.0 == True).
List* new_list(Arena& arena, std::uint32_t capacity = 0);
void append(Arena& arena, List& list, Value item);
Dict* new_dict(Arena& arena, std::uint32_t capacity = 0);
/// Sets the key's value; a new key goes to the end. The key must be hashable.
void set(Arena& arena, Dict& dict, Value key, Value item);
void set(Arena& arena, Dict& dict, std::string_view literal_key, Value item);
/// The entry of the key, or null. Unhashable keys are never found.
Entry* find(const Dict& dict, Value key);
Entry* find(const Dict& dict, std::string_view key);
/// Removes the key, keeping the order of the rest; false when it is not there.
bool erase(Dict& dict, Value key);
/// A deep copy into the arena (objects are shared).
Value deep_copy(Arena& arena, Value from);

}  // namespace tocsin::value
