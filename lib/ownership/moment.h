// When and from where an event happens, as the tables keep it: two words, since every store of an
// event is waited for by the atomic operation on the code's own count.
#ifndef LASTREF_LIB_OWNERSHIP_MOMENT_H_
#define LASTREF_LIB_OWNERSHIP_MOMENT_H_

#include <atomic>
#include <cstdint>

#include "lastref/ownership.h"

namespace lastref::ownership {

inline constexpr int kThreadBits = 21;
inline constexpr std::uint64_t kThreadMask = (std::uint64_t{1} << kThreadBits) - 1;

struct Moment {
  std::uint64_t where = 0;  // an address, or the number of a kept stack, see stacks.h
  std::uint64_t when = 0;   // the sequence number above the thread's

  std::uint64_t sequence() const { return when >> kThreadBits; }
  std::uint32_t thread() const { return static_cast<std::uint32_t>(when & kThreadMask); }
};

// The latest event of this thread, as in Moment::when; 0 before the first. A logical clock
// (Lamport, CACM 1978): an event's number is above those of its thread and of its part of the
// ledger before it, so that no counter is shared by all threads, and no number is given out twice
// in one part. Initial-exec: one instruction to reach it, also in a shared object, where a call
// would cost more than the rest of an event.
[[gnu::tls_model("initial-exec"),
  gnu::visibility("hidden")]] extern constinit thread_local std::uint64_t thread_clock;

// Numbers the calling thread, once.
void enrol();
inline bool is_enrolled() { return thread_clock != 0; }

// The calling thread is enrolled and holds the part's lock; `part` is the number of the part's
// latest event.
inline std::uint64_t stamp(std::uint64_t& part) {
  const std::uint64_t clock = thread_clock;
  const std::uint64_t sequence = (clock >> kThreadBits > part ? clock >> kThreadBits : part) + 1;
  part = sequence;
  return thread_clock = sequence << kThreadBits | (clock & kThreadMask);
}

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_MOMENT_H_
