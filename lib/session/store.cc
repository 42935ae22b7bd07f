// Sessions into a cache and out of it: SSL_CTX_add_session(3), SSL_CTX_flush_sessions(3).
//
// The order is always the same: unlink under the mutex, let the mutex go, call the remove callback,
// release the cache's reference. Callbacks, and the ex_data functions that a release may call, may
// do anything, so nothing that was read before one of them is believed after it.
#include <array>
#include <ctime>
#include <mutex>
#include <span>
#include <thread>

#include "lib/session/context.h"
#include "lib/session/memory.h"
#include "lib/session/session.h"

namespace lr {
namespace {

using Lock = std::unique_lock<std::mutex>;

Key key_of(const LR_SESSION* session) { return {session->content.id, session->content.version}; }

// The session is no longer the cache's, only the cache's reference is left to release.
void expel(LR_CTX* context, LR_SESSION* session) {
  {
    const ReadGate::Changing changing(context->gate);
    context->cache.unlink(session);
  }
  session->link.home.leave(context);
}

void call_remove_callback(LR_CTX* context, LR_SESSION* session) {
  if (lr_remove_session_cb* callback = context->on_remove) callback(context, session);
}

// Keeps a context alive while its callbacks run. Without one nothing is called that could release
// it but ex_data functions, and after those the context is not used again.
class Guest {
 public:
  explicit Guest(LR_CTX* context) : context_(context) { acquire(context_); }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;
  ~Guest() { release(context_); }

 private:
  LR_CTX* context_;
};

// What has to leave before `key` can be linked: the session that has the key, else the one that
// expires first in a full cache, else nobody. Unlinks it.
LR_SESSION* make_room(LR_CTX* context, const Key& key) {
  Cache& cache = context->cache;
  LR_SESSION* leaving = cache.find(key);
  if (leaving == nullptr) {
    const long limit = context->size_limit;
    if (limit <= 0 || cache.number() < limit) return nullptr;
    leaving = cache.tail();
    context->cache_full.add(1);
  }
  expel(context, leaving);
  return leaving;
}

// Links the session with the reference that the caller has acquired for the cache. False, when
// another thread or a callback has brought it into a cache meanwhile.
bool link(LR_CTX* context, LR_SESSION* session, const Key& key) {
  if (!session->link.home.claim(context)) return false;
  const ReadGate::Changing changing(context->gate);
  context->cache.link(session, key);
  return true;
}

// The long way of adding: sessions have to leave first, one after the other.
int replace_and_link(LR_CTX* context, LR_SESSION* session, const Key& key, LR_SESSION* leaving,
                     Lock lock) {
  const Guest guest(context);
  acquire(session, owned_by_cache(context));
  bool linked = false;
  while (leaving != nullptr) {
    lock.unlock();
    call_remove_callback(context, leaving);
    release(leaving, owned_by_cache(context));
    lock.lock();
    if (context->closing || !session->link.home.none()) break;
    leaving = make_room(context, key);
    if (leaving == nullptr) linked = link(context, session, key);
  }
  lock.unlock();
  if (!linked) release(session, owned_by_cache(context));
  return linked ? 1 : 0;
}

int add(LR_CTX* context, LR_SESSION* session) {
  Lock lock(context->mutex);
  const bool here = session->link.home.is(context);
  if (context->closing || (!here && !session->link.home.none())) return 0;
  const bool touch = (context->mode & LR_SESS_CACHE_UPDATE_TIME) != 0;
  if (touch) session->content.time = std::time(nullptr);
  if (here) {
    if (touch) context->cache.replace(session);
    return 0;
  }
  const Key key = key_of(session);
  if (LR_SESSION* leaving = make_room(context, key)) {
    return replace_and_link(context, session, key, leaving, std::move(lock));
  }
  // Before it is linked: once the mutex is free, another thread may remove it.
  acquire(session, owned_by_cache(context));
  if (link(context, session, key)) return 1;
  lock.unlock();
  release(session, owned_by_cache(context));
  return 0;
}

int remove(LR_CTX* context, LR_SESSION* session) {
  Lock lock(context->mutex);
  LR_SESSION* leaving =
      session->link.home.is(context) ? session : context->cache.find(key_of(session));
  if (leaving == nullptr) return 0;
  expel(context, leaving);
  session->not_resumable = true;
  lock.unlock();
  if (context->on_remove == nullptr) {
    release(leaving, owned_by_cache(context));
    return 1;
  }
  const Guest guest(context);
  call_remove_callback(context, leaving);
  release(leaving, owned_by_cache(context));
  return 1;
}

// Unlinks expired sessions, as many as there is room for, earliest expiry first. How many they
// were.
std::size_t unlink_expired(LR_CTX* context, Expiry seconds, std::span<LR_SESSION*> room) {
  const Lock lock(context->mutex);
  std::size_t count = 0;
  while (count < room.size()) {
    LR_SESSION* tail = context->cache.tail();
    if (tail == nullptr || (seconds != 0 && tail->link.expiry >= seconds)) break;
    expel(context, tail);
    room[count++] = tail;
  }
  return count;
}

// The first `count` sessions in `leaving`, all callbacks before the first release.
void bid_farewell(LR_CTX* context, std::span<LR_SESSION* const> leaving) {
  if (context->on_remove != nullptr) {
    for (LR_SESSION* session : leaving) call_remove_callback(context, session);
  }
  for (LR_SESSION* session : leaving) release(session, owned_by_cache(context));
}

}  // namespace

void flush(LR_CTX* context, Expiry seconds) {
  // Sessions that are added while this runs are not waited for.
  auto left = static_cast<std::size_t>(context->cache.number());
  std::array<LR_SESSION*, 64> few;
  std::span<LR_SESSION*> room = few;
  LR_SESSION** many = nullptr;
  if (left > few.size()) {
    many = static_cast<LR_SESSION**>(allocate(left * sizeof(LR_SESSION*)));
    // Without memory in batches.
    if (many != nullptr) room = {many, left};
  }
  while (left > 0) {
    const std::size_t count =
        unlink_expired(context, seconds, room.first(std::min(left, room.size())));
    if (count == 0) break;
    bid_farewell(context, room.first(count));
    left -= count;
  }
  deallocate(many);
}

// A thread that holds a cache's mutex waits for the pin, so the mutex may only be tried while
// pinned. A context outlives the pin, and whoever destroys it needs its mutex before.
void expiry_changed(LR_SESSION* session) {
  while (LR_CTX* context = session->link.home.pin()) {
    const bool locked = context->mutex.try_lock();
    session->link.home.unpin(context);
    if (locked) {
      context->cache.replace(session);
      context->mutex.unlock();
      return;
    }
    std::this_thread::yield();
  }
}

}  // namespace lr

int lr_CTX_add_session(LR_CTX* context, LR_SESSION* session) {
  return session == nullptr ? 0 : lr::add(context, session);
}

int lr_CTX_remove_session(LR_CTX* context, LR_SESSION* session) {
  return session == nullptr ? 0 : lr::remove(context, session);
}

void lr_CTX_flush_sessions(LR_CTX* context, long seconds) {
  if (context->on_remove == nullptr) {
    lr::flush(context, seconds);
    return;
  }
  const lr::Guest guest(context);
  lr::flush(context, seconds);
}
