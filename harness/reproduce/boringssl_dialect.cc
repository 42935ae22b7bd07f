#include "harness/reproduce/dialect.h"

namespace lastref {
namespace {

constexpr std::string_view kWatch = R"C(
/* BoringSSL calls this for a session that is destroyed, if it has data: see know(). */
static void on_destruction(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int index, long argl,
                           void *argp) {
  (void)parent;
  (void)ad;
  (void)index;
  (void)argl;
  (void)argp;
  died(ptr);
}
)C";

constexpr std::string_view kNewSession = R"C(
/* A session that can be encoded, which needs a cipher. There is no setter: it comes out of the
   smallest encoding. */
static SSL_SESSION *new_session(void) {
  static const unsigned char blank[] = {
      0x30, 0x19,                    /* SEQUENCE */
      0x02, 0x01, 0x01,              /* the structure's version */
      0x02, 0x02, 0x03, 0x03,        /* TLS 1.2 */
      0x04, 0x02, 0xc0, 0x2f,        /* ECDHE-RSA-AES128-GCM-SHA256 */
      0x04, 0x00, 0x04, 0x00,        /* session id, master key */
      0xa1, 0x03, 0x02, 0x01, 0x00,  /* time */
      0xa2, 0x03, 0x02, 0x01, 0x00,  /* timeout */
  };
  SSL_SESSION *s = SSL_SESSION_from_bytes(blank, sizeof blank, any_context);
  SSL_SESSION_set_time(s, (uint64_t)time(NULL));
  SSL_SESSION_set_timeout(s, SSL_DEFAULT_SESSION_TIMEOUT);
  return s;
}
)C";

constexpr std::string_view kNewWithId = R"C(
static SSL_SESSION *new_with_id(const unsigned char *id, size_t length) {
@new_session   SSL_SESSION *s = new_session();
@plain_session   SSL_SESSION *s = SSL_SESSION_new(any_context);
  if (SSL_SESSION_set1_id(s, id, length) == 1) return s;
  SSL_SESSION_free(s);
  return NULL;
}
)C";

constexpr std::string_view kClock = R"C(
/* The library's clock: SSL_CTX_set_current_time_cb() of openssl/ssl.h, and for new sessions the C
   library's function, of which this takes the place. */
static time_t now = 1000000000;
time_t time(time_t *seconds) {
  if (seconds != NULL) *seconds = now;
  return now;
}
static void tell_time(const SSL *ssl, struct timeval *moment) {
  (void)ssl;
  moment->tv_sec = now;
  moment->tv_usec = 0;
}
)C";

constexpr std::string_view kAllocator = R"C(
/* BoringSSL takes these in place of malloc() where a program defines them: crypto/mem.c. */
void *OPENSSL_memory_alloc(size_t size) { return fails() ? NULL : malloc(size); }
void OPENSSL_memory_free(void *block) { free_block(block); }
size_t OPENSSL_memory_get_size(void *block) { return malloc_usable_size(block); }
)C";

constexpr Spelling kSpellings[] = {
    {Op::SESSION_NEW, "SSL_SESSION_new(any_context)"},
    {Op::SET_TIME, "SSL_SESSION_set_time($0, (uint64_t)$1)"},
    {Op::SET_TIMEOUT, "SSL_SESSION_set_timeout($0, (uint32_t)$1)"},
    {Op::SET_DEFAULT_TIMEOUT, "SSL_CTX_set_timeout($0, (uint32_t)$1)"},
    {Op::CACHE_FLUSH, "SSL_CTX_flush_sessions($0, (uint64_t)$1)"},
    {Op::SET_VERSION, "SSL_SESSION_set_protocol_version($0, $1)"},
    {Op::SET_TICKET_KEY, "SSL_CTX_set_tlsext_ticket_keys($0, $*1, 48)"},
};

}  // namespace

const Dialect kBoringSslDialect = {
    .name = "boringssl",
    .flags = "-I/usr/include/android",
    .libraries =
        "-L/usr/lib/$(gcc -print-multiarch)/android "
        "-Wl,-rpath,/usr/lib/$(gcc -print-multiarch)/android -lssl -lcrypto",
    .includes = R"(@handshake #include <openssl/err.h>
#include <openssl/mem.h>
#include <openssl/ssl.h>
)",
    .cache_modes =
        "off client server both no_auto_clear no_internal_lookup no_internal_store "
        "no_internal",
    .spellings = kSpellings,
    .feature = "withholds_tickets",
    .watch = kWatch,
    .new_session = kNewSession,
    .new_with_id = kNewWithId,
    .clock = kClock,
    .handshake = kFamilyHandshake,
    .allocator = kAllocator,
    .variables = "@deaths static int watch_index;\n",
    .start =
        R"(@deaths   watch_index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, on_destruction);
@any_context   any_context = SSL_CTX_new(TLS_method());
@any_context+clock   SSL_CTX_set_current_time_cb(any_context, tell_time);
@handshake   make_credentials();
)",
    .tag = "@deaths   if (s != NULL) SSL_SESSION_set_ex_data(s, watch_index, s);\n",
    .ex_index = "  ex_index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, NULL);\n",
    .context =
        "@clock   SSL_CTX_set_current_time_cb($0, tell_time);\n"
        "@handshake   use_credentials($0);\n",
};

}  // namespace lastref
