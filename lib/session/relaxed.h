// A value that several threads may write and read, each write as a whole, and that orders nothing.
#ifndef LASTREF_LIB_SESSION_RELAXED_H_
#define LASTREF_LIB_SESSION_RELAXED_H_

#include <atomic>

namespace lr {

template <class T>
class Relaxed {
 public:
  Relaxed() = default;
  Relaxed(T value) : value_(value) {}  // NOLINT(google-explicit-constructor): stands for a T
  Relaxed(const Relaxed& other) : value_(static_cast<T>(other)) {}
  Relaxed& operator=(const Relaxed& other) { return *this = static_cast<T>(other); }
  Relaxed& operator=(T value) {
    value_.store(value, std::memory_order_relaxed);
    return *this;
  }
  ~Relaxed() = default;

  operator T() const {  // NOLINT(google-explicit-constructor): stands for a T
    return value_.load(std::memory_order_relaxed);
  }

  // Adds as one step and returns the value before.
  T add(T increment) { return value_.fetch_add(increment, std::memory_order_relaxed); }

 private:
  std::atomic<T> value_{};
};

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_RELAXED_H_
