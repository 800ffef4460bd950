#include "value/arena.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tocsin::value {
namespace {

constexpr std::size_t smallest_chunk = 4096;
constexpr std::size_t largest_chunk = 1u << 20;

}  // namespace

Arena::Arena(Arena&& other) noexcept
    : chunks_(std::move(other.chunks_)),
      next_(std::exchange(other.next_, nullptr)),
      end_(std::exchange(other.end_, nullptr)),
      footprint_(std::exchange(other.footprint_, 0)),
      limit_(other.limit_) {}

Arena& Arena::operator=(Arena&& other) noexcept {
  Arena taken(std::move(other));
  std::swap(chunks_, taken.chunks_);
  std::swap(next_, taken.next_);
  std::swap(end_, taken.end_);
  std::swap(footprint_, taken.footprint_);
  std::swap(limit_, taken.limit_);
  return *this;
}

void* Arena::allocate_slowly(std::size_t size, std::size_t alignment) {
  if (size > no_limit / 2) throw ArenaFull{};
  const std::size_t wanted = size + alignment;
  const std::size_t doubled = chunks_.empty() ? smallest_chunk : std::min(largest_chunk, footprint_);
  std::size_t chunk = std::max(wanted, doubled);
  if (footprint_ + chunk > limit_) chunk = wanted;
  if (footprint_ + chunk > limit_) throw ArenaFull{};
  chunks_.push_back({std::make_unique_for_overwrite<char[]>(chunk), chunk});
  footprint_ += chunk;
  next_ = chunks_.back().memory.get();
  end_ = next_ + chunk;
  return allocate(size, alignment);
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return "";
  char* to = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(to, text.data(), text.size());
  return {to, text.size()};
}

void Arena::reset() {
  if (chunks_.empty()) return;
  if (chunks_.size() > 1) {
    const std::size_t size = std::min(footprint_, largest_chunk);
    if (chunks_.front().size < size) chunks_.front() = {std::make_unique_for_overwrite<char[]>(size), size};
    chunks_.resize(1);
  }
  next_ = chunks_.front().memory.get();
  end_ = next_ + chunks_.front().size;
  footprint_ = chunks_.front().size;
}

bool Arena::owns(const void* memory) const {
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  return std::any_of(chunks_.begin(), chunks_.end(), [&](const Chunk& chunk) {
    const auto start = reinterpret_cast<std::uintptr_t>(chunk.memory.get());
    return start <= address && address < start + chunk.size;
  });
}

}  // namespace tocsin::value
