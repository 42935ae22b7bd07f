// The chain of frame pointers of a thread.
#ifndef LASTREF_LIB_OWNERSHIP_STACK_WALK_H_
#define LASTREF_LIB_OWNERSHIP_STACK_WALK_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lastref/ownership.h"

// The words beside a frame are another function's, in which AddressSanitizer sees no object.
#define LASTREF_READS_FRAMES __attribute__((no_sanitize("address", "undefined")))

namespace lastref::ownership {

// What a function that keeps the frame pointer leaves at it.
struct Frame {
  std::uintptr_t caller;
  const void* return_address;
};

// All that a walk read. What it found follows from this and from where it began.
struct Walk {
  const void* start = nullptr;
  std::size_t count = 0;
  std::array<Frame, LASTREF_LEDGER_FRAMES> read;  // the first `count` are written

  // The return addresses, up to one that is NULL.
  lastref_stack stack() const;
};

// Reads the callers of the function whose frame (__builtin_frame_address(0)) is given, the
// innermost first. Follows frame pointers for as long as they lead up within the stack of this
// thread, so that code compiled without them ends the walk early and never astray. No lock may be
// held: the first walk of a thread asks the system for the bounds of its stack, which allocates.
void walk_stack(const void* frame, Walk& walk);

// Whether a walk from `frame` by the thread that did this one would read the same. Each frame is
// looked for where it was, and is there because all below it are as they were: unlike those of a
// walk, these reads do not wait for each other.
LASTREF_READS_FRAMES inline bool would_repeat(const Walk& walk, const void* frame) {
  if (walk.start != frame) return false;
  const auto* at = static_cast<const Frame*>(frame);
  for (std::size_t i = 0; i < walk.count; ++i) {
    const Frame& then = walk.read[i];
    if (at->caller != then.caller || at->return_address != then.return_address) return false;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the walk found it to be on this thread's stack
    at = reinterpret_cast<const Frame*>(then.caller);
  }
  return true;
}

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_STACK_WALK_H_
