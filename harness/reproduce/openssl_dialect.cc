#include "harness/reproduce/dialect.h"

namespace lastref {
namespace {

// OpenSSL calls the free function for every session that it destroys.
constexpr std::string_view kWatch = R"C(
/* OpenSSL calls this for every session that it destroys: CRYPTO_get_ex_new_index(3). */
static void on_destruction(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl,
                           void *argp) {
  (void)ptr;
  (void)ad;
  (void)idx;
  (void)argl;
  (void)argp;
  died(parent);
}
)C";

constexpr std::string_view kNewSession = R"C(
/* A session that can be encoded: a handshake would have given it a cipher and a version. */
static SSL_SESSION *new_session(void) {
  static const unsigned char ecdhe_rsa_aes128_gcm_sha256[] = {0xC0, 0x2F};
  SSL_CTX *any_context = SSL_CTX_new(TLS_method());
  SSL *any = SSL_new(any_context);
  SSL_SESSION *s = SSL_SESSION_new();
  SSL_SESSION_set_cipher(s, SSL_CIPHER_find(any, ecdhe_rsa_aes128_gcm_sha256));
  SSL_SESSION_set_protocol_version(s, TLS1_2_VERSION);
  SSL_free(any);
  SSL_CTX_free(any_context);
  return s;
}
)C";

constexpr std::string_view kNewWithId = R"C(
static SSL_SESSION *new_with_id(const unsigned char *id, unsigned length) {
@new_session   SSL_SESSION *s = new_session();
@plain_session   SSL_SESSION *s = SSL_SESSION_new();
  if (SSL_SESSION_set1_id(s, id, length) == 1) return s;
  SSL_SESSION_free(s);
  return NULL;
}
)C";

constexpr std::string_view kAllocator = R"C(
static void *allocate(size_t size, const char *file, int line) {
  (void)file;
  (void)line;
  return fails() ? NULL : malloc(size);
}
static void *reallocate(void *block, size_t size, const char *file, int line) {
  (void)file;
  (void)line;
  if (block != NULL && size == 0) {
    free_block(block);
    return NULL;
  }
  return fails() ? NULL : realloc(block, size);
}
static void release(void *block, const char *file, int line) {
  (void)file;
  (void)line;
  free_block(block);
}
)C";

constexpr Spelling kSpellings[] = {
    {Op::SET_TICKET_KEY, "SSL_CTX_set_tlsext_ticket_keys($0, $*1, 80)"},
};

}  // namespace

const Dialect kOpenSslDialect = {
    .name = "openssl",
    .libraries = "-lssl -lcrypto",
    .includes = R"(@faults #include <openssl/crypto.h>
@handshake #include <openssl/err.h>
#include <openssl/ssl.h>
)",
    .cache_modes =
        "off client server both no_auto_clear no_internal_lookup no_internal_store "
        "no_internal update_time",
    .spellings = kSpellings,
    .watch = kWatch,
    .new_session = kNewSession,
    .new_with_id = kNewWithId,
    .clock = kFamilyClock,
    .handshake = kFamilyHandshake,
    .allocator = kAllocator,
    .start = R"(@faults   CRYPTO_set_mem_functions(allocate, reallocate, release);
@deaths   SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, on_destruction);
@handshake   make_credentials();
)",
    .ex_index = "  ex_index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, NULL);\n",
    .context = "@handshake   use_credentials($0);\n",
};

}  // namespace lastref
