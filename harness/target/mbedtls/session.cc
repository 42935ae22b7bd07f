#include "harness/target/mbedtls/session.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lastref {

const std::size_t copying::kSessionSize = sizeof(mbedtls_ssl_session);

namespace mbedtls {
namespace {

using Session = mbedtls_ssl_session;

Session* session_of(const lastref_call& call) { return static_cast<Session*>(call.session); }

// Lent to the caller until the next operation.
std::array<unsigned char, 16384> encoded;

bool save(const Session* session, std::size_t& length) {
  return mbedtls_ssl_session_save(session, encoded.data(), encoded.size(), &length) == 0;
}

// mbedtls_ssl_session_load() takes the length of an id as the bytes have it, also beyond the member
// (https://github.com/Mbed-TLS/mbedtls/pull/10791), and the cache then reads what is behind.
bool load_bytes(Session* session, const unsigned char* bytes, std::size_t length) {
  if (mbedtls_ssl_session_load(session, bytes, length) != 0) return false;
  session->id_len = std::min(session->id_len, sizeof session->id);
  return true;
}

// NULL when the bytes are refused; mbedtls_ssl_session_load() has then cleared the session.
Session* load(const unsigned char* bytes, std::size_t length) {
  Session* made = make_session();
  if (made == nullptr || load_bytes(made, bytes, length)) return made;
  end_session(made);
  return nullptr;
}

bool encode(const Session* session, lastref_result& result) {
  if (!save(session, result.length)) return false;
  result.bytes = encoded.data();
  result.value = static_cast<int64_t>(result.length);
  return true;
}

std::int64_t encoded_length(const Session* session) {
  std::size_t length = 0;
  mbedtls_ssl_session_save(session, nullptr, 0, &length);  // says that there is no room
  return static_cast<std::int64_t>(length);
}

void load_into(const lastref_call& call, lastref_result& result) {
  Session* session = session_of(call);
  const bool loaded = load_bytes(session, call.bytes, call.length);
  result.object = loaded ? session : nullptr;
  result.value = 1;  // whatever comes of it, the application's variable names the session
}

// The member has room for 32 bytes; what is longer is no id.
int64_t set_id(Session* session, const lastref_call& call) {
  if (call.length > sizeof session->id) return 0;
  std::fill(std::begin(session->id), std::end(session->id), static_cast<unsigned char>(0));
  std::memcpy(session->id, call.bytes, call.length);
  session->id_len = call.length;
  return 1;
}

// The session frees its ticket with the library's allocator, so that it comes from there.
int64_t set_ticket(Session* session, const lastref_call& call) {
  unsigned char* ticket = nullptr;
  if (call.length > 0) {
    ticket = static_cast<unsigned char*>(copying::allocate(call.length));
    if (ticket == nullptr) return 0;
    std::memcpy(ticket, call.bytes, call.length);
  }
  host->release(session->ticket);
  session->ticket = ticket;
  session->ticket_len = call.length;
  return 1;
}

std::size_t id_length(const Session* session) {
  return std::min(session->id_len, sizeof session->id);
}

}  // namespace

mbedtls_ssl_session* make_session() {
  auto* made = static_cast<Session*>(copying::allocate_session());
  if (made != nullptr) mbedtls_ssl_session_init(made);
  return made;
}

void end_session(mbedtls_ssl_session* session) {
  if (session == nullptr) return;
  mbedtls_ssl_session_free(session);
  host->release(session);
}

mbedtls_ssl_session* dup_session(const mbedtls_ssl_session* session) {
  std::size_t length = 0;
  return save(session, length) ? load(encoded.data(), length) : nullptr;
}

Done perform_session(const lastref_call& call, lastref_result& result) {
  Session* session = session_of(call);
  switch (call.operation) {
    case LASTREF_OP_SESSION_NEW:
      result.object = make_session();
      return Done::kYes;
    case LASTREF_OP_SESSION_DUP:
      result.object = dup_session(session);
      return Done::kYes;
    case LASTREF_OP_SESSION_FREE:
      end_session(session);
      return Done::kYes;
    case LASTREF_OP_SET_ID:
      result.value = set_id(session, call);
      return Done::kYes;
    case LASTREF_OP_SET_TIME:
      session->start = static_cast<mbedtls_time_t>(call.value);
      result.value = 1;
      return Done::kYes;
    case LASTREF_OP_SET_TICKET:
      result.value = set_ticket(session, call);
      return Done::kYes;
    case LASTREF_OP_GET_ID:
      result.bytes = session->id;
      result.length = id_length(session);
      return Done::kYes;
    case LASTREF_OP_GET_TIME:
      result.value = session->start;
      return Done::kYes;
    case LASTREF_OP_GET_TICKET:
      result.bytes = session->ticket;
      result.length = session->ticket_len;
      return Done::kYes;
    case LASTREF_OP_HAS_TICKET:
      result.value = session->ticket != nullptr ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_I2D_LENGTH:
      result.value = encoded_length(session);
      return Done::kYes;
    case LASTREF_OP_I2D:
      return encode(session, result) ? Done::kYes : Done::kFailed;
    case LASTREF_OP_D2I:
    case LASTREF_OP_D2I_FRESH:
      result.object = load(call.bytes, call.length);
      return Done::kYes;
    case LASTREF_OP_D2I_INTO:
      load_into(call, result);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

// Run for every live session after every operation.
void view_session(const void* session, lastref_session_view* view) {
  const auto* of = static_cast<const Session*>(session);
  view->id = of->id;
  view->id_length = id_length(of);
  view->time = of->start;
  view->has_ticket = of->ticket != nullptr ? 1 : 0;
  // No function says it. A client can offer what has an id or a ticket.
  view->resumable = of->id_len != 0 || of->ticket != nullptr ? 1 : 0;
  copying::view_nothing_else(view);
}

}  // namespace mbedtls
}  // namespace lastref
