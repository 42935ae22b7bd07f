#include "lib/ownership/stack_walk.h"

#include <pthread.h>

namespace lastref::ownership {
namespace {

struct Bounds {
  std::uintptr_t low = 0;
  std::uintptr_t high = 0;
};

constinit thread_local Bounds bounds;

const Bounds& stack_bounds() {
  if (bounds.high != 0) return bounds;
  // Meanwhile, and for good if the system does not tell: no frame lies in there.
  bounds = {1, 1};
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return bounds;
  void* start = nullptr;
  std::size_t size = 0;
  if (pthread_attr_getstack(&attributes, &start, &size) == 0) {
    const auto low = reinterpret_cast<std::uintptr_t>(start);
    bounds = {low, low + size};
  }
  pthread_attr_destroy(&attributes);
  return bounds;
}

}  // namespace

LASTREF_READS_FRAMES void walk_stack(const void* frame, Walk& walk) {
  const Bounds& within = stack_bounds();
  walk.start = frame;
  walk.count = 0;
  auto at = reinterpret_cast<std::uintptr_t>(frame);
  while (walk.count < walk.read.size()) {
    if (at < within.low || at % alignof(Frame) != 0 || at >= within.high ||
        within.high - at < sizeof(Frame)) {
      return;
    }
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a place on this thread's stack, see above
    const Frame read = *reinterpret_cast<const Frame*>(at);
    walk.read[walk.count++] = read;
    if (read.return_address == nullptr || read.caller <= at) return;
    at = read.caller;
  }
}

lastref_stack Walk::stack() const {
  lastref_stack stack{};
  for (std::size_t i = 0; i < count && read[i].return_address != nullptr; ++i) {
    stack.frames[stack.depth++] = read[i].return_address;
  }
  return stack;
}

}  // namespace lastref::ownership
