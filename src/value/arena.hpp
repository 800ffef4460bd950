// Memory of one document or one evaluation: allocate by bumping a pointer, free all at once.
// One thread at a time while it grows; once a document is built its arena may be read by any thread.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tocsin::value {

/// Thrown when an arena would pass its limit; caught at the door of an evaluation and told as a budget error.
struct ArenaFull : std::bad_alloc {
  const char* what() const noexcept override { return "memory budget exhausted"; }
};

/// A bump allocator. Nothing in it is destroyed: only trivially destructible things live there.
class Arena {
 public:
  static constexpr std::size_t no_limit = ~std::size_t{0};

  explicit Arena(std::size_t limit_bytes = no_limit) : limit_(limit_bytes) {}
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `size` bytes aligned to `alignment` (a power of two, at most 16). Throws ArenaFull past the limit.
  void* allocate(std::size_t size, std::size_t alignment = 8) {
    const std::size_t padding = (0 - reinterpret_cast<std::size_t>(next_)) & (alignment - 1);
    const auto room = static_cast<std::size_t>(end_ - next_);
    if (size > room || padding > room - size || next_ == nullptr) return allocate_slowly(size, alignment);
    char* const start = next_ + padding;
    next_ = start + size;
    return start;
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{static_cast<Args&&>(args)...};
  }

  template <class T>
  T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    // T may be a pointer: NOLINTBEGIN(bugprone-sizeof-expression)
    if (count > no_limit / sizeof(T)) throw ArenaFull{};
    return static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
    // NOLINTEND(bugprone-sizeof-expression)
  }

  /// A copy of the text that lives as long as the arena.
  std::string_view copy(std::string_view text);

  /// Forgets everything but keeps one chunk, as large as what was used (within reason), so that the next evaluation
  /// allocates nothing.
  void reset();
  /// The limit from now on.
  void set_limit(std::size_t limit_bytes) { limit_ = limit_bytes; }
  /// Does the memory belong to this arena?
  bool owns(const void* memory) const;

  /// Bytes taken from the system.
  std::size_t footprint() const { return footprint_; }

 private:
  void* allocate_slowly(std::size_t size, std::size_t alignment);

  struct Chunk {
    std::unique_ptr<char[]> memory;
    std::size_t size;
  };

  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  std::size_t footprint_ = 0;
  std::size_t limit_;
};

}  // namespace tocsin::value
