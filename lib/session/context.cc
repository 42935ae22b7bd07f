// The life of contexts, their settings and statistics.
#include "lib/session/context.h"

#include "lib/session/memory.h"

namespace {

template <class T>
T exchange(lr::Relaxed<T>& value, T next) {
  const T before = value;
  value = next;
  return before;
}

}  // namespace

void lr::release(LR_CTX* context) {
  if (!context->references.release()) return;
  {
    const std::lock_guard<std::mutex> lock(context->mutex);
    context->closing = true;
  }
  flush(context, 0);
  destroy(context);
}

LR_CTX* lr_CTX_new() { return lr::make<lr_ctx_st>(); }

int lr_CTX_up_ref(LR_CTX* context) {
  if (context == nullptr) return 0;
  lr::acquire(context);
  return 1;
}

void lr_CTX_free(LR_CTX* context) {
  if (context != nullptr) lr::release(context);
}

long lr_CTX_set_session_cache_mode(LR_CTX* context, long mode) {
  return exchange(context->mode, mode);
}
long lr_CTX_get_session_cache_mode(const LR_CTX* context) { return context->mode; }

long lr_CTX_sess_set_cache_size(LR_CTX* context, long size) {
  return exchange(context->size_limit, size);
}
long lr_CTX_sess_get_cache_size(const LR_CTX* context) { return context->size_limit; }

long lr_CTX_set_timeout(LR_CTX* context, long seconds) {
  return exchange(context->timeout, seconds);
}
long lr_CTX_get_timeout(const LR_CTX* context) { return context->timeout; }

long lr_CTX_sess_number(const LR_CTX* context) { return context->cache.number(); }
long lr_CTX_sess_cache_full(const LR_CTX* context) { return context->cache_full; }
long lr_CTX_sess_hits(const LR_CTX* context) { return context->hits; }
long lr_CTX_sess_misses(const LR_CTX* context) { return context->misses; }
long lr_CTX_sess_timeouts(const LR_CTX* context) { return context->timeouts; }

void lr_CTX_sess_set_new_cb(LR_CTX* context, lr_new_session_cb* callback) {
  context->on_new = callback;
}
void lr_CTX_sess_set_get_cb(LR_CTX* context, lr_get_session_cb* callback) {
  context->on_get = callback;
}
void lr_CTX_sess_set_remove_cb(LR_CTX* context, lr_remove_session_cb* callback) {
  context->on_remove = callback;
}
lr_new_session_cb* lr_CTX_sess_get_new_cb(LR_CTX* context) { return context->on_new; }
lr_get_session_cb* lr_CTX_sess_get_get_cb(LR_CTX* context) { return context->on_get; }
lr_remove_session_cb* lr_CTX_sess_get_remove_cb(LR_CTX* context) { return context->on_remove; }
