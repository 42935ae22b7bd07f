// What contexts say of the handshakes of their connections, and how that is taken back.
#include <cstring>

#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

// As long as the longest that a library takes.
constexpr std::size_t kLongestTicketKeys = 80;

long ticket_keys_length(SSL_CTX* context) {
  return SSL_CTX_get_tlsext_ticket_keys(context, nullptr, 0);
}

bool set_ticket_keys(SSL_CTX* context, const unsigned char* keys) {
  unsigned char copy[kLongestTicketKeys];
  const long length = ticket_keys_length(context);
  if (length <= 0 || static_cast<std::size_t>(length) > sizeof copy) return false;
  std::memcpy(copy, keys, static_cast<std::size_t>(length));
  return SSL_CTX_set_tlsext_ticket_keys(context, copy, length) == 1;
}

}  // namespace

bool use_own_ticket_keys(SSL_CTX* context) {
  static std::uint64_t contexts = 0;
  ++contexts;
  unsigned char keys[kLongestTicketKeys] = {};
  std::memcpy(keys, &contexts, sizeof contexts);
  return set_ticket_keys(context, keys);
}

Done perform_settings(const lastref_call& call, lastref_result& result) {
  auto* context = static_cast<SSL_CTX*>(call.context);
  switch (call.operation) {
    case LASTREF_OP_SET_PROTOCOL:
      result.value = SSL_CTX_set_max_proto_version(context, static_cast<std::uint16_t>(call.value));
      return Done::kYes;
    case LASTREF_OP_SET_TICKETS:
      if (call.value != 0) {
        SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
      } else {
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
      }
      return Done::kYes;
    case LASTREF_OP_SET_TICKET_KEY:
      result.value = set_ticket_keys(context, call.bytes) ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_ON_SERVERNAME:
      watch_servername(context, call.value != 0);
      return Done::kYes;
    case LASTREF_OP_SET_SID_CONTEXT:
      result.value =
          SSL_CTX_set_session_id_context(context, call.bytes, static_cast<unsigned>(call.length));
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

bool reset_settings(SSL_CTX* context) {
  const unsigned char nothing = 0;
  SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
  watch_servername(context, false);
  return SSL_CTX_set_max_proto_version(context, 0) == 1 &&
         SSL_CTX_set_session_id_context(context, &nothing, 0) == 1 && use_own_ticket_keys(context);
}

}  // namespace lastref::family
