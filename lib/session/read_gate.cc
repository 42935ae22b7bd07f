#include "lib/session/read_gate.h"

namespace lr {

// Not at the price of waiting: the next thousand look-ups will ask again.
void ReadGate::open() {
  using namespace lastref::refcount;
  const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
  if (lock && can_fence_all_threads()) is_open_.store(true, std::memory_order_release);
}

void ReadGate::close() {
  using namespace lastref::refcount;
  is_open_.store(false, std::memory_order_relaxed);
  fence_all_threads();
  for (const Place& place : places) wait_while(place.reading, this);
}

}  // namespace lr
