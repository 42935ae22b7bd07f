// Each living thread's own place: a number that it shares with no other, and a word in which it
// says what it is at work on.
#ifndef LASTREF_LIB_REFCOUNT_THREAD_PLACE_H_
#define LASTREF_LIB_REFCOUNT_THREAD_PLACE_H_

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <thread>

namespace lastref::refcount {

inline constexpr std::size_t kCacheLine = 64;

struct alignas(kCacheLine) Place {
  std::atomic<const void*> counting{nullptr};  // the count of its own that the thread changes
  std::atomic<const void*> reading{nullptr};   // the structure that it searches
  std::atomic<bool> taken{false};
};

// What the thread does between the two comes after the one and before the other, for whoever calls
// fence_all_threads() before looking at the word; to the processor it costs no more than the
// stores.
inline void say(std::atomic<const void*>& word, const void* what) {
  word.store(what, std::memory_order_release);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}
inline void unsay(std::atomic<const void*>& word) {
  word.store(nullptr, std::memory_order_release);
}

// The same for as long as it lives.
class Said {
 public:
  Said(std::atomic<const void*>& word, const void* what) : word_(word) { say(word, what); }
  Said(const Said&) = delete;
  Said& operator=(const Said&) = delete;
  ~Said() { unsay(word_); }

 private:
  std::atomic<const void*>& word_;
};

// More threads than this at once share the last place, which is nobody's own. A place of a thread
// that has ended is given to the next that asks.
inline constexpr std::size_t kOwnPlaces = 127;
inline constinit std::array<Place, kOwnPlaces + 1> places{};

namespace internal {

inline constexpr Place* kNobodys = &places[kOwnPlaces];

// In the memory that a thread has from its start, so that reading it is one instruction in a shared
// object too.
inline constinit thread_local Place* place_of_thread [[gnu::tls_model("initial-exec")]] = nullptr;

// Gives the thread's place back when the thread ends.
struct Leave {
  bool has_place = false;
  ~Leave() {
    if (!has_place) return;
    place_of_thread->taken.store(false, std::memory_order_release);
    place_of_thread = kNobodys;
  }
};

[[gnu::returns_nonnull, gnu::noinline]] inline Place* take_place() {
  static thread_local Leave leave;
  place_of_thread = kNobodys;
  for (std::size_t i = 0; i < kOwnPlaces; ++i) {
    if (places[i].taken.exchange(true, std::memory_order_acquire)) continue;
    place_of_thread = &places[i];
    leave.has_place = true;
    break;
  }
  return place_of_thread;
}

inline bool barrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }
inline bool register_process() { return barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }

}  // namespace internal

// The calling thread's. Also while the thread ends, when it may have given its own back.
inline Place* here() {
  Place* place = internal::place_of_thread;
  return place != nullptr ? place : internal::take_place();
}

inline std::size_t number_of(const Place* place) {
  return static_cast<std::size_t>(place - places.data());
}
inline bool is_own(const Place* place) { return number_of(place) < kOwnPlaces; }

// Whether fence_all_threads() works here: Linux since 4.14, where no filter forbids membarrier(2).
inline bool can_fence_all_threads() {
  static const bool can = internal::register_process();
  return can;
}

// A fence in every thread of the process that runs: a thread that reads after it sees all that the
// caller wrote before, or has said before it what it is at work on, and then the caller sees that.
inline void fence_all_threads() {
  // A process that was forked may have to say again that it uses the call. Without it the callers
  // would act on guesses, so there is no going on.
  constexpr int kBarrier = MEMBARRIER_CMD_PRIVATE_EXPEDITED;
  if (internal::barrier(kBarrier)) return;
  if (!internal::register_process() || !internal::barrier(kBarrier)) std::abort();
}

// Returns when the word does not say `what`, and what its thread did until then is visible.
inline void wait_while(const std::atomic<const void*>& word, const void* what) {
  while (word.load(std::memory_order_acquire) == what) std::this_thread::yield();
}

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_THREAD_PLACE_H_
