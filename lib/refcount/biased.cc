#include "lib/refcount/biased.h"

namespace lastref::refcount {

bool Biased::take_over_and_release() {
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
