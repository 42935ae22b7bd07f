#include "harness/reproduce/dialect.h"

namespace lastref {
namespace {

constexpr std::string_view kWatch = R"C(
/* Called for every session that is destroyed: CRYPTO_get_ex_new_index(3). */
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

constexpr std::string_view kNewWithId = R"C(
static SSL_SESSION *new_with_id(const unsigned char *id, unsigned length) {
  SSL_SESSION *s = SSL_SESSION_new();
  if (SSL_SESSION_set1_id(s, id, length) == 1) return s;
  SSL_SESSION_free(s);
  return NULL;
}
)C";

constexpr std::string_view kCrowdFunction = R"C(
static int told, destroyed;
static void on_removal(SSL_CTX *ctx, SSL_SESSION *s) {
  (void)ctx;
  (void)s;
  if (destroyed == 0) ++told;
}
static void count_destruction(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl,
                              void *argp) {
  (void)parent;
  (void)ptr;
  (void)ad;
  (void)idx;
  (void)argl;
  (void)argp;
  ++destroyed;
}

/* Sessions into a cache of their own, and out by one flush: how many were told of before the first of
   them was destroyed. */
static int crowd(void) {
  static int index = -1;
  SSL_CTX *ctx = SSL_CTX_new(TLS_method());
  unsigned char id;
  if (index < 0) index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, count_destruction);
  SSL_CTX_sess_set_remove_cb(ctx, on_removal);
  for (id = 0; id < 70; ++id) {
    SSL_SESSION *s = SSL_SESSION_new();
    SSL_SESSION_set1_id(s, &id, 1);
    SSL_CTX_add_session(ctx, s);
    SSL_SESSION_free(s);
  }
  told = destroyed = 0;
  SSL_CTX_flush_sessions(ctx, 0);
  id = (unsigned char)SSL_CTX_sess_number(ctx);
  SSL_CTX_free(ctx);
  return id == 0 ? told : -id;
}
)C";

constexpr std::string_view kClock = R"C(
/* The library's clock: this takes the place of the C library's function, for the library too. */
static time_t now = 1000000000;
time_t time(time_t *seconds) {
  if (seconds != NULL) *seconds = now;
  return now;
}
)C";

constexpr std::string_view kHandshake = R"C(
/* No context opens the tickets of another one. */
static void use_own_ticket_key(SSL_CTX *context) {
  static unsigned char key[LR_TICKET_KEY_LENGTH];
  ++key[0];
  lr_CTX_set_ticket_key(context, key, sizeof key);
}

@flights
@flights /* Of a flight that comes damaged, the point at which the handshake ends; a flight has no bytes,
@flights    and counts for one. */
@flights static int point_of_damage(int stop) {
@flights   static const int flights[] = {4, 1, 2, 3, 1, 2}; /* until each point */
@flights   const int changes = damage == FLIP || damage == INVERT;
@flights   if (damaged_flight == 0 || damaged_flight > flights[stop] || !changes || damage_at != 1) {
@flights     return stop;
@flights   }
@flights   return LR_HANDSHAKE_DAMAGED_CLIENT_HELLO + damaged_flight - 1;
@flights }

/* A handshake of the two: 0 when it is not complete, 1 when it is, 2 when the client has resumed its
   session. */
@stop static int handshake(SSL *client, SSL *server, int stop) {
@!stop static int handshake(SSL *client, SSL *server) {
@!stop   const int stop = LR_HANDSHAKE_COMPLETE;
@flights   if (lr_handshake(client, server, point_of_damage(stop)) != 1) return 0;
@!flights   if (lr_handshake(client, server, stop) != 1) return 0;
  return SSL_session_reused(client) ? 2 : 1;
}
)C";

constexpr Spelling kSpellings[] = {
    {Op::SET_TICKET, "lr_SESSION_set1_ticket($0, $1)"},
    {Op::SET_TICKET_KEY, "lr_CTX_set_ticket_key($0, $*1, LR_TICKET_KEY_LENGTH)"},
};

}  // namespace

const Dialect kReferenceDialect = {
    .name = "reference",
    .flags = "-Ilib/session/include/lastref/compat",
    .libraries = "build/release/lib/session/liblastref_session_bare.a -lstdc++ -lpthread",
    .includes = R"(#include <openssl/ssl.h>
)",
    .cache_modes =
        "off client server both no_auto_clear no_internal_lookup no_internal_store "
        "no_internal update_time",
    .spellings = kSpellings,
    .feature = "own_flights",
    .watch = kWatch,
    .new_with_id = kNewWithId,
    .crowd = kCrowdFunction,
    .clock = kClock,
    .handshake = kHandshake,
    .allocator = kPlainAllocator,
    .start = R"(@faults   lr_set_mem_functions(allocate, reallocate, free_block);
@deaths   SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, on_destruction);
)",
    .ex_index = "  ex_index = SSL_SESSION_get_ex_new_index(0, NULL, NULL, NULL, NULL);\n",
    .context = "@handshake   use_own_ticket_key($0);\n",
};

}  // namespace lastref
