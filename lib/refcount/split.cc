#include "lib/refcount/split.h"

namespace lastref::refcount {

std::uint32_t Split::value() const {
  auto sum = static_cast<std::uint32_t>(count_.load(std::memory_order_relaxed) >> kFlags);
  for (const Cell& cell : std::span(cells_).subspan(1)) {
    const std::uint32_t held = cell.held.load(std::memory_order_relaxed);
    if (held < kMost) sum += held;
  }
  return sum;
}

// Marked first: from then on nobody takes the last reference out of the count without a look at the
// cells. Once only, so that a cell is never opened after it was closed.
void Split::open() {
  std::int64_t count = count_.load(std::memory_order_relaxed);
  do {
    if ((count & (kOpened | kClosed)) != 0) return;
  } while (!count_.compare_exchange_weak(count, count | kOpened, std::memory_order_relaxed));
  for (Cell& cell : cells()) {
    std::uint32_t before = kNotOpened;
    cell.held.compare_exchange_strong(before, 0, std::memory_order_relaxed);
  }
}

// Several threads may close at once. Each cell's references go over with one of them, and none of
// them may see the count at 0 before all have: each keeps it up until it has carried its own over.
bool Split::release_the_last_counted() {
  for (Cell& cell : cells()) {
    if (take_from(cell.held)) return false;
  }
  count_.fetch_add(kOnTheirWay, std::memory_order_relaxed);
  for (Cell& cell : cells()) {
    const std::uint32_t held = cell.held.exchange(kClosedCell, std::memory_order_acq_rel);
    if (held < kMost) count_.fetch_add(held * kReference, std::memory_order_acq_rel);
  }
  count_.fetch_or(kClosed, std::memory_order_relaxed);
  constexpr std::int64_t kChange = kOnTheirWay + kReference;
  return (count_.fetch_sub(kChange, std::memory_order_acq_rel) - kChange) >> kFlags == 0;
}

}  // namespace lastref::refcount
