// A context: settings, callbacks, statistics, and the cache with its mutex. Owned by its
// references, of which every connection has two.
#ifndef LASTREF_LIB_SESSION_CONTEXT_H_
#define LASTREF_LIB_SESSION_CONTEXT_H_

#include <mutex>

#include "lastref/session.h"
#include "lib/session/cache.h"
#include "lib/session/counter.h"
#include "lib/session/owner.h"
#include "lib/session/read_gate.h"
#include "lib/session/relaxed.h"
#include "lib/session/ticket.h"

struct lr_ctx_st {
  lr::Counter references;
  // Set by any thread at any time; an operation reads each once.
  lr::Relaxed<long> mode = LR_SESS_CACHE_SERVER;
  lr::Relaxed<long> size_limit = 20480;
  lr::Relaxed<long> timeout = 7200;  // seconds
  lr::Relaxed<lr_new_session_cb*> on_new = nullptr;
  lr::Relaxed<lr_get_session_cb*> on_get = nullptr;
  lr::Relaxed<lr_remove_session_cb*> on_remove = nullptr;
  lr::Relaxed<lr_servername_cb*> on_servername = nullptr;
  lr::Relaxed<void*> servername_arg = nullptr;
  lr::Relaxed<long> cache_full = 0;
  lr::Relaxed<long> hits = 0;
  lr::Relaxed<long> misses = 0;
  lr::Relaxed<long> callback_hits = 0;
  lr::Relaxed<long> timeouts = 0;
  lr::Relaxed<long> accepted = 0;   // handshakes done as a server
  lr::Relaxed<long> connected = 0;  // and as a client
  lr::Relaxed<long> options = 0;

  // Guards what follows, and the links of the cached sessions.
  std::mutex mutex;
  // Who links or unlinks shuts it too; with it, the cache can be searched without the mutex.
  lr::ReadGate gate{mutex};
  lr::Cache cache;
  lr::IdContext id_context;  // of connections to be made
  lr::TicketKey ticket_key{};
  bool closing = false;  // the last reference is gone: nothing may be added any more
};

namespace lr {

inline void acquire(LR_CTX* context) { context->references.acquire(); }
void release(LR_CTX* context);

inline TicketKey ticket_key_of(LR_CTX* context) {
  const std::lock_guard<std::mutex> lock(context->mutex);
  return context->ticket_key;
}

inline IdContext id_context_of(LR_CTX* context) {
  const std::lock_guard<std::mutex> lock(context->mutex);
  return context->id_context;
}

// The session that the cache links under the key, with a reference of the owner's, or NULL. The
// caller does not hold the mutex.
LR_SESSION* get1_cached(LR_CTX* context, const Key& key, const Owner& owner);

// Removes expired sessions, all for `seconds` 0; see lr_CTX_flush_sessions().
void flush(LR_CTX* context, Expiry seconds);

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_CONTEXT_H_
