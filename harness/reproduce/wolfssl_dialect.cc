#include "harness/reproduce/dialect.h"

namespace lastref {
namespace {

constexpr std::string_view kWatch = R"C(
/* wolfSSL never calls the free function of a session's ex_data. But it tells who asks for its
   memory, and a session is a block of its own. */
static void on_release(void *block) {
  died(block);
@faults   free_block(block);
@!faults   free(block);
}
)C";

constexpr std::string_view kNewWithId = R"C(
/* There is no setter of an id that works: it goes in through the encoding, in which it stands behind
   the side, the time, the timeout and its own length. */
static SSL_SESSION *new_with_id(const unsigned char *id, int length) {
  unsigned char fresh[256];
  unsigned char bytes[256];
  unsigned char *out = fresh;
  const unsigned char *in = bytes;
  SSL_SESSION *s = SSL_SESSION_new();
  const int size = i2d_SSL_SESSION(s, &out);
  SSL_SESSION_free(s);
  if (length > 32) return NULL;
  memcpy(bytes, fresh, 9);
  bytes[9] = (unsigned char)length;
  memcpy(bytes + 10, id, (size_t)length);
  memcpy(bytes + 10 + length, fresh + 10, (size_t)size - 10);
  return d2i_SSL_SESSION(NULL, &in, size + length);
}
)C";

constexpr std::string_view kSettings = R"C(
@ticket_keys
@ticket_keys /* As the library takes them: a name, two keys, and when each of them expires: never. */
@ticket_keys static int set_ticket_keys(SSL_CTX *context, const unsigned char *secrets) {
@ticket_keys   unsigned char keys[WOLFSSL_TICKET_KEYS_SZ];
@ticket_keys   memset(keys, 0xff, sizeof keys);
@ticket_keys   memcpy(keys, secrets, WOLFSSL_TICKET_NAME_SZ + 2 * WOLFSSL_TICKET_KEY_SZ);
@ticket_keys   keys[WOLFSSL_TICKET_NAME_SZ - 1] &= 0xfe; /* this bit is the library's */
@ticket_keys   return (int)SSL_CTX_set_tlsext_ticket_keys(context, keys, sizeof keys);
@ticket_keys }
@handshake
@handshake static void use_own_ticket_keys(SSL_CTX *context) {
@handshake   static unsigned char secrets[WOLFSSL_TICKET_NAME_SZ + 2 * WOLFSSL_TICKET_KEY_SZ];
@handshake   ++secrets[0];
@handshake   if (set_ticket_keys(context, secrets) != 1) abort();
@handshake }
@tickets
@tickets /* A client asks for tickets, or a server gives none. */
@tickets static void set_tickets(SSL_CTX *context, int on) {
@tickets   if (!on) {
@tickets     SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
@tickets   } else if (wolfSSL_CTX_UseSessionTicket(context) != WOLFSSL_SUCCESS) {
@tickets     abort();
@tickets   }
@tickets }
)C";

constexpr Spelling kSpellings[] = {
    // A failure is one of wolfSSL's codes below 0; the manual says 1 for success and no more.
    {Op::SET_TIMEOUT, "SSL_SESSION_set_timeout($0, $1) == 1"},
    {Op::SET_DEFAULT_TIMEOUT, "SSL_CTX_set_timeout($0, (unsigned)$1)"},
    {Op::SET_TICKETS, "set_tickets($0, $1)"},
    {Op::SET_TICKET_KEY, "set_ticket_keys($0, $*1)"},
};

}  // namespace

const Dialect kWolfSslDialect = {
    .name = "wolfssl",
    .libraries = "-lwolfssl",
    .includes = R"(#include <wolfssl/options.h>
#include <wolfssl/openssl/ssl.h>
)",
    .cache_modes = "off client server both no_internal_lookup no_internal_store no_internal",
    .spellings = kSpellings,
    .watch = kWatch,
    .new_with_id = kNewWithId,
    .clock = kFamilyClock,
    .handshake = kFamilyHandshake,
    .allocator = kPlainAllocator,
    .variables = kSettings,
    .start = R"(@deaths+!faults   wolfSSL_SetAllocators(malloc, on_release, realloc);
@deaths+faults   wolfSSL_SetAllocators(allocate, on_release, reallocate);
@!deaths+faults   wolfSSL_SetAllocators(allocate, free_block, reallocate);
  wolfSSL_Init();
@handshake   make_credentials();
)",
    .ex_index =
        R"(  SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, NULL); /* the library's own */
  ex_index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, NULL);
)",
    .context =
        R"(@handshake   SSL_CTX_set_max_proto_version($0, TLS1_2_VERSION); /* until it is told otherwise */
@handshake   use_own_ticket_keys($0);
@handshake   use_credentials($0);
)",
};

}  // namespace lastref
