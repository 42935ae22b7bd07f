// A session's place in a cache.
//
// All fields but the home are guarded by the mutex of the context that is the home. A cache reads
// nothing else of a session that it links, so that an application may go on to change a session of
// its own while other threads search the cache.
#ifndef LASTREF_LIB_SESSION_LINK_H_
#define LASTREF_LIB_SESSION_LINK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "lib/session/content.h"

namespace lr {

// The context whose cache links a session, if any. A session is in one cache at most: whoever
// claims the home links it. A thread that comes from the session's side pins the home: it is not
// left, and so its context not destroyed, until unpin().
class Home {
 public:
  // No more than a hint, unless the caller holds the context's mutex.
  bool none() const { return home_.load(std::memory_order_relaxed) == nullptr; }
  bool is(const LR_CTX* context) const {
    const void* home = home_.load(std::memory_order_relaxed);
    return home == context || home == pinned(context);
  }

  // False when the session has a home already. Acquires what the home before did to the link, and
  // releases the context for those who pin it.
  bool claim(const LR_CTX* context) {
    const void* nobody = nullptr;
    return home_.compare_exchange_strong(nobody, context, std::memory_order_acq_rel,
                                         std::memory_order_relaxed);
  }
  // Waits for a pin, which is held for some instructions only.
  void leave(const LR_CTX* context) {
    const void* unpinned = context;
    while (!home_.compare_exchange_weak(unpinned, nullptr, std::memory_order_acq_rel,
                                        std::memory_order_relaxed)) {
      unpinned = context;
      std::this_thread::yield();
    }
  }

  // NULL for no home. One pin at a time; another thread's is waited for.
  LR_CTX* pin() {
    const void* home = home_.load(std::memory_order_relaxed);
    while (home != nullptr) {
      if (is_pinned(home)) {
        std::this_thread::yield();
        home = home_.load(std::memory_order_relaxed);
      } else if (home_.compare_exchange_weak(home, pinned(home), std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
        return static_cast<LR_CTX*>(const_cast<void*>(home));
      }
    }
    return nullptr;
  }
  void unpin(const LR_CTX* context) { home_.store(context, std::memory_order_release); }

 private:
  // A pinned home points to the second byte of its context, where no context can start.
  static const void* pinned(const void* context) { return static_cast<const char*>(context) + 1; }
  static bool is_pinned(const void* home) {
    return reinterpret_cast<std::uintptr_t>(home) % 2 != 0;
  }

  std::atomic<const void*> home_{nullptr};
};

// What makes two sessions the same to a cache.
struct Key {
  SessionId id;
  std::int32_t version = 0;

  friend bool operator==(const Key&, const Key&) = default;
};

struct Link {
  // What a search reads, side by side.
  LR_SESSION* chain = nullptr;  // the next in the bucket
  std::uint64_t hash = 0;
  Key key;  // as it was when the session was added
  Home home;
  LR_SESSION* later = nullptr;    // in order of expiry, towards the head
  LR_SESSION* earlier = nullptr;  // towards the tail
  Expiry expiry = 0;
};

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_LINK_H_
