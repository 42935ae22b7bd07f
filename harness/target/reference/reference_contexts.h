// Contexts of the reference, as the harness makes, sees and uses them again. Part of the adapter's
// one translation unit.
#ifndef LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_CONTEXTS_H_
#define LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_CONTEXTS_H_

#include <lastref/session.h>
#include <lastref/target_abi.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "harness/target/reference/reference_crowd.h"

namespace lastref::reference {

// Keys that no other context has, so that none opens another's tickets.
inline bool set_own_ticket_key(LR_CTX* context) {
  static std::uint64_t contexts = 0;
  ++contexts;
  unsigned char key[LR_TICKET_KEY_LENGTH] = {};
  std::memcpy(key, &contexts, sizeof contexts);
  return lr_CTX_set_ticket_key(context, key, sizeof key) == 1;
}

// NULL for no callback.
inline void watch_servername(LR_CTX* context, lr_servername_cb* callback) {
  lr_CTX_set_tlsext_servername_callback(context, callback);
  lr_CTX_set_tlsext_servername_arg(context, context);
}

inline LR_CTX* new_context() {
  LR_CTX* context = lr_CTX_new();
  if (context != nullptr) set_own_ticket_key(context);
  return context;
}

// A cache is looked through for expired sessions after 255 handshakes; no program makes half of the
// rest.
inline constexpr long kHandshakesOfAContext = 128;

inline void view_context(const void* context, lastref_context_view* view) {
  const auto* of = static_cast<const LR_CTX*>(context);
  view->number = lr_CTX_sess_number(of);
  view->cache_full = lr_CTX_sess_cache_full(of);
  if (view->size <= LASTREF_CONTEXT_VIEW_CHEAP) return;
  view->hits = lr_CTX_sess_hits(of);
  view->misses = lr_CTX_sess_misses(of);
  view->timeouts = lr_CTX_sess_timeouts(of);
  if (view->size < sizeof *view) return;
  view->callback_hits = lr_CTX_sess_cb_hits(of);
}

inline int reset_context(void* context) {
  auto* of = static_cast<LR_CTX*>(context);
  if (lr_CTX_sess_number(of) != 0) return -1;
  lr_CTX_set_session_cache_mode(of, LR_SESS_CACHE_SERVER);
  lr_CTX_sess_set_cache_size(of, 20480);
  lr_CTX_set_timeout(of, 7200);
  lr_CTX_sess_set_new_cb(of, nullptr);
  lr_CTX_sess_set_get_cb(of, nullptr);
  lr_CTX_sess_set_remove_cb(of, nullptr);
  watch_servername(of, nullptr);
  lr_CTX_clear_options(of, LR_OP_NO_TICKET);
  lr_CTX_set_session_id_context(of, nullptr, 0);
  if (!set_own_ticket_key(of)) return -1;
  // One that would soon look through its cache by itself, in the middle of somebody's program.
  const long handshakes = std::max(lr_CTX_sess_accept_good(of), lr_CTX_sess_connect_good(of));
  return handshakes < kHandshakesOfAContext ? 0 : -1;
}

// How many flights a handshake to that point has that can come damaged: alerts do not.
inline int flights_until(std::int64_t stop) {
  switch (stop) {
    case LASTREF_STOP_AFTER_CLIENT_HELLO:
    case LASTREF_STOP_REFUSED:
      return 1;
    case LASTREF_STOP_AFTER_SERVER_FLIGHT:
    case LASTREF_STOP_CLIENT_REFUSES:
      return 2;
    case LASTREF_STOP_AFTER_CLIENT_FLIGHT:
      return 3;
    default:
      return LASTREF_FLIGHTS;
  }
}

// As LASTREF_STOP_* is: the points are named alike. A flight has no bytes, and counts for one.
inline std::int64_t shake_hands(LR_SSL* client, LR_SSL* server, const lastref_call& call,
                                lastref_result& result) {
  static_assert(LASTREF_STOP_REFUSED == LR_HANDSHAKE_REFUSED);
  static_assert(LASTREF_STOP_CLIENT_REFUSES == LR_HANDSHAKE_CLIENT_REFUSES);
  static_assert(LR_HANDSHAKE_DAMAGED_LAST_FLIGHT - LR_HANDSHAKE_DAMAGED_CLIENT_HELLO ==
                LASTREF_FLIGHTS - 1);
  const int flights = flights_until(call.value);
  std::fill_n(result.flights, flights, 1U);
  auto point = static_cast<int>(call.value);
  const bool changes = call.damage == LASTREF_DAMAGE_FLIP || call.damage == LASTREF_DAMAGE_INVERT;
  if (changes && call.damage_at == 1 && call.flight >= 1 &&
      call.flight <= static_cast<unsigned>(flights)) {
    point = LR_HANDSHAKE_DAMAGED_CLIENT_HELLO + static_cast<int>(call.flight) - 1;
  }
  const int complete = lr_handshake(client, server, point);
  // One that resumes has no fourth flight, and is complete.
  result.damaged = point != call.value && complete == 0 ? 1 : 0;
  if (complete == 0) return 0;
  return lr_SSL_session_reused(client) != 0 ? 2 : 1;
}

// Handshakes, what decides how those of connections still to be made will go, and what they count
// and look for; false for what is none of it.
inline bool perform_handshake(const lastref_call& call, lastref_result& result) {
  auto* of = static_cast<LR_CTX*>(call.context);
  auto* connection = static_cast<LR_SSL*>(call.connection);
  switch (call.operation) {
    case LASTREF_OP_HANDSHAKE:
      result.value = shake_hands(connection, static_cast<LR_SSL*>(call.peer), call, result);
      return true;
    case LASTREF_OP_SHUTDOWN:
      lr_SSL_set_quiet_shutdown(connection, static_cast<int>(call.value));
      result.value = lr_SSL_shutdown(connection);
      return true;
    case LASTREF_OP_SET_TICKETS:
      (call.value != 0 ? lr_CTX_clear_options : lr_CTX_set_options)(of, LR_OP_NO_TICKET);
      return true;
    case LASTREF_OP_SET_TICKET_KEY:
      result.value = lr_CTX_set_ticket_key(of, call.bytes, LR_TICKET_KEY_LENGTH);
      return true;
    case LASTREF_OP_SET_SID_CONTEXT:
      result.value =
          lr_CTX_set_session_id_context(of, call.bytes, static_cast<unsigned>(call.length));
      return true;
    case LASTREF_OP_CROWD:
      result.value = crowd();
      return true;
    case LASTREF_OP_GET_HITS:
      result.value = lr_CTX_sess_hits(of);
      return true;
    case LASTREF_OP_GET_MISSES:
      result.value = lr_CTX_sess_misses(of);
      return true;
    case LASTREF_OP_GET_TIMEOUTS:
      result.value = lr_CTX_sess_timeouts(of);
      return true;
    case LASTREF_OP_GET_CALLBACK_HITS:
      result.value = lr_CTX_sess_cb_hits(of);
      return true;
    case LASTREF_OP_HAS_SESSION_ID:
      result.value = lr_SSL_has_matching_session_id(connection, call.bytes,
                                                    static_cast<unsigned>(call.length));
      return true;
    default:
      return false;
  }
}

}  // namespace lastref::reference

#endif  // LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_CONTEXTS_H_
