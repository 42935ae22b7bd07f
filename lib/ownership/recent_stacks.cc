#include "lib/ownership/recent_stacks.h"

#include <sys/mman.h>

// Of the C library: `function` is called when the thread ends, and the object of `handle` stays
// loaded until then. What thread_local comes to, but without the C++ runtime.
// NOLINTBEGIN(bugprone-reserved-identifier): names of the C library's
extern "C" int __cxa_thread_atexit_impl(void (*function)(void*), void* argument, void* handle);
extern "C" [[gnu::visibility("hidden")]] void* __dso_handle;
// NOLINTEND(bugprone-reserved-identifier)

namespace lastref::ownership {

[[gnu::tls_model("initial-exec")]] constinit thread_local RecentStacks* recent_stacks = nullptr;

namespace {

// The thread had its stacks, or could get none: events in its last destructors walk.
[[gnu::tls_model("initial-exec")]] constinit thread_local bool retired = false;

void retire(void* stacks) {
  recent_stacks = nullptr;
  munmap(stacks, sizeof(RecentStacks));
}

// NULL, for good, when memory is short or the thread ends.
RecentStacks* stacks_of_thread() {
  if (recent_stacks != nullptr || retired) return recent_stacks;
  retired = true;
  // Zeroed, which is what an entry is that was never used. Not from malloc(), whose blocks the
  // library that is watched may have to account for.
  void* stacks = mmap(nullptr, sizeof(RecentStacks), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stacks == MAP_FAILED) return nullptr;
  if (__cxa_thread_atexit_impl(retire, stacks, &__dso_handle) != 0) {
    munmap(stacks, sizeof(RecentStacks));
    return nullptr;
  }
  return recent_stacks = static_cast<RecentStacks*>(stacks);
}

// Whether a compiler makes the call of a slow function a jump is its own affair: the innermost
// frame is the caller's in any case.
void begin_at(lastref_stack& stack, const void* caller) {
  if (stack.depth > 1 && stack.frames[1] == caller) {
    for (std::uint32_t i = 1; i < stack.depth; ++i) stack.frames[i - 1] = stack.frames[i];
    stack.frames[--stack.depth] = nullptr;
  }
  if (stack.depth > 0) stack.frames[0] = caller;
}

}  // namespace

[[gnu::noinline]] std::uint64_t where_by_walk(const void* site, const void* caller,
                                              const void* frame) {
  Walk walk;
  walk_stack(frame, walk);
  lastref_stack stack = walk.stack();
  begin_at(stack, caller);
  const std::uint64_t where = keep_stack(site, stack);
  if (RecentStacks* recent = stacks_of_thread(); recent != nullptr) {
    RecentPlace& place = (*recent)[recent_place(site, frame)];
    place.stacks[place.oldest] = {.site = site,
                                  .caller = caller,
                                  .where = where,
                                  .generation = stack_generation.load(std::memory_order_relaxed),
                                  .walk = walk};
    place.oldest = (place.oldest + 1) % kRecentOfPlace;
  }
  return where;
}

}  // namespace lastref::ownership
