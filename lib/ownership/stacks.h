// The table of stacks: each different chain of callers is kept once, for good.
#ifndef LASTREF_LIB_OWNERSHIP_STACKS_H_
#define LASTREF_LIB_OWNERSHIP_STACKS_H_

#include <atomic>
#include <cstdint>

#include "lastref/ownership.h"

namespace lastref::ownership {

// Where an event comes from as one word: an address, or with the highest bit set the number of an
// entry of the table. No entry is made for an empty stack, and none when the table is full.
std::uint64_t keep_stack(const void* site, const lastref_stack& stack);

struct Place {
  const void* site = nullptr;
  const lastref_stack* stack = nullptr;  // NULL for none; valid until forget_stacks()
};
Place place_of(std::uint64_t where);

// No event may happen meanwhile. What forget_stacks() forgets is of another generation than what
// comes after it.
void forget_stacks();
[[gnu::visibility("hidden")]] extern constinit std::atomic<std::uint32_t> stack_generation;

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_STACKS_H_
