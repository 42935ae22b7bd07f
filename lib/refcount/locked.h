// A count under a mutex: how libraries did it before atomics were portable.
#ifndef LASTREF_LIB_REFCOUNT_LOCKED_H_
#define LASTREF_LIB_REFCOUNT_LOCKED_H_

#include <cstdint>
#include <mutex>

#include "lib/refcount/counter.h"

namespace lastref::refcount {

template <class Mutex>
class LockedBy {
 public:
  void acquire() {
    const std::lock_guard<Mutex> lock(mutex_);
    ++count_;
  }

  // The mutex is let go before the caller destroys the object, and with it the mutex.
  bool release() {
    const std::lock_guard<Mutex> lock(mutex_);
    return --count_ == 0;
  }

  std::uint32_t value() const {
    const std::lock_guard<Mutex> lock(mutex_);
    return count_;
  }

 private:
  mutable Mutex mutex_;
  std::uint32_t count_ = 1;
};

using Locked = LockedBy<std::mutex>;
static_assert(Counter<Locked>);

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_LOCKED_H_
