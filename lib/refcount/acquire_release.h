// An atomic count with the weakest order that is correct, as std::shared_ptr has it.
#ifndef LASTREF_LIB_REFCOUNT_ACQUIRE_RELEASE_H_
#define LASTREF_LIB_REFCOUNT_ACQUIRE_RELEASE_H_

#include <atomic>
#include <cstdint>

#include "lib/refcount/counter.h"

namespace lastref::refcount {

class AcquireRelease {
 public:
  // Relaxed: whoever acquires holds a reference already, so nothing has to be ordered.
  void acquire() { count_.fetch_add(1, std::memory_order_relaxed); }

  bool release() {
    if (count_.fetch_sub(1, std::memory_order_release) != 1) return false;
    // The last owner sees what the others did. A load and not a fence, because ThreadSanitizer
    // follows loads only.
    static_cast<void>(count_.load(std::memory_order_acquire));
    return true;
  }

  std::uint32_t value() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint32_t> count_{1};
};
static_assert(Counter<AcquireRelease>);

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_ACQUIRE_RELEASE_H_
