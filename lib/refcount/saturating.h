// An atomic count that sticks instead of wrapping: an object whose references were counted wrong by
// billions, or released once too often, is leaked and not freed under its owners.
//
// The upper half of the range is the saturated zone. One addition or subtraction and one comparison
// are the whole fast path; there is no compare-exchange. A thread that finds the count in the zone
// puts it back into the zone's middle, a quarter of the range away from either end, so that no
// number of threads between an addition and that store can leave the zone.
#ifndef LASTREF_LIB_REFCOUNT_SATURATING_H_
#define LASTREF_LIB_REFCOUNT_SATURATING_H_

#include <atomic>
#include <cstdint>

#include "lib/refcount/counter.h"

namespace lastref::refcount {

class Saturating {
 public:
  static constexpr std::uint32_t kZone = 0x8000'0000;       // from here on, saturated
  static constexpr std::uint32_t kSaturated = 0xC000'0000;  // the zone's middle

  Saturating() = default;
  // Starts elsewhere than at 1. For tests of the limits.
  explicit Saturating(std::uint32_t count) : count_(count) {}

  void acquire() {
    const std::uint32_t before = count_.fetch_add(1, std::memory_order_relaxed);
    // 0 is a dead object. Whoever revived it must not be the one to destroy it a second time.
    if (before - 1 >= kZone - 2) [[unlikely]]
      saturate();
  }

  bool release() {
    const std::uint32_t before = count_.fetch_sub(1, std::memory_order_release);
    if (before == 1) {
      static_cast<void>(count_.load(std::memory_order_acquire));
      return true;
    }
    if (before - 1 >= kZone - 1) [[unlikely]]
      saturate();
    return false;
  }

  std::uint32_t value() const { return count_.load(std::memory_order_relaxed); }

 private:
  void saturate() { count_.store(kSaturated, std::memory_order_relaxed); }

  std::atomic<std::uint32_t> count_{1};
};
static_assert(Counter<Saturating>);

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_SATURATING_H_
