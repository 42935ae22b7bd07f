// How the adapters of libraries whose sessions are copied carry out a call, and what such sessions
// and contexts never have.
#ifndef LASTREF_HARNESS_TARGET_SHARED_PERFORM_H_
#define LASTREF_HARNESS_TARGET_SHARED_PERFORM_H_

#include <lastref/target_abi.h>

#include <cstdint>

namespace lastref::copying {

// Each of an adapter's functions carries out an operation of its kind. kUnknown: not one of its
// kind; kFailed: the adapter could not, which is no failure of the library.
enum class Done { kYes, kUnknown, kFailed };
using PerformKind = Done(const lastref_call& call, lastref_result& result);

// As lastref_target::perform, by the first of the kinds that knows the operation.
template <PerformKind... kKinds>
int perform(const lastref_call* call, lastref_result* result) {
  Done done = Done::kUnknown;
  const bool known = (((done = kKinds(*call, *result)) != Done::kUnknown) || ...);
  if (!known) result->unsupported = 1;
  return done == Done::kFailed ? -1 : 0;
}

// What no function of such a library says of a session.
inline void view_nothing_else(lastref_session_view* view) {
  view->id_context = nullptr;
  view->id_context_length = 0;
  view->timeout = 0;
  view->ex_data = 0;
  view->version = 0;
  view->hostname = nullptr;
  view->alpn = nullptr;
  view->alpn_length = 0;
}

// A cache counts nothing but its entries.
inline void view_number(std::int64_t number, lastref_context_view* view) {
  view->number = number;
  view->cache_full = 0;
  if (view->size <= LASTREF_CONTEXT_VIEW_CHEAP) return;
  view->hits = 0;
  view->misses = 0;
  view->timeouts = 0;
}

}  // namespace lastref::copying

#endif  // LASTREF_HARNESS_TARGET_SHARED_PERFORM_H_
