// The table of stacks: each different chain of callers is kept once, for good.
#ifndef LASTREF_LIB_OWNERSHIP_STACKS_H_
#define LASTREF_LIB_OWNERSHIP_STACKS_H_

#include <cstdint>

#include "lastref/ownership.h"

namespace lastref::ownership {

// The callers of the function whose frame (__builtin_frame_address(0)) is given, the innermost
// first. Follows frame pointers for as long as they lead up within the stack of this thread, so
// that code compiled without them ends the walk early and never astray. No lock may be held: the
// first walk of a thread asks the system for the bounds of its stack, which allocates.
lastref_stack walk_stack(const void* frame);

// Where an event comes from as one word: an address, or with the highest bit set the number of an
// entry of the table. No entry is made for an empty stack, and none when the table is full.
std::uint64_t keep_stack(const void* site, const lastref_stack& stack);

struct Place {
  const void* site = nullptr;
  const lastref_stack* stack = nullptr;  // NULL for none; valid until forget_stacks()
};
Place place_of(std::uint64_t where);
void forget_stacks();

}  // namespace lastref::ownership

#endif  // LASTREF_LIB_OWNERSHIP_STACKS_H_
