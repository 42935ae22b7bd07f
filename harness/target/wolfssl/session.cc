// The operations on sessions that wolfSSL has, and the look at one. What its relatives have beside
// these are functions that it does not have, or has as stubs.
#include <bit>
#include <cstring>

#include "harness/target/family/family.h"
#include "harness/target/wolfssl/encoding.h"

namespace lastref::family {
namespace {

// Longer than any encoding that the values of programs lead to; encode() checks it all the same.
unsigned char encoded[std::size_t{1} << 15];

SSL_SESSION* session_of(const lastref_call& call) {
  return static_cast<SSL_SESSION*>(call.session);
}

// False when the room does not suffice.
bool encode(SSL_SESSION* session, lastref_result& result) {
  if (i2d_SSL_SESSION(session, nullptr) > static_cast<int>(sizeof encoded)) return false;
  unsigned char* end = encoded;
  result.value = i2d_SSL_SESSION(session, &end);
  // How far the pointer went, which i2d of this library leaves where it was.
  result.bytes = encoded;
  result.length = static_cast<std::size_t>(end - encoded);
  return true;
}

bool encode_allocating(SSL_SESSION* session, lastref_result& result) {
  unsigned char* block = nullptr;
  result.value = i2d_SSL_SESSION(session, &block);
  if (result.value <= 0 || block == nullptr) return true;
  const auto size = static_cast<std::size_t>(result.value);
  const bool fits = size <= sizeof encoded;
  if (fits) {
    std::memcpy(encoded, block, size);
    result.bytes = encoded;
    result.length = size;
  }
  host->release(block);  // as OPENSSL_free does, which is a macro of C here
  return fits;
}

void decode(const lastref_call& call, lastref_result& result) {
  const unsigned char* in = call.bytes;
  const auto length = static_cast<long>(call.length);
  SSL_SESSION* object = call.operation == LASTREF_OP_D2I_INTO ? session_of(call) : nullptr;
  SSL_SESSION* made =
      d2i_SSL_SESSION(call.operation == LASTREF_OP_D2I ? nullptr : &object, &in, length);
  // The variable and not the return value is what the application goes on with.
  result.object = call.operation == LASTREF_OP_D2I_FRESH ? object : made;
  // After a failure: whether the caller's variable still holds the object.
  if (call.operation == LASTREF_OP_D2I_INTO) result.value = object != nullptr ? 1 : 0;
  result.bytes = in;
}

}  // namespace

Done perform_session(const lastref_call& call, lastref_result& result) {
  SSL_SESSION* session = session_of(call);
  unsigned length = 0;
  switch (call.operation) {
    case LASTREF_OP_SESSION_NEW:
      result.object = SSL_SESSION_new();
      return Done::kYes;
    case LASTREF_OP_SESSION_NEW_WITH_ID:
      result.object = wolfssl::new_with_id(call.bytes, call.length);
      return Done::kYes;
    case LASTREF_OP_SESSION_DUP:
      result.object = SSL_SESSION_dup(session);
      return Done::kYes;
    case LASTREF_OP_SESSION_UP_REF:
      result.value = SSL_SESSION_up_ref(session);
      return Done::kYes;
    case LASTREF_OP_SESSION_FREE:
      SSL_SESSION_free(session);
      return Done::kYes;
    case LASTREF_OP_SET_TIMEOUT:
      // A failure is one of wolfSSL's codes below 0; the manual says 1 for success and no more.
      result.value = SSL_SESSION_set_timeout(session, static_cast<long>(call.value)) == 1 ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_SET_EX_DATA:
      result.value =
          SSL_SESSION_set_ex_data(session, token_index(), std::bit_cast<void*>(call.value));
      return Done::kYes;
    case LASTREF_OP_GET_ID:
      result.bytes = SSL_SESSION_get_id(session, &length);
      result.length = length;
      return Done::kYes;
    case LASTREF_OP_GET_ID_CONTEXT:
      result.bytes = SSL_SESSION_get0_id_context(session, &length);
      result.length = length;
      return Done::kYes;
    case LASTREF_OP_GET_TIME:
      result.value = static_cast<int64_t>(SSL_SESSION_get_time(session));
      return Done::kYes;
    case LASTREF_OP_GET_TIMEOUT:
      result.value = static_cast<int64_t>(SSL_SESSION_get_timeout(session));
      return Done::kYes;
    case LASTREF_OP_GET_EX_DATA:
      result.value = reinterpret_cast<intptr_t>(SSL_SESSION_get_ex_data(session, token_index()));
      return Done::kYes;
    case LASTREF_OP_IS_RESUMABLE:
      result.value = SSL_SESSION_is_resumable(session);
      return Done::kYes;
    case LASTREF_OP_I2D_LENGTH:
      result.value = i2d_SSL_SESSION(session, nullptr);
      return Done::kYes;
    case LASTREF_OP_I2D:
      return encode(session, result) ? Done::kYes : Done::kFailed;
    case LASTREF_OP_I2D_ALLOCATE:
      return encode_allocating(session, result) ? Done::kYes : Done::kFailed;
    case LASTREF_OP_D2I:
    case LASTREF_OP_D2I_FRESH:
    case LASTREF_OP_D2I_INTO:
      decode(call, result);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
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
  view->version = 0;
  view->has_ticket = SSL_SESSION_has_ticket(of);
  view->hostname = nullptr;
  view->alpn = nullptr;
  view->alpn_length = 0;
}

}  // namespace lastref::family
