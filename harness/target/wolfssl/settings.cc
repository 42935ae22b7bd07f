// What contexts of wolfSSL say of the handshakes of their connections, and how that is taken back.
#include "harness/target/wolfssl/settings.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace lastref::wolfssl {
namespace {

using family::Done;

// The keys of a context as the library takes them: a name, two keys, and for each the second in
// which it expires. The last bit of the name is the library's: it says which key a ticket has.
constexpr std::size_t kSecrets = WOLFSSL_TICKET_NAME_SZ + 2 * WOLFSSL_TICKET_KEY_SZ;
using Keys = std::array<unsigned char, WOLFSSL_TICKET_KEYS_SZ>;
static_assert(sizeof(Keys) == kSecrets + 2 * sizeof(std::uint32_t));

// As long as the keys of a program.
static_assert(kSecrets == 80);

// The library replaces a key that expires by one of its own. Ours never do: what a ticket is worth
// is to follow from the program, and not from how old its context is.
bool set_ticket_keys(SSL_CTX* context, const unsigned char* secrets) {
  Keys keys;
  keys.fill(0xff);
  std::memcpy(keys.data(), secrets, kSecrets);
  keys[WOLFSSL_TICKET_NAME_SZ - 1] &= 0xfeU;
  return SSL_CTX_set_tlsext_ticket_keys(context, keys.data(), static_cast<int>(keys.size())) == 1;
}

bool use_own_ticket_keys(SSL_CTX* context) {
  static std::uint64_t contexts = 0;
  ++contexts;
  std::array<unsigned char, kSecrets> secrets{};
  std::memcpy(secrets.data(), &contexts, sizeof contexts);
  return set_ticket_keys(context, secrets.data());
}

// Under which a context remembers that it was told of tickets, which cannot be taken back.
int tickets_index() {
  static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return kIndex;
}

// A client asks for tickets, or a server gives none.
bool set_tickets(SSL_CTX* context, bool on) {
  SSL_CTX_set_ex_data(context, tickets_index(), context);
  if (on) return wolfSSL_CTX_UseSessionTicket(context) == WOLFSSL_SUCCESS;
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  return true;
}

}  // namespace

Done perform_settings(const lastref_call& call, lastref_result& result) {
  auto* const context = static_cast<SSL_CTX*>(call.context);
  switch (call.operation) {
    case LASTREF_OP_SET_PROTOCOL:
      result.value = SSL_CTX_set_max_proto_version(context, static_cast<int>(call.value));
      return Done::kYes;
    case LASTREF_OP_SET_TICKETS:
      return set_tickets(context, call.value != 0) ? Done::kYes : Done::kFailed;
    case LASTREF_OP_SET_TICKET_KEY:
      result.value = set_ticket_keys(context, call.bytes) ? 1 : 0;
      return Done::kYes;
    case LASTREF_OP_ON_SERVERNAME:
      family::watch_servername(context, call.value != 0);
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
  family::watch_servername(context, false);
  SSL_CTX_set_timeout(context, 0);  // the default, also of how long tickets are said to be good
  return SSL_CTX_get_ex_data(context, tickets_index()) == nullptr &&
         SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_session_id_context(context, &nothing, 0) == 1 && use_own_ticket_keys(context);
}

}  // namespace lastref::wolfssl
