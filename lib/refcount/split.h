// A count in cells, so that threads which use one object at once write to cache lines of their own.
//
// It begins as one atomic count. When two threads meet there, the cells are opened: from then on a
// thread acquires and releases in its cell. A release that finds its cell empty takes from the
// count, as long as one reference stays there; then from any other cell, for references are alike
// whoever took them; and if no cell has any, the cells are closed for ever, what is found in them
// after all goes into the count, and that says who is the last. So the answer is exact, and no
// death waits.
//
// Scales on one object for as long as a reference stays that was not taken in a cell, as the
// maker's, a cache's.
//
// Price. 584 bytes an object: eight cells of a cache line each, and one line to keep the count off
// them. One thread alone pays for a compare-exchange instead of an addition. The last release of an
// object whose cells were opened looks at all of them and closes them: eight atomic operations.
// Needs. Nothing of its user. More than eight threads share cells, and are right but slower.
#ifndef LASTREF_LIB_REFCOUNT_SPLIT_H_
#define LASTREF_LIB_REFCOUNT_SPLIT_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/refcount/counter.h"
#include "lib/refcount/thread_place.h"

namespace lastref::refcount {

class Split {
 public:
  void acquire() {
    std::atomic<std::uint32_t>& cell = my_cell();
    std::uint32_t held = cell.load(std::memory_order_relaxed);
    while (held < kMost) {
      if (cell.compare_exchange_weak(held, held + 1, std::memory_order_relaxed)) return;
    }
    std::int64_t count = count_.load(std::memory_order_relaxed);
    if ((count & (kOpened | kClosed)) == 0) {
      if (count_.compare_exchange_strong(count, count + kReference, std::memory_order_relaxed)) {
        return;
      }
      open();
    }
    count_.fetch_add(kReference, std::memory_order_relaxed);
  }

  bool release() {
    if (take_from(my_cell())) return false;
    std::int64_t count = count_.load(std::memory_order_relaxed);
    while ((count & kClosed) == 0) {
      const bool last = count < 2 * kReference;
      if (last && (count & kOpened) != 0) return release_the_last_counted();
      // Acquires too, for it may be the last.
      if (count_.compare_exchange_weak(count, count - kReference, std::memory_order_acq_rel,
                                       std::memory_order_relaxed)) {
        return last;
      }
    }
    const std::int64_t before = count_.fetch_sub(kReference, std::memory_order_acq_rel);
    return before >> kFlags == 1;
  }

  // May count too many or too few while other threads move references between cells.
  std::uint32_t value() const;

  // Opens the cells, as happens when two threads meet. The caller holds a reference.
  void open();

 private:
  static constexpr std::size_t kCells = 8;
  // What is in a cell: references, or that it takes none.
  static constexpr std::uint32_t kMost = 0xF000'0000;
  static constexpr std::uint32_t kNotOpened = 0xFFFF'FFFF;
  static constexpr std::uint32_t kClosedCell = 0xFFFF'FFFE;

  static constexpr int kFlags = 2;
  static constexpr std::int64_t kOpened = 1;
  static constexpr std::int64_t kClosed = 2;  // counts for more than kOpened, which stays
  static constexpr std::int64_t kReference = 1 << kFlags;
  // More references than there can be, which keeps a count from 0 while those of a cell are on
  // their way.
  static constexpr std::int64_t kOnTheirWay = std::int64_t{1} << 48;

  // At a distance that keeps two cells out of one line wherever the object lies; an alignment would
  // have to be kept by whoever allocates.
  struct Cell {
    std::atomic<std::uint32_t> held{kNotOpened};
    std::array<char, kCacheLine - sizeof(std::atomic<std::uint32_t>)> space{};
  };

  std::atomic<std::uint32_t>& my_cell() { return cells_[number_of(here()) % kCells + 1].held; }

  std::span<Cell> cells() { return std::span(cells_).subspan(1); }

  // False for a cell that has none.
  static bool take_from(std::atomic<std::uint32_t>& cell) {
    std::uint32_t held = cell.load(std::memory_order_relaxed);
    while (held - 1 < kMost) {
      if (cell.compare_exchange_weak(held, held - 1, std::memory_order_release,
                                     std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  bool release_the_last_counted();

  std::atomic<std::int64_t> count_{kReference};
  std::array<Cell, kCells + 1> cells_{};  // the first is no more than space
};
static_assert(Counter<Split>);

inline std::uint32_t Split::value() const {
  auto sum = static_cast<std::uint32_t>(count_.load(std::memory_order_relaxed) >> kFlags);
  for (const Cell& cell : std::span(cells_).subspan(1)) {
    const std::uint32_t held = cell.held.load(std::memory_order_relaxed);
    if (held < kMost) sum += held;
  }
  return sum;
}

// Marked first: from then on nobody takes the last reference out of the count without a look at the
// cells. Once only, so that a cell is never opened after it was closed.
inline void Split::open() {
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
inline bool Split::release_the_last_counted() {
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

#endif  // LASTREF_LIB_REFCOUNT_SPLIT_H_
