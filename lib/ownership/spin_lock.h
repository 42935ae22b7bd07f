// A lock for the few nanoseconds of a ledger event: a mutex costs more than what it would guard.
#ifndef LASTREF_LIB_OWNERSHIP_SPIN_LOCK_H_
#define LASTREF_LIB_OWNERSHIP_SPIN_LOCK_H_

#include <sched.h>
#include <sys/single_threaded.h>

#include <atomic>

namespace lastref::ownership {

class SpinLock {
 public:
  void lock() {
    // Nobody to contend with: an exchange costs as much as the count that is watched. The flag is
    // set all the same, for a thread may be started before it is unlocked.
    if (__libc_single_threaded) {
      locked_.store(true, std::memory_order_relaxed);
      return;
    }
    if (locked_.exchange(true, std::memory_order_acquire)) [[unlikely]]
      wait();
  }
  bool try_lock() { return !locked_.exchange(true, std::memory_order_acquire); }
  void unlock() { locked_.store(false, std::memory_order_release); }

 private:
  [[gnu::noinline]] void wait() {
    do {
      // Its holder may have lost the processor.
      while (locked_.load(std::memory_order_relaxed)) sched_yield();
    } while (locked_.exchange(true, std::memory_order_acquire));
  }

  std::atomic<bool> locked_{false};
};

// Holds a lock if nobody else does, for a section that starts no thread and calls nobody: while the
// process has one thread only, it need not be taken. Given back it is in any case, which no other
// thread is there to see, and which costs less than to remember that it was not taken.
class [[nodiscard]] TryLock {
 public:
  explicit TryLock(SpinLock& lock)
      : lock_(lock), held_(__libc_single_threaded != 0 || lock.try_lock()) {}
  TryLock(const TryLock&) = delete;
  TryLock& operator=(const TryLock&) = delete;
  ~TryLock() {
    if (held_) lock_.unlock();
  }
  explicit operator bool() const { return held_; }

 private:
  SpinLock& lock_;
  const bool held_;
};

// std::lock_guard without its headers.
class [[nodiscard]] Lock {
 public:
  explicit Lock(SpinLock& lock) : lock_(lock) { lock_.lock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { lock_.unlock(); }

 private:
  SpinLock& lock_;
};

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_SPIN_LOCK_H_
