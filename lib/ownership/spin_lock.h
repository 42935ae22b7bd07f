// A lock for the few nanoseconds of a ledger event: a mutex costs more than what it would guard.
#ifndef LASTREF_LIB_OWNERSHIP_SPIN_LOCK_H_
#define LASTREF_LIB_OWNERSHIP_SPIN_LOCK_H_

#include <atomic>
#include <thread>

namespace lastref::ownership {

class SpinLock {
 public:
  void lock() {
    while (locked_.exchange(true, std::memory_order_acquire)) {
      // Its holder may have lost the processor.
      while (locked_.load(std::memory_order_relaxed)) std::this_thread::yield();
    }
  }
  void unlock() { locked_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> locked_{false};
};

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_SPIN_LOCK_H_
