#include "lib/refcount/thread_place.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

namespace lastref::refcount {

constinit std::array<Place, kOwnPlaces + 1> places{};

namespace {

Place* const nobodys = &places[kOwnPlaces];

// Gives the thread's place back when the thread ends.
struct Leave {
  bool has_place = false;
  ~Leave() {
    if (!has_place) return;
    internal::place_of_thread->taken.store(false, std::memory_order_release);
    internal::place_of_thread = nobodys;
  }
};
thread_local Leave leave;

bool barrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }
bool register_process() { return barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }

}  // namespace

namespace internal {

constinit thread_local Place* place_of_thread = nullptr;

Place* take_place() {
  place_of_thread = nobodys;
  for (std::size_t i = 0; i < kOwnPlaces; ++i) {
    if (places[i].taken.exchange(true, std::memory_order_acquire)) continue;
    place_of_thread = &places[i];
    leave.has_place = true;
    break;
  }
  return place_of_thread;
}

}  // namespace internal

bool can_fence_all_threads() {
  static const bool can = register_process();
  return can;
}

void fence_all_threads() {
  // A process that was forked may have to say again that it uses the call. Without it the callers
  // would act on guesses, so there is no going on.
  constexpr int kBarrier = MEMBARRIER_CMD_PRIVATE_EXPEDITED;
  if (!barrier(kBarrier) && !(register_process() && barrier(kBarrier))) std::abort();
}

void wait_while(const std::atomic<const void*>& word, const void* what) {
  while (word.load(std::memory_order_acquire) == what) std::this_thread::yield();
}

}  // namespace lastref::refcount
