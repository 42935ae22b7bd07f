#include "harness/target/gnutls/session.h"

#include <algorithm>
#include <cstdint>
#include <new>

namespace lastref {

const std::size_t copying::kSessionSize = sizeof(gnutls::Session);

namespace gnutls {
namespace {

// "The time this entry was created, or zero on error", as for no data. Asked for by a pointer that
// could be written through, and is not.
std::int64_t time_of(const Session& session) {
  gnutls_datum_t data = session.data;
  return gnutls_db_check_entry_time(&data);
}

}  // namespace

Id id_of(const gnutls_datum_t& bytes) {
  Id id;
  id.size = std::min<unsigned>(bytes.size, GNUTLS_MAX_SESSION_ID_SIZE);
  std::copy_n(bytes.data, id.size, id.bytes.begin());
  return id;
}

Session* make_session() {
  void* block = copying::allocate_session();
  return block == nullptr ? nullptr : new (block) Session;
}

void end_session(Session* session) {
  if (session == nullptr) return;
  gnutls_free(session->data.data);
  host->release(session);
}

Done perform_session(const lastref_call& call, lastref_result& result) {
  auto* session = static_cast<Session*>(call.session);
  switch (call.operation) {
    case LASTREF_OP_SESSION_NEW:
      result.object = make_session();
      return Done::kYes;
    case LASTREF_OP_SESSION_FREE:
      end_session(session);
      return Done::kYes;
    case LASTREF_OP_GET_ID:
      result.bytes = session->id.bytes.data();
      result.length = session->id.size;
      return Done::kYes;
    case LASTREF_OP_GET_TIME:
      result.value = time_of(*session);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

// Run for every live session after every operation.
void view_session(const void* session, lastref_session_view* view) {
  const auto& of = *static_cast<const Session*>(session);
  view->id = of.id.bytes.data();
  view->id_length = of.id.size;
  view->time = time_of(of);
  view->has_ticket = 0;
  // No function says it. A client can offer what has data.
  view->resumable = of.data.size != 0 ? 1 : 0;
  copying::view_nothing_else(view);
}

}  // namespace gnutls
}  // namespace lastref
