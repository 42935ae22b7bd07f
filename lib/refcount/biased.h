// A count in two parts: of the thread that made the object, with no atomic operation at all, and of
// all others. After Choi, Shull and Torrellas, "Biased reference counting" (PACT 2018), with one
// change: a thread whose release is not covered by the others' part does not leave word for the
// maker but takes the maker's part over at once. So no death waits.
//
// Scales where objects are mostly used by the thread that made them. On an object that several
// threads use at once it is no better than one atomic count.
//
// Price. 24 bytes. The maker's acquire and release write two words of the thread's own each. The
// first release that other threads' acquires do not cover makes a system call, which interrupts the
// processors that run threads of the process: some microseconds, once in the object's life, and it
// waits for the maker to come out of the few instructions of its acquire. After it, or after the
// maker released all it had, one atomic count is left.
// Needs. membarrier(2); without it, and in objects that are made by a thread beyond the first 127,
// there is one atomic count from the start. No acquire or release in a signal handler.
#ifndef LASTREF_LIB_REFCOUNT_BIASED_H_
#define LASTREF_LIB_REFCOUNT_BIASED_H_

#include <atomic>
#include <cstdint>

#include "lib/refcount/counter.h"
#include "lib/refcount/thread_place.h"

namespace lastref::refcount {

class Biased {
 public:
  Biased() {
    Place* const place = here();
    if (!is_own(place) || !can_fence_all_threads()) return;
    maker_ = place;
    makers_.store(1, std::memory_order_relaxed);
    others_.store(0, std::memory_order_relaxed);
  }
  Biased(const Biased&) = delete;
  Biased& operator=(const Biased&) = delete;

  void acquire() {
    if (Place* const place = here(); maker_ == place && !is_one()) {
      const Said work(place->counting, this);
      if (!is_one()) {
        makers_.store(makers_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        return;
      }
    }
    others_.fetch_add(kReference, std::memory_order_relaxed);
  }

  bool release() {
    if (Place* const place = here(); maker_ == place && !is_one()) {
      const Said work(place->counting, this);
      if (!is_one()) return release_as_maker();
    }
    std::int64_t others = others_.load(std::memory_order_relaxed);
    while ((others & kOne) == 0) {
      if (others < kReference) return take_over_and_release();
      if (others_.compare_exchange_weak(others, others - kReference, std::memory_order_release,
                                        std::memory_order_relaxed)) {
        return false;
      }
    }
    return release_the_one();
  }

  std::uint32_t value() const {
    const std::int64_t others = others_.load(std::memory_order_relaxed);
    return makers_.load(std::memory_order_relaxed) + static_cast<std::uint32_t>(others >> kFlags);
  }

 private:
  static constexpr int kFlags = 1;
  static constexpr std::int64_t kOne = 1;  // the parts are one; the maker's is not used any more
  static constexpr std::int64_t kReference = 1 << kFlags;
  // More references than there can be, which keeps a count from 0 while a part is on its way.
  static constexpr std::int64_t kOnItsWay = std::int64_t{1} << 48;

  bool is_one() const { return (others_.load(std::memory_order_relaxed) & kOne) != 0; }

  bool release_as_maker() {
    const std::uint32_t left = makers_.load(std::memory_order_relaxed) - 1;
    makers_.store(left, std::memory_order_relaxed);
    if (left != 0) return false;
    // Whoever takes the part over meanwhile finds nothing in it, and is the one to say.
    return others_.fetch_or(kOne, std::memory_order_acq_rel) == 0;
  }

  bool release_the_one() {
    const std::int64_t before = others_.fetch_sub(kReference, std::memory_order_release);
    if (before >> kFlags != 1) return false;
    static_cast<void>(others_.load(std::memory_order_acquire));
    return true;
  }

  bool take_over_and_release();

  Place* maker_ = nullptr;
  std::atomic<std::int64_t> others_{kReference | kOne};
  // Written by the maker only, while the parts are two.
  std::atomic<std::uint32_t> makers_{0};
};
static_assert(Counter<Biased>);

inline bool Biased::take_over_and_release() {
  std::int64_t others = others_.load(std::memory_order_relaxed);
  do {
    if ((others & kOne) != 0) return release_the_one();
  } while (!others_.compare_exchange_weak(others, (others | kOne) + kOnItsWay,
                                          std::memory_order_acq_rel, std::memory_order_relaxed));
  fence_all_threads();
  wait_while(maker_->counting, this);
  const std::int64_t makers = std::int64_t{makers_.exchange(0, std::memory_order_relaxed)};
  const std::int64_t change = (makers - 1) * kReference - kOnItsWay;
  return (others_.fetch_add(change, std::memory_order_acq_rel) + change) >> kFlags == 0;
}

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_BIASED_H_
