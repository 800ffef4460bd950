// A stable sort that compares in CPython's order, so that a comparison that fails fails on the same two items, and an
// order that is none (NaN) gives the same result.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace tocsin::jinja {

/// Sorts so that `less(items[i + 1], items[i])` is false for all i. `less` may throw.
template <class T, class Less>
void python_sort(std::vector<T>& items, Less less) {
  // CPython's binary insertion holds below 64 items; above, an order that is one gives the same by any stable sort.
  constexpr std::size_t insertion_limit = 64;
  const std::size_t size = items.size();
  if (size < 2) return;
  std::size_t sorted = 2;
  const bool descending = less(items[1], items[0]);
  while (sorted < size && less(items[sorted], items[sorted - 1]) == descending) ++sorted;
  if (descending) std::reverse(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(sorted));
  if (sorted == size) return;
  if (size >= insertion_limit) {
    std::stable_sort(items.begin(), items.end(), less);
    return;
  }
  for (; sorted < size; ++sorted) {
    T pivot = items[sorted];
    std::size_t low = 0;
    std::size_t high = sorted;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (less(pivot, items[middle])) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    for (std::size_t i = sorted; i > low; --i) items[i] = items[i - 1];
    items[low] = pivot;
  }
}

/// The same from high to low; equal items keep their order.
template <class T, class Less>
void python_sort_reversed(std::vector<T>& items, Less less) {
  std::reverse(items.begin(), items.end());
  python_sort(items, less);
  std::reverse(items.begin(), items.end());
}

}  // namespace tocsin::jinja
