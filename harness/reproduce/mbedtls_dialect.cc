#include "harness/reproduce/dialect.h"

namespace lastref {
namespace {

constexpr std::string_view kGetters = R"C(
@get_id
@get_id static const void *get_id(const mbedtls_ssl_session *s, size_t *length) {
@get_id   *length = s->id_len < sizeof s->id ? s->id_len : sizeof s->id;
@get_id   return s->id;
@get_id }
@get_ticket
@get_ticket static const void *get_ticket(const mbedtls_ssl_session *s, size_t *length) {
@get_ticket   *length = s->ticket_len;
@get_ticket   return s->ticket;
@get_ticket }
)C";

constexpr std::string_view kObjects = R"C(
@session
@session static mbedtls_ssl_session *new_session(void) {
@session   mbedtls_ssl_session *s = malloc(sizeof *s);
@session   mbedtls_ssl_session_init(s);
@session   return s;
@session }
@fn_free_session
@fn_free_session static void free_session(mbedtls_ssl_session *s) {
@fn_free_session   if (s == NULL) return;
@fn_free_session+deaths   died(s);
@fn_free_session   mbedtls_ssl_session_free(s);
@fn_free_session   free(s);
@fn_free_session }
@encoder
@encoder /* Its length; with an output, which moves behind what is written there. */
@encoder static long encode(const mbedtls_ssl_session *s, unsigned char **out) {
@encoder   static unsigned char bytes[16384];
@encoder   size_t length = 0;
@encoder   if (mbedtls_ssl_session_save(s, bytes, sizeof bytes, &length) != 0) return -1;
@encoder   if (out != NULL) memcpy(*out, bytes, length);
@encoder   if (out != NULL) *out += length;
@encoder   return (long)length;
@encoder }
@decoder
@decoder /* Into the session that is there, if any, or a new one. NULL when the bytes are refused. */
@decoder static mbedtls_ssl_session *decode(mbedtls_ssl_session **into, const unsigned char **bytes,
@decoder                                    long length) {
@decoder   mbedtls_ssl_session *s = into != NULL ? *into : NULL;
@decoder   const int is_new = s == NULL;
@decoder   if (is_new) s = new_session();
@decoder   if (mbedtls_ssl_session_load(s, *bytes, (size_t)length) != 0) {
@decoder     if (is_new) {
@decoder       mbedtls_ssl_session_free(s);
@decoder       free(s);
@decoder     }
@decoder     return NULL;
@decoder   }
@decoder   if (into != NULL) *into = s;
@decoder   return s;
@decoder }
@fn_dup_session
@fn_dup_session /* By its encoding. */
@fn_dup_session static mbedtls_ssl_session *dup_session(const mbedtls_ssl_session *s) {
@fn_dup_session   unsigned char bytes[16384];
@fn_dup_session   unsigned char *out = bytes;
@fn_dup_session   const unsigned char *in = bytes;
@fn_dup_session   return decode(NULL, &in, encode(s, &out));
@fn_dup_session }
@fn_set_id
@fn_set_id static int set_id(mbedtls_ssl_session *s, const unsigned char *id, size_t length) {
@fn_set_id   if (length > sizeof s->id) return 0;
@fn_set_id   memset(s->id, 0, sizeof s->id);
@fn_set_id   memcpy(s->id, id, length);
@fn_set_id   s->id_len = length;
@fn_set_id   return 1;
@fn_set_id }
@fn_set_time
@fn_set_time static int set_time(mbedtls_ssl_session *s, long time) {
@fn_set_time   s->start = time;
@fn_set_time   return 1;
@fn_set_time }
@fn_set_ticket
@fn_set_ticket static int set_ticket(mbedtls_ssl_session *s, const unsigned char *ticket, size_t length) {
@fn_set_ticket   unsigned char *const copy = length == 0 ? NULL : malloc(length);
@fn_set_ticket   if (length > 0) memcpy(copy, ticket, length);
@fn_set_ticket   free(s->ticket);
@fn_set_ticket   s->ticket = copy;
@fn_set_ticket   s->ticket_len = length;
@fn_set_ticket   return 1;
@fn_set_ticket }
@context
@context /* A cache, and what connections are set up to, which begins with the first of them. */
@context struct context {
@context   mbedtls_ssl_cache_context cache;
@context   int no_tickets;
@context   int references; /* the application's, and one of each connection */
@connection   int configured;
@connection   int refuses; /* a client's wish for a name */
@connection   mbedtls_ssl_config client;
@connection   mbedtls_ssl_config server;
@connection   mbedtls_ssl_ticket_context keys;
@context };
@context
@context static struct context *new_context(void) {
@context   struct context *c = calloc(1, sizeof *c);
@context   mbedtls_ssl_cache_init(&c->cache);
@context   c->references = 1;
@context   return c;
@context }
@context
@context static void free_context(struct context *c) {
@context   if (--c->references > 0) return;
@context+connection   if (c->configured) {
@context+connection     mbedtls_ssl_config_free(&c->client);
@context+connection     mbedtls_ssl_config_free(&c->server);
@context+connection     mbedtls_ssl_ticket_free(&c->keys);
@context+connection   }
@context   mbedtls_ssl_cache_free(&c->cache);
@context   free(c);
@context }
@fn_set_tickets
@fn_set_tickets+connection static void use_tickets(struct context *c);
@fn_set_tickets static void set_tickets(struct context *c, int on) {
@fn_set_tickets   c->no_tickets = !on;
@fn_set_tickets+connection   if (c->configured) use_tickets(c);
@fn_set_tickets }
@fn_count_entries
@fn_count_entries static int count_entries(const struct context *c) {
@fn_count_entries   const mbedtls_ssl_cache_entry *e;
@fn_count_entries   int count = 0;
@fn_count_entries   for (e = c->cache.chain; e != NULL; e = e->next) ++count;
@fn_count_entries   return count;
@fn_count_entries }
@numbers_of_cache
@numbers_of_cache /* Sizes and timeouts are int: the largest stands for all that is larger. */
@numbers_of_cache static long from_int(int value) { return value == INT_MAX ? LONG_MAX : value; }
@numbers_of_cache_set static int to_int(long value) { return value > INT_MAX ? INT_MAX : (int)value; }
@fn_set_cache_size
@fn_set_cache_size /* The old one is returned. */
@fn_set_cache_size static long set_cache_size(struct context *c, long size) {
@fn_set_cache_size   const int old = c->cache.max_entries;
@fn_set_cache_size   mbedtls_ssl_cache_set_max_entries(&c->cache, to_int(size));
@fn_set_cache_size   return from_int(old);
@fn_set_cache_size }
@fn_set_timeout
@fn_set_timeout static long set_timeout(struct context *c, long seconds) {
@fn_set_timeout   const int old = c->cache.timeout;
@fn_set_timeout   mbedtls_ssl_cache_set_timeout(&c->cache, to_int(seconds));
@fn_set_timeout   return from_int(old);
@fn_set_timeout }
)C";

constexpr Spelling kSpellings[] = {
    {Op::SESSION_DUP, "dup_session($0)"},
    {Op::SET_ID, "set_id($0, $1)"},
    {Op::SET_TIME, "set_time($0, $1)"},
    {Op::SET_TICKET, "set_ticket($0, $1)"},
    {Op::GET_TIME, "$0->start"},
    {Op::HAS_TICKET, "$0->ticket != NULL"},
    {Op::I2D_LENGTH, "encode($0, NULL)"},
    {Op::SET_CACHE_SIZE, "set_cache_size($0, $1)"},
    {Op::SET_DEFAULT_TIMEOUT, "set_timeout($0, $1)"},
    {Op::GET_CACHE_SIZE, "from_int($0->cache.max_entries)"},
    {Op::GET_DEFAULT_TIMEOUT, "from_int($0->cache.timeout)"},
    {Op::CACHE_ADD, "mbedtls_ssl_cache_set(&$0->cache, $1) == 0"},
    {Op::CACHE_LOOKUP, "mbedtls_ssl_cache_get(&$0->cache, $1) == 0"},
    {Op::SET_TICKETS, "set_tickets($0, $1)"},
};

}  // namespace

const Dialect kMbedTlsDialect = {
    .name = "mbedtls",
    .libraries = "-lmbedtls -lmbedx509 -lmbedcrypto",
    .includes = R"(#include <limits.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
@connection #include <mbedtls/pk.h>
@connection #include <mbedtls/rsa.h>
@connection #include <mbedtls/ssl_ticket.h>
@connection #include <mbedtls/x509_crt.h>
)",
    .spellings = kSpellings,
    .shared_spellings = kOwnObjectSpellings,
    .clock = kFamilyClock,
    .handshake = kMbedTlsHandshake,
    .start = "@connection   make_credentials();\n",
    .session_type = "mbedtls_ssl_session",
    .context_type = "struct context",
    .connection_type = "struct connection",
    .encoder = "encode",
    .decoder = "decode",
    .getters = kGetters,
    .objects = kObjects,
    .transport = kWire,
    .connections = kMbedTlsConnections,
};

}  // namespace lastref
