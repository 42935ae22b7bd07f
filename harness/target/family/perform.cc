// Where the harness comes in: one operation, or a look at a session.
#include "harness/target/family/family.h"

namespace lastref::family {

const lastref_host* host = nullptr;

int perform(const lastref_call* call, lastref_result* result) {
  Done done = perform_session(*call, *result);
  if (done == Done::kUnknown) done = perform_context(*call, *result);
  if (done == Done::kUnknown) done = perform_connection(*call, *result);
  if (done == Done::kUnknown) done = perform_handshake(*call, *result);
  if (done == Done::kUnknown) done = perform_settings(*call, *result);
  if (done == Done::kUnknown) done = perform_library(*call, *result);
  if (done == Done::kUnknown) result->unsupported = 1;
  return done == Done::kFailed ? -1 : 0;
}

// Run for every live session after every operation: nothing here costs more than some nanoseconds.
void view_session(const void* session, lastref_session_view* view) {
  const auto* of = static_cast<const SSL_SESSION*>(session);
  unsigned length = 0;
  view->id = SSL_SESSION_get_id(of, &length);
  view->id_length = length;
  view->id_context = SSL_SESSION_get0_id_context(of, &length);
  view->id_context_length = length;
  view->resumable = SSL_SESSION_is_resumable(of);
  view->time = static_cast<int64_t>(SSL_SESSION_get_time(of));
  view->timeout = static_cast<int64_t>(SSL_SESSION_get_timeout(of));
  view->ex_data = reinterpret_cast<intptr_t>(SSL_SESSION_get_ex_data(of, token_index()));
  view->version = SSL_SESSION_get_protocol_version(of);
  view->has_ticket = SSL_SESSION_has_ticket(of);
  view_library(of, *view);
}

}  // namespace lastref::family
