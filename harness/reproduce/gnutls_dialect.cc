#include "harness/reproduce/dialect.h"

namespace lastref {
namespace {

constexpr std::string_view kGetters = R"C(
@get_id
@get_id static const void *get_id(const struct session *s, size_t *length) {
@get_id   *length = s->id_size;
@get_id   return s->id;
@get_id }
)C";

constexpr std::string_view kObjects = R"C(
@session
@session /* Of a session GnuTLS shows nothing but its data: what an application keeps of one are these, and
@session    the id that the connection said. */
@session struct session {
@session   gnutls_datum_t data;
@session   unsigned char id[GNUTLS_MAX_SESSION_ID_SIZE];
@session   size_t id_size;
@session };
@fn_new_session
@fn_new_session static struct session *new_session(void) { return calloc(1, sizeof(struct session)); }
@fn_free_session
@fn_free_session static void free_session(struct session *s) {
@fn_free_session   if (s == NULL) return;
@fn_free_session+deaths   died(s);
@fn_free_session   gnutls_free(s->data.data);
@fn_free_session   free(s);
@fn_free_session }
@context
@context /* Nor has GnuTLS contexts: a context is the application's database of a server's sessions, and what
@context    its connections are set up to. */
@context struct entry {
@context   struct entry *next;
@context   gnutls_datum_t key;
@context   gnutls_datum_t data;
@context };
@context struct context {
@context   struct entry *entries;
@context   int timeout;
@context   int tickets;
@context   int tls13;
@context   gnutls_datum_t ticket_key;
@context   int references; /* the application's, and one of each connection */
@context };
@context
@context static struct context *new_context(void) {
@context   struct context *c = calloc(1, sizeof *c);
@context   c->timeout = (int)gnutls_db_get_default_cache_expiration();
@context   c->tickets = 1;
@context   c->references = 1;
@context   return c;
@context }
@context
@context static void free_entry(struct entry *e) {
@context   gnutls_free(e->key.data);
@context   gnutls_free(e->data.data);
@context   free(e);
@context }
@context
@context static void free_context(struct context *c) {
@context   if (--c->references > 0) return;
@context   while (c->entries != NULL) {
@context     struct entry *first = c->entries;
@context     c->entries = first->next;
@context     free_entry(first);
@context   }
@context   gnutls_free(c->ticket_key.data);
@context   free(c);
@context }
@fn_count_entries
@fn_count_entries static int count_entries(const struct context *c) {
@fn_count_entries   const struct entry *e;
@fn_count_entries   int count = 0;
@fn_count_entries   for (e = c->entries; e != NULL; e = e->next) ++count;
@fn_count_entries   return count;
@fn_count_entries }
@fn_set_timeout
@fn_set_timeout /* As gnutls_db_set_cache_expiration() has it, 7 days at most. The old one is returned. */
@fn_set_timeout static int set_timeout(struct context *c, long seconds) {
@fn_set_timeout   const int old = c->timeout;
@fn_set_timeout   c->timeout = seconds > 604800 ? 604800 : (int)seconds;
@fn_set_timeout   return old;
@fn_set_timeout }
@fn_set_protocol
@fn_set_protocol static int set_protocol(struct context *c, int highest) {
@fn_set_protocol   c->tls13 = highest == 0x0304;
@fn_set_protocol   return 1;
@fn_set_protocol }
)C";

constexpr std::string_view kClock = R"C(
/* The library's clock: these take the place of the C library's functions, for the library too. */
static time_t now = 1000000000;
time_t time(time_t *seconds) {
  if (seconds != NULL) *seconds = now;
  return now;
}
int clock_gettime(int clock, struct timespec *moment);
int clock_gettime(int clock, struct timespec *moment) {
  (void)clock;
  moment->tv_sec = now;
  moment->tv_nsec = 0;
  return 0;
}
)C";

constexpr Spelling kSpellings[] = {
    {Op::GET_TIME, "gnutls_db_check_entry_time(&$0->data)"},
    {Op::SET_DEFAULT_TIMEOUT, "set_timeout($0, $1)"},
    {Op::GET_DEFAULT_TIMEOUT, "$0->timeout"},
    {Op::SET_PROTOCOL, "set_protocol($0, $1)"},
    {Op::SET_TICKETS, "$0->tickets = $1"},
    {Op::REMOVE_OWN, "remove_own($0)"},
};

}  // namespace

const Dialect kGnuTlsDialect = {
    .name = "gnutls",
    .libraries = "-lgnutls",
    .includes = R"(@connection #include <errno.h>
@connection+!clock #include <time.h>
#include <gnutls/gnutls.h>
@connection #include <gnutls/x509.h>
)",
    .spellings = kSpellings,
    .shared_spellings = kOwnObjectSpellings,
    .feature = "zeroed_blocks",
    .clock = kClock,
    .handshake = kGnuTlsHandshake,
    .allocator = kPlainAllocator,
    .start = R"(@faults   gnutls_malloc = allocate;
@faults   gnutls_calloc = allocate_zeroed;
@faults   gnutls_realloc = reallocate;
@faults   gnutls_free = free_block;
@connection   make_credentials();
)",
    .session_type = "struct session",
    .context_type = "struct context",
    .connection_type = "struct connection",
    .getters = kGetters,
    .objects = kObjects,
    .transport = kWire,
    .connections = kGnuTlsConnections,
};

}  // namespace lastref
