// The stacks that a thread saw last. An event that comes from one of them again neither walks the
// stack nor looks for it in the table that all threads share: that took several times as long as
// all else that an event is.
#ifndef LASTREF_LIB_OWNERSHIP_RECENT_STACKS_H_
#define LASTREF_LIB_OWNERSHIP_RECENT_STACKS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/ownership/stack_walk.h"
#include "lib/ownership/stacks.h"

namespace lastref::ownership {

struct RecentStack {
  const void* site = nullptr;
  const void* caller = nullptr;
  std::uint64_t where = 0;  // as in Moment
  std::uint32_t generation = 0;
  Walk walk;

  bool is_of(const void* other_site, const void* other_caller, const void* frame) const {
    return site == other_site && caller == other_caller &&
           generation == stack_generation.load(std::memory_order_relaxed) &&
           would_repeat(walk, frame);
  }
};

// A few for each of some places, so that neither a loop over several calls nor a function that is
// called from several others has its stacks drive each other out.
inline constexpr std::size_t kRecentPlaces = 4;
inline constexpr std::size_t kRecentOfPlace = 4;

struct RecentPlace {
  std::array<RecentStack, kRecentOfPlace> stacks;
  std::size_t oldest = 0;
};
using RecentStacks = std::array<RecentPlace, kRecentPlaces>;

// Those of this thread; NULL before the first. Initial-exec, as thread_clock, for which what a
// shared object keeps for each thread must be small.
[[gnu::tls_model("initial-exec"),
  gnu::visibility("hidden")]] extern constinit thread_local RecentStacks* recent_stacks;

inline std::size_t recent_place(const void* site, const void* frame) {
  const std::uint64_t both =
      reinterpret_cast<std::uintptr_t>(site) + reinterpret_cast<std::uintptr_t>(frame);
  return both * 0x9e3779b97f4a7c15U >> 62;
}
static_assert(kRecentPlaces == std::size_t{1} << (64 - 62));

// An event's place as one word: the number of the stack that begins at `frame`, the event's site
// with it. `caller` is who called the ledger: the innermost frame, whatever functions of the ledger
// are between. No lock may be held. The first of a thread maps memory.
std::uint64_t where_by_walk(const void* site, const void* caller, const void* frame);

[[gnu::always_inline]] inline std::uint64_t where_on_stack(const void* site, const void* caller,
                                                           const void* frame) {
  if (recent_stacks != nullptr) [[likely]] {
    for (const RecentStack& recent : (*recent_stacks)[recent_place(site, frame)].stacks) {
      if (recent.is_of(site, caller, frame)) return recent.where;
    }
  }
  return where_by_walk(site, caller, frame);
}

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_RECENT_STACKS_H_
