// The virtual clock of a program, and when the functions of the C library answer it.
//
// The interposers (interposers.cc) define time(), gettimeofday(), clock_gettime(), getrandom() and
// getentropy() in the executable, so that they also take the place of the C library's for shared
// objects that are loaded later. They answer the virtual clock only on a thread that is inside the
// target; everyone else gets the real one. Without them in the executable the flag has no effect.
#ifndef LASTREF_HARNESS_MEMORY_CLOCK_H_
#define LASTREF_HARNESS_MEMORY_CLOCK_H_

#include <cstddef>
#include <cstdint>

#include "harness/vocabulary/limits.h"

namespace lastref {

// Whether this thread is inside a call of the target. Volatile, because signal handlers read it; of
// the executable's own thread-local memory, which makes it as cheap as a global.
__attribute__((
    tls_model("initial-exec"))) inline constinit thread_local volatile bool inside_target = false;

// Marks a scope as inside the target, or (for a callback that runs the harness) as outside of it.
class TargetScope {
 public:
  explicit TargetScope(bool inside = true) : before_(inside_target) { inside_target = inside; }
  ~TargetScope() { inside_target = before_; }
  TargetScope(const TargetScope&) = delete;
  TargetScope& operator=(const TargetScope&) = delete;

 private:
  bool before_;
};

// Seconds since the epoch on the virtual clock; it stands still unless a program moves it.
inline constinit std::int64_t virtual_seconds = kClockStart;
inline std::int64_t virtual_now() { return virtual_seconds; }
inline void set_virtual_clock(std::int64_t seconds) { virtual_seconds = seconds; }

// Restarts the stream of bytes that getrandom() and getentropy() give inside the target.
void seed_virtual_random(std::uint64_t seed);
// Fills `bytes` from it.
void virtual_random(void* bytes, std::size_t size);

// Whether the interposers are part of this executable and reach the C library's callers: a probe,
// to be made once at start.
bool clock_is_interposed();

}  // namespace lastref

#endif  // LASTREF_HARNESS_MEMORY_CLOCK_H_
