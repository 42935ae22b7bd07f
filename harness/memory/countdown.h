// Requests of a target to the C library that are made to fail: the n-th, alone or with all that
// follow it.
#ifndef LASTREF_HARNESS_MEMORY_COUNTDOWN_H_
#define LASTREF_HARNESS_MEMORY_COUNTDOWN_H_

#include <cstddef>
#include <cstdint>

namespace lastref {

// Who hears of each request that fails, and of how many bytes it was; nobody at first. It is called
// inside of the target, and must make no such request itself.
struct RefusalListener {
  void* context = nullptr;
  void (*refused)(void* context, std::size_t bytes) = nullptr;
};
inline constinit RefusalListener refusal_listener;  // of this process

class Countdown {
 public:
  // The n-th request from now on fails; 0 for none.
  void set(std::uint64_t n, bool persistent) {
    left_ = n;
    persistent_ = persistent;
  }
  // What is left of `n`: 0 when that request has failed, or none is to; persistent: 1 from the
  // request before on.
  std::uint64_t left() const { return left_; }

  // Counts a request for so many bytes, and says whether it is to fail.
  bool fails(std::size_t bytes = 0) {
    if (left_ == 0) return false;
    if (left_ > 1) {
      --left_;
      return false;
    }
    if (!persistent_) left_ = 0;
    if (refusal_listener.refused != nullptr) {
      refusal_listener.refused(refusal_listener.context, bytes);
    }
    return true;
  }

 private:
  std::uint64_t left_ = 0;
  bool persistent_ = false;
};

// Of this process: for random bytes, and to make a lock or thread-local storage. The interposers
// (interposers.cc) ask them inside of the target.
inline constinit Countdown random_requests;
inline constinit Countdown lock_requests;

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_COUNTDOWN_H_
