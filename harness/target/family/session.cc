// The operations on sessions that OpenSSL and BoringSSL spell alike, each as one call of the
// library.
#include <bit>
#include <cstring>

#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

// Longer than any encoding that the values of programs lead to; encode() checks it all the same.
unsigned char encoded[std::size_t{1} << 17];

// Room for the longest key of a session: OpenSSL 3 keeps up to 512 bytes, for TLS 1.3.
unsigned char key[512];

SSL_SESSION* session_of(const lastref_call& call) {
  return static_cast<SSL_SESSION*>(call.session);
}
Number length_of(const lastref_call& call) { return {static_cast<std::int64_t>(call.length)}; }

void lend(lastref_result& result, const unsigned char* bytes, std::size_t length) {
  result.bytes = bytes;
  result.length = length;
}

// False when the room does not suffice.
bool encode(const lastref_call& call, lastref_result& result) {
  SSL_SESSION* session = session_of(call);
  // i2d writes as much as it likes, so that the room suffices must be known before.
  if (encoded_bound(session) > sizeof encoded) return false;
  unsigned char* end = encoded;
  const int length = i2d_SSL_SESSION(session, &end);
  result.value = length;
  // What was written: a library that counts wrong says something else in the value.
  if (length > 0) lend(result, encoded, static_cast<std::size_t>(end - encoded));
  return true;
}

bool encode_allocating(const lastref_call& call, lastref_result& result) {
  unsigned char* block = nullptr;
  const int length = i2d_SSL_SESSION(session_of(call), &block);
  result.value = length;
  if (length <= 0 || block == nullptr) return true;
  const auto size = static_cast<std::size_t>(length);
  const bool fits = size <= sizeof encoded;
  if (fits) {
    std::memcpy(encoded, block, size);
    lend(result, encoded, size);
  }
  OPENSSL_free(block);
  return fits;
}

// NULL for an id that the library refuses.
SSL_SESSION* new_with_id(const lastref_call& call) {
  SSL_SESSION* session = new_session();
  if (session == nullptr || SSL_SESSION_set1_id(session, call.bytes, length_of(call)) == 1) {
    return session;
  }
  SSL_SESSION_free(session);
  return nullptr;
}

void decode(const lastref_call& call, lastref_result& result) {
  const unsigned char* in = call.bytes;
  const auto length = static_cast<long>(call.length);
  SSL_SESSION* object = nullptr;
  switch (call.operation) {
    case LASTREF_OP_D2I:
      result.object = d2i_SSL_SESSION(nullptr, &in, length);
      break;
    case LASTREF_OP_D2I_FRESH:
      // The variable and not the return value is what the application goes on with.
      d2i_SSL_SESSION(&object, &in, length);
      result.object = object;
      break;
    default:
      object = session_of(call);
      result.object = d2i_SSL_SESSION(&object, &in, length);
      // After a failure: whether the caller's variable still holds the object.
      result.value = object != nullptr ? 1 : 0;
  }
  result.bytes = in;
}

}  // namespace

Done perform_session(const lastref_call& call, lastref_result& result) {
  SSL_SESSION* session = session_of(call);
  unsigned length = 0;
  const unsigned char* bytes = nullptr;
  switch (call.operation) {
    case LASTREF_OP_SESSION_NEW:
      result.object = new_session();
      return Done::kYes;
    case LASTREF_OP_SESSION_NEW_WITH_ID:
      result.object = new_with_id(call);
      return Done::kYes;
    case LASTREF_OP_SESSION_UP_REF:
      result.value = SSL_SESSION_up_ref(session);
      return Done::kYes;
    case LASTREF_OP_SESSION_FREE:
      SSL_SESSION_free(session);
      return Done::kYes;
    case LASTREF_OP_SET_ID:
      result.value = SSL_SESSION_set1_id(session, call.bytes, length_of(call));
      return Done::kYes;
    case LASTREF_OP_SET_ID_CONTEXT:
      result.value = SSL_SESSION_set1_id_context(session, call.bytes, length_of(call));
      return Done::kYes;
    case LASTREF_OP_SET_TIME:
      result.value = static_cast<int64_t>(SSL_SESSION_set_time(session, Number{call.value}));
      return Done::kYes;
    case LASTREF_OP_SET_TIMEOUT:
      result.value = static_cast<int64_t>(SSL_SESSION_set_timeout(session, Number{call.value}));
      return Done::kYes;
    case LASTREF_OP_SET_EX_DATA:
      result.value =
          SSL_SESSION_set_ex_data(session, token_index(), std::bit_cast<void*>(call.value));
      return Done::kYes;
    case LASTREF_OP_GET_ID:
      bytes = SSL_SESSION_get_id(session, &length);
      lend(result, bytes, length);
      return Done::kYes;
    case LASTREF_OP_GET_ID_CONTEXT:
      bytes = SSL_SESSION_get0_id_context(session, &length);
      lend(result, bytes, length);
      return Done::kYes;
    case LASTREF_OP_GET_TIME:
      result.value = static_cast<int64_t>(SSL_SESSION_get_time(session));
      return Done::kYes;
    case LASTREF_OP_GET_TIMEOUT:
      result.value = static_cast<int64_t>(SSL_SESSION_get_timeout(session));
      return Done::kYes;
    case LASTREF_OP_GET_TICKET:
      SSL_SESSION_get0_ticket(session, &result.bytes, &result.length);
      return Done::kYes;
    case LASTREF_OP_GET_MASTER_KEY:
      result.value = static_cast<int64_t>(SSL_SESSION_get_master_key(session, key, sizeof key));
      lend(result, key, static_cast<std::size_t>(result.value));
      return Done::kYes;
    case LASTREF_OP_GET_EX_DATA:
      result.value = reinterpret_cast<intptr_t>(SSL_SESSION_get_ex_data(session, token_index()));
      return Done::kYes;
    case LASTREF_OP_GET_VERSION:
      result.value = SSL_SESSION_get_protocol_version(session);
      return Done::kYes;
    case LASTREF_OP_IS_RESUMABLE:
      result.value = SSL_SESSION_is_resumable(session);
      return Done::kYes;
    case LASTREF_OP_HAS_TICKET:
      result.value = SSL_SESSION_has_ticket(session);
      return Done::kYes;
    case LASTREF_OP_I2D_LENGTH:
      result.value = i2d_SSL_SESSION(session, nullptr);
      return Done::kYes;
    case LASTREF_OP_I2D:
      return encode(call, result) ? Done::kYes : Done::kFailed;
    case LASTREF_OP_I2D_ALLOCATE:
      return encode_allocating(call, result) ? Done::kYes : Done::kFailed;
    case LASTREF_OP_D2I:
    case LASTREF_OP_D2I_FRESH:
    case LASTREF_OP_D2I_INTO:
      decode(call, result);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

}  // namespace lastref::family
