// The operations on contexts and connections that OpenSSL and BoringSSL spell alike, and the cheap
// looks at both.
#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

SSL_SESSION* session_of(const lastref_call& call) {
  return static_cast<SSL_SESSION*>(call.session);
}
SSL_CTX* context_of(const lastref_call& call) { return static_cast<SSL_CTX*>(call.context); }

// Engines look through a cache for expired sessions after 255 handshakes; a context has done with
// reuse well before, and no program makes half of the rest.
constexpr long kHandshakesOfAContext = 128;

}  // namespace

Done perform_context(const lastref_call& call, lastref_result& result) {
  SSL_CTX* context = context_of(call);
  const Number value{call.value};
  switch (call.operation) {
    case LASTREF_OP_CONTEXT_NEW:
      result.object = new_context();
      return Done::kYes;
    case LASTREF_OP_CONTEXT_UP_REF:
      result.value = SSL_CTX_up_ref(context);
      return Done::kYes;
    case LASTREF_OP_CONTEXT_FREE:
      SSL_CTX_free(context);
      return Done::kYes;
    case LASTREF_OP_SET_MODE:
      result.value = SSL_CTX_set_session_cache_mode(context, value);
      return Done::kYes;
    case LASTREF_OP_SET_CACHE_SIZE:
      result.value = static_cast<int64_t>(SSL_CTX_sess_set_cache_size(context, value));
      return Done::kYes;
    case LASTREF_OP_SET_DEFAULT_TIMEOUT:
      result.value = static_cast<int64_t>(SSL_CTX_set_timeout(context, value));
      return Done::kYes;
    case LASTREF_OP_CACHE_ADD:
      result.value = SSL_CTX_add_session(context, session_of(call));
      return Done::kYes;
    case LASTREF_OP_CACHE_REMOVE:
      result.value = SSL_CTX_remove_session(context, session_of(call));
      return Done::kYes;
    case LASTREF_OP_CACHE_FLUSH:
      SSL_CTX_flush_sessions(context, value);
      return Done::kYes;
    case LASTREF_OP_GET_NUMBER:
      result.value = static_cast<int64_t>(SSL_CTX_sess_number(context));
      return Done::kYes;
    case LASTREF_OP_GET_CACHE_FULL:
      result.value = static_cast<int64_t>(SSL_CTX_sess_cache_full(context));
      return Done::kYes;
    case LASTREF_OP_GET_HITS:
      result.value = static_cast<int64_t>(SSL_CTX_sess_hits(context));
      return Done::kYes;
    case LASTREF_OP_GET_MISSES:
      result.value = static_cast<int64_t>(SSL_CTX_sess_misses(context));
      return Done::kYes;
    case LASTREF_OP_GET_TIMEOUTS:
      result.value = static_cast<int64_t>(SSL_CTX_sess_timeouts(context));
      return Done::kYes;
    case LASTREF_OP_GET_CALLBACK_HITS:
      result.value = static_cast<int64_t>(SSL_CTX_sess_cb_hits(context));
      return Done::kYes;
    case LASTREF_OP_GET_MODE:
      result.value = SSL_CTX_get_session_cache_mode(context);
      return Done::kYes;
    case LASTREF_OP_GET_CACHE_SIZE:
      result.value = static_cast<int64_t>(SSL_CTX_sess_get_cache_size(context));
      return Done::kYes;
    case LASTREF_OP_GET_DEFAULT_TIMEOUT:
      result.value = static_cast<int64_t>(SSL_CTX_get_timeout(context));
      return Done::kYes;
    case LASTREF_OP_ON_NEW:
      watch_new(context, call.value != 0);
      return Done::kYes;
    case LASTREF_OP_ON_GET:
      watch_get(context, call.value != 0);
      return Done::kYes;
    case LASTREF_OP_ON_REMOVE:
      watch_remove(context, call.value != 0);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

Done perform_connection(const lastref_call& call, lastref_result& result) {
  SSL* connection = static_cast<SSL*>(call.connection);
  switch (call.operation) {
    case LASTREF_OP_CONNECTION_NEW:
      result.object = SSL_new(context_of(call));
      return Done::kYes;
    case LASTREF_OP_CONNECTION_FREE:
      SSL_free(connection);
      return Done::kYes;
    case LASTREF_OP_CONNECTION_CLEAR:
      result.value = SSL_clear(connection);
      return Done::kYes;
    case LASTREF_OP_SET_SESSION:
      result.value = SSL_set_session(connection, session_of(call));
      return Done::kYes;
    case LASTREF_OP_GET0_SESSION:
      result.object = SSL_get0_session(connection);
      return Done::kYes;
    case LASTREF_OP_GET1_SESSION:
      result.object = SSL_get1_session(connection);
      return Done::kYes;
    case LASTREF_OP_SET_CONTEXT:
      result.object = SSL_set_SSL_CTX(connection, context_of(call));
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

void view_context(const void* context, lastref_context_view* view) {
  // The statistics are macros over SSL_CTX_ctrl(), which takes no const.
  auto* of = static_cast<SSL_CTX*>(const_cast<void*>(context));
  view->number = static_cast<int64_t>(SSL_CTX_sess_number(of));
  view->cache_full = static_cast<int64_t>(SSL_CTX_sess_cache_full(of));
  if (view->size <= LASTREF_CONTEXT_VIEW_CHEAP) return;
  view->hits = static_cast<int64_t>(SSL_CTX_sess_hits(of));
  view->misses = static_cast<int64_t>(SSL_CTX_sess_misses(of));
  view->timeouts = static_cast<int64_t>(SSL_CTX_sess_timeouts(of));
  if (view->size < sizeof *view) return;
  view->callback_hits = static_cast<int64_t>(SSL_CTX_sess_cb_hits(of));
}

ContextDefaults read_defaults(SSL_CTX* context) {
  return {.mode = static_cast<int>(SSL_CTX_get_session_cache_mode(context)),
          .cache_size = static_cast<long>(SSL_CTX_sess_get_cache_size(context)),
          .timeout = static_cast<long>(SSL_CTX_get_timeout(context))};
}

int reset_context(SSL_CTX* context, const ContextDefaults& defaults) {
  if (SSL_CTX_sess_number(context) != 0) return -1;
  watch_new(context, false);
  watch_get(context, false);
  watch_remove(context, false);
  SSL_CTX_set_session_cache_mode(context, defaults.mode);
  SSL_CTX_sess_set_cache_size(context, Number{defaults.cache_size});
  SSL_CTX_set_timeout(context, Number{defaults.timeout});
  if (SSL_CTX_sess_accept_good(context) >= kHandshakesOfAContext ||
      SSL_CTX_sess_connect_good(context) >= kHandshakesOfAContext) {
    return -1;
  }
  return reset_settings(context) ? 0 : -1;
}

}  // namespace lastref::family
