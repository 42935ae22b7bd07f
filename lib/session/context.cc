// The life of contexts, their settings and statistics.
#include "lib/session/context.h"

#include <algorithm>

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

long lr_CTX_set_options(LR_CTX* context, long options) {
  return context->options = context->options | options;
}
long lr_CTX_clear_options(LR_CTX* context, long options) {
  return context->options = context->options & ~options;
}

int lr_CTX_set_session_id_context(LR_CTX* context, const unsigned char* bytes, unsigned length) {
  const std::lock_guard<std::mutex> lock(context->mutex);
  return context->id_context.assign({bytes, length}) ? 1 : 0;
}

int lr_CTX_set_ticket_key(LR_CTX* context, const unsigned char* key, size_t length) {
  const std::lock_guard<std::mutex> lock(context->mutex);
  if (length != LR_TICKET_KEY_LENGTH) return 0;
  std::copy_n(key, length, context->ticket_key.begin());
  return 1;
}

long lr_CTX_sess_number(const LR_CTX* context) { return context->cache.number(); }
long lr_CTX_sess_cache_full(const LR_CTX* context) { return context->cache_full; }
long lr_CTX_sess_hits(const LR_CTX* context) { return context->hits; }
long lr_CTX_sess_misses(const LR_CTX* context) { return context->misses; }
long lr_CTX_sess_cb_hits(const LR_CTX* context) { return context->callback_hits; }
long lr_CTX_sess_accept_good(const LR_CTX* context) { return context->accepted; }
long lr_CTX_sess_connect_good(const LR_CTX* context) { return context->connected; }
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
void lr_CTX_set_tlsext_servername_callback(LR_CTX* context, lr_servername_cb* callback) {
  context->on_servername = callback;
}
void lr_CTX_set_tlsext_servername_arg(LR_CTX* context, void* arg) { context->servername_arg = arg; }
lr_new_session_cb* lr_CTX_sess_get_new_cb(LR_CTX* context) { return context->on_new; }
lr_get_session_cb* lr_CTX_sess_get_get_cb(LR_CTX* context) { return context->on_get; }
lr_remove_session_cb* lr_CTX_sess_get_remove_cb(LR_CTX* context) { return context->on_remove; }
