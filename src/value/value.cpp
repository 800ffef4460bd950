#include "value/value.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/check.hpp"
#include "value/big_integer.hpp"
#include "value/python_compare.hpp"

namespace tocsin::value {
namespace {

/// From this many entries on a dict has an index.
constexpr std::uint32_t indexed_from = 17;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template <class Word>
Word word_at(const char* from) {
  Word word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Keys of one length mostly differ in their first byte: asking for it saves the call.
bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         (a.empty() || (a.front() == b.front() && std::memcmp(a.data(), b.data(), a.size()) == 0));
}

bool same_key(Value a, Value b) {
  if (a.is_string() && b.is_string()) return same_text(a.as_text(), b.as_text());
  return equal(a, b);
}

void put_in_index(Dict& dict, std::uint32_t number) {
  const std::uint32_t mask = dict.index_capacity - 1;
  std::uint64_t slot = hash_of(dict.entries[number].key) & mask;
  while (dict.index[slot] != 0) slot = (slot + 1) & mask;
  dict.index[slot] = number + 1;
}

void rebuild_index(Arena& arena, Dict& dict) {
  const std::uint32_t wanted = std::bit_ceil(dict.capacity * 2);
  if (dict.index_capacity < wanted) {
    dict.index = arena.make_array<std::uint32_t>(wanted);
    dict.index_capacity = wanted;
  }
  std::fill_n(dict.index, dict.index_capacity, 0u);
  for (std::uint32_t i = 0; i < dict.size; ++i) put_in_index(dict, i);
}

Entry* find_indexed(const Dict& dict, Value key) {
  const std::uint32_t mask = dict.index_capacity - 1;
  for (std::uint64_t slot = hash_of(key) & mask; dict.index[slot] != 0; slot = (slot + 1) & mask) {
    Entry& entry = dict.entries[dict.index[slot] - 1];
    if (same_key(entry.key, key)) return &entry;
  }
  return nullptr;
}

void grow(Arena& arena, Dict& dict) {
  const std::uint32_t capacity = std::max(4u, dict.capacity * 2);
  Entry* entries = arena.make_array<Entry>(capacity);
  std::copy_n(dict.entries, dict.size, entries);
  dict.entries = entries;
  dict.capacity = capacity;
  if (dict.index != nullptr) rebuild_index(arena, dict);
}

}  // namespace

std::uint64_t hash_of_text(std::string_view text) {
  constexpr std::uint64_t between = 0xA0761D6478BD642Fu;
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t hash = 0x9E3779B97F4A7C15u ^ size;
  if (size >= 8) {
    for (const char* last = at + size - 8; at < last; at += 8) hash = mix(hash ^ word_at<std::uint64_t>(at), between);
    // The last eight bytes, some of them for the second time.
    return mix(hash ^ word_at<std::uint64_t>(text.data() + size - 8), 0xE7037ED1A0B428DBu);
  }
  std::uint64_t few = 0;
  if (size >= 4) {
    few = std::uint64_t{word_at<std::uint32_t>(at)} << 32 | word_at<std::uint32_t>(at + size - 4);
  } else if (size != 0) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(at[i]); };
    few = static_cast<std::uint64_t>(byte(0)) << 16 | static_cast<std::uint64_t>(byte(size / 2)) << 8 | byte(size - 1);
  }
  return mix(hash ^ few, 0xE7037ED1A0B428DBu);
}

Value Value::text(std::string_view bytes) {
  std::size_t at = 0;
  std::uint64_t seen = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    seen |= word;
  }
  for (; at < bytes.size(); ++at) seen |= static_cast<unsigned char>(bytes[at]);
  const bool only_ascii = (seen & 0x8080808080808080u) == 0;
  return text(bytes, only_ascii ? std::uint8_t{ascii} : std::uint8_t{0});
}

const Value* Value::find(std::string_view key) const {
  if (!is_dict()) return nullptr;
  const Entry* entry = value::find(*as_dict(), key);
  return entry == nullptr ? nullptr : &entry->value;
}

std::string_view Value::text_at(std::string_view key) const {
  const Value* member = find(key);
  return member != nullptr && member->is_string() ? member->as_text() : std::string_view();
}

List* new_list(Arena& arena, std::uint32_t capacity) {
  List* list = arena.make<List>();
  if (capacity != 0) {
    list->items = arena.make_array<Value>(capacity);
    list->capacity = capacity;
  }
  return list;
}

void append(Arena& arena, List& list, Value item) {
  if (list.size == list.capacity) {
    const std::uint32_t capacity = std::max(4u, list.capacity * 2);
    Value* items = arena.make_array<Value>(capacity);
    std::copy_n(list.items, list.size, items);
    list.items = items;
    list.capacity = capacity;
  }
  list.items[list.size++] = item;
}

Dict* new_dict(Arena& arena, std::uint32_t capacity) {
  Dict* dict = arena.make<Dict>();
  if (capacity != 0) {
    dict->entries = arena.make_array<Entry>(capacity);
    dict->capacity = capacity;
  }
  return dict;
}

Entry* find(const Dict& dict, Value key) {
  if (key.is_string()) return find(dict, key.as_text());
  if (dict.index != nullptr) return find_indexed(dict, key);
  for (Entry& entry : dict) {
    if (same_key(entry.key, key)) return &entry;
  }
  return nullptr;
}

Entry* find(const Dict& dict, std::string_view key) {
  if (dict.index != nullptr) return find_indexed(dict, Value::text(key, 0));
  // The length tells most keys apart, so it comes first.
  for (Entry& entry : dict) {
    if (entry.key.as_text().size() == key.size() && entry.key.is_string() && same_text(entry.key.as_text(), key)) {
      return &entry;
    }
  }
  return nullptr;
}

void set(Arena& arena, Dict& dict, Value key, Value item) {
  if (Entry* entry = find(dict, key)) {
    entry->value = item;
    return;
  }
  if (dict.size == dict.capacity) grow(arena, dict);
  dict.entries[dict.size++] = {key, item};
  if (dict.index != nullptr) {
    put_in_index(dict, dict.size - 1);
  } else if (dict.size >= indexed_from) {
    rebuild_index(arena, dict);
  }
}

void set(Arena& arena, Dict& dict, std::string_view literal_key, Value item) {
  set(arena, dict, Value::text(literal_key), item);
}

bool erase(Dict& dict, Value key) {
  Entry* entry = find(dict, key);
  if (entry == nullptr) return false;
  std::copy(entry + 1, dict.end(), entry);
  --dict.size;
  if (dict.index != nullptr) {
    std::fill_n(dict.index, dict.index_capacity, 0u);
    for (std::uint32_t i = 0; i < dict.size; ++i) put_in_index(dict, i);
  }
  return true;
}

Value deep_copy(Arena& arena, Value from) {
  switch (from.kind()) {
    case Kind::string: return Value::text(arena.copy(from.as_text()), from.flags());
    case Kind::list:
    case Kind::tuple: {
      List* list = new_list(arena, from.as_list()->size);
      for (const Value item : *from.as_list()) append(arena, *list, deep_copy(arena, item));
      return from.is_list() ? Value::list(list) : Value::tuple(list);
    }
    case Kind::dict: {
      Dict* dict = new_dict(arena, from.as_dict()->size);
      for (const Entry& entry : *from.as_dict()) {
        set(arena, *dict, deep_copy(arena, entry.key), deep_copy(arena, entry.value));
      }
      return Value::dict(dict, from.flags());
    }
    case Kind::big_integer: {
      auto* copy = arena.make<BigInteger>(*from.as_big());
      copy->limbs = arena.make_array<std::uint32_t>(copy->size);
      std::copy_n(from.as_big()->limbs, copy->size, copy->limbs);
      return Value::big(copy);
    }
    default: return from;
  }
}

}  // namespace tocsin::value
