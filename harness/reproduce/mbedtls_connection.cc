// Connections of mbed TLS in a C program: as the adapter's own
// (harness/target/mbedtls/connection.cc).
#include "harness/reproduce/dialect.h"

namespace lastref {

const std::string_view kMbedTlsConnections = R"C(
/* The server's key and certificate, made at start. */
static mbedtls_pk_context key;
static mbedtls_x509_crt certificate;

static int random_bytes(void *unused, unsigned char *bytes, size_t size) {
  static FILE *source;
  (void)unused;
  if (source == NULL) source = fopen("/dev/urandom", "rb");
  return source != NULL && fread(bytes, 1, size, source) == size ? 0 : -1;
}

static void make_credentials(void) {
  unsigned char bytes[2048];
  mbedtls_x509write_cert draft;
  mbedtls_mpi serial;
  int size;
  mbedtls_pk_init(&key);
  mbedtls_pk_setup(&key, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA));
  mbedtls_rsa_gen_key(mbedtls_pk_rsa(key), random_bytes, NULL, 1024, 65537);
  mbedtls_x509_crt_init(&certificate);
  mbedtls_x509write_crt_init(&draft);
  mbedtls_mpi_init(&serial);
  mbedtls_mpi_lset(&serial, 1);
  mbedtls_x509write_crt_set_version(&draft, MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(&draft, MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(&draft, &key);
  mbedtls_x509write_crt_set_issuer_key(&draft, &key);
  mbedtls_x509write_crt_set_subject_name(&draft, "CN=server");
  mbedtls_x509write_crt_set_issuer_name(&draft, "CN=server");
  mbedtls_x509write_crt_set_serial(&draft, &serial);
  mbedtls_x509write_crt_set_validity(&draft, "20010101000000", "20991231235959");
  size = mbedtls_x509write_crt_der(&draft, bytes, sizeof bytes, random_bytes, NULL);
  if (size <= 0) abort();
  /* It is written to the end. */
  mbedtls_x509_crt_parse_der(&certificate, bytes + sizeof bytes - size, (size_t)size);
  mbedtls_mpi_free(&serial);
  mbedtls_x509write_crt_free(&draft);
}

static void use_tickets(struct context *c) {
  mbedtls_ssl_conf_session_tickets(&c->client, c->no_tickets
                                                   ? MBEDTLS_SSL_SESSION_TICKETS_DISABLED
                                                   : MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
  mbedtls_ssl_conf_session_tickets_cb(&c->server, c->no_tickets ? NULL : mbedtls_ssl_ticket_write,
                                      c->no_tickets ? NULL : mbedtls_ssl_ticket_parse, &c->keys);
}

static int look_at_name(void *context, mbedtls_ssl_context *tls, const unsigned char *name,
                        size_t length) {
  (void)tls;
  (void)name;
  (void)length;
  return ((struct context *)context)->refuses ? -1 : 0;
}

static void configure_side(mbedtls_ssl_config *side, int endpoint) {
  static const int ciphersuites[] = {MBEDTLS_TLS_RSA_WITH_AES_128_GCM_SHA256, 0};
  mbedtls_ssl_config_init(side);
  mbedtls_ssl_config_defaults(side, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM,
                              MBEDTLS_SSL_PRESET_DEFAULT);
  mbedtls_ssl_conf_rng(side, random_bytes, NULL);
  mbedtls_ssl_conf_ciphersuites(side, ciphersuites);
  mbedtls_ssl_conf_authmode(side, MBEDTLS_SSL_VERIFY_NONE);
}

static void configure(struct context *c) {
  if (c->configured) return;
  c->configured = 1;
  configure_side(&c->client, MBEDTLS_SSL_IS_CLIENT);
  configure_side(&c->server, MBEDTLS_SSL_IS_SERVER);
  mbedtls_ssl_conf_own_cert(&c->server, &certificate, &key);
  mbedtls_ssl_ticket_init(&c->keys);
  mbedtls_ssl_ticket_setup(&c->keys, random_bytes, NULL, MBEDTLS_CIPHER_AES_256_GCM,
                           MBEDTLS_SSL_CACHE_DEFAULT_TIMEOUT);
  mbedtls_ssl_conf_session_cache(&c->server, &c->cache, mbedtls_ssl_cache_get,
                                 mbedtls_ssl_cache_set);
  mbedtls_ssl_conf_sni(&c->server, look_at_name, c);
  use_tickets(c);
}

/* A connection, a client's until it serves. */
struct connection {
  mbedtls_ssl_context tls;
  struct context *context;
  struct connection *peer; /* whom it writes to */
  int serves;
  int offers;
  unsigned char offered[48]; /* the secret, by which a resumption is told */
  struct wire wire; /* what it has not read yet */
};

static int push(void *from, const unsigned char *bytes, size_t size) {
  struct connection *const peer = ((struct connection *)from)->peer;
  if (peer != NULL) put(&peer->wire, bytes, size); /* else nobody reads it */
  return (int)size;
}

static int pull(void *at, unsigned char *bytes, size_t size) {
  struct connection *const n = at;
  return n->wire.waiting == 0 ? MBEDTLS_ERR_SSL_WANT_READ : (int)take(&n->wire, bytes, size);
}

static void set_up(struct connection *n, int serves) {
  n->serves = serves;
  n->offers = 0;
  mbedtls_ssl_init(&n->tls);
  mbedtls_ssl_setup(&n->tls, serves ? &n->context->server : &n->context->client);
  mbedtls_ssl_set_bio(&n->tls, n, push, pull, NULL);
  if (!serves) mbedtls_ssl_set_hostname(&n->tls, "server");
}

static void disconnect(struct connection *n) {
  if (n->peer != NULL) n->peer->peer = NULL;
  n->peer = NULL;
  n->wire.waiting = 0;
}

static struct connection *new_connection(struct context *c) {
  struct connection *n = calloc(1, sizeof *n);
  configure(c);
  n->context = c;
  ++c->references;
  set_up(n, 0);
  return n;
}

static void free_connection(struct connection *n) {
  disconnect(n);
  mbedtls_ssl_free(&n->tls);
  free_context(n->context);
  free(n);
}
@fn_clear
@fn_clear static int clear(struct connection *n) {
@fn_clear   disconnect(n);
@fn_clear   n->offers = 0;
@fn_clear   if (!n->serves) return mbedtls_ssl_session_reset(&n->tls) == 0;
@fn_clear   mbedtls_ssl_free(&n->tls);
@fn_clear   set_up(n, 0);
@fn_clear   return 1;
@fn_clear }
@fn_set_session
@fn_set_session static int set_session(struct connection *n, const mbedtls_ssl_session *s) {
@fn_set_session   if (mbedtls_ssl_set_session(&n->tls, s) != 0) return 0;
@fn_set_session   memcpy(n->offered, s->master, sizeof n->offered);
@fn_set_session   n->offers = 1;
@fn_set_session   return 1;
@fn_set_session }
@fn_copy_session
@fn_copy_session /* mbedtls_ssl_get_session() is a client's. NULL where the connection has none to give. */
@fn_copy_session static mbedtls_ssl_session *copy_session(struct connection *n) {
@fn_copy_session   mbedtls_ssl_session *s;
@fn_copy_session   if (n->serves) {
@fn_copy_session     const mbedtls_ssl_session *own = mbedtls_ssl_get_session_pointer(&n->tls);
@fn_copy_session     unsigned char bytes[16384];
@fn_copy_session     unsigned char *out = bytes;
@fn_copy_session     const unsigned char *in = bytes;
@fn_copy_session     return own == NULL ? NULL : decode(NULL, &in, encode(own, &out));
@fn_copy_session   }
@fn_copy_session   s = new_session();
@fn_copy_session   if (mbedtls_ssl_get_session(&n->tls, s) == 0) return s;
@fn_copy_session   mbedtls_ssl_session_free(s);
@fn_copy_session   free(s);
@fn_copy_session   return NULL;
@fn_copy_session }
@fn_shut_down
@fn_shut_down static int shut_down(struct connection *n, int quiet) {
@fn_shut_down   return quiet ? 1 : mbedtls_ssl_close_notify(&n->tls);
@fn_shut_down }
)C";

const std::string_view kMbedTlsHandshake = R"C(
/* One flight: what there is to read, and what there is to say. */
static void drive(struct connection *n, int *state) {
  if (*state == MBEDTLS_ERR_SSL_WANT_READ) *state = mbedtls_ssl_handshake(&n->tls);
}

static int is_resumed(const struct connection *client) {
  const mbedtls_ssl_session *own = mbedtls_ssl_get_session_pointer(&client->tls);
  return client->offers && own != NULL &&
         memcmp(client->offered, own->master, sizeof client->offered) == 0;
}

/* A handshake of the two, flight by flight: 0 when it is not complete, 1 when it is, 2 when the
   client has resumed its session. */
@stop static int handshake(struct connection *client, struct connection *server, int stop) {
@!stop static int handshake(struct connection *client, struct connection *server) {
  int client_state = MBEDTLS_ERR_SSL_WANT_READ;
  int server_state = MBEDTLS_ERR_SSL_WANT_READ;
  disconnect(client);
  disconnect(server);
  mbedtls_ssl_free(&server->tls);
  set_up(server, 1);
  client->peer = server;
  server->peer = client;
  drive(client, &client_state);
@flights   server->wire.waiting = pass_flight(1, server->wire.bytes, server->wire.waiting);
@refused   server->context->refuses = stop == REFUSED;
  drive(server, &server_state);
@refused   server->context->refuses = 0;
@stop   if (stop == AFTER_CLIENT_HELLO) return 0;
@flights   client->wire.waiting = pass_flight(2, client->wire.bytes, client->wire.waiting);
@client_refuses   /* There is nobody whom a client that asks would trust. */
@client_refuses   if (stop == CLIENT_REFUSES) {
@client_refuses     mbedtls_ssl_conf_authmode(&client->context->client, MBEDTLS_SSL_VERIFY_REQUIRED);
@client_refuses   }
  drive(client, &client_state);
@client_refuses   mbedtls_ssl_conf_authmode(&client->context->client, MBEDTLS_SSL_VERIFY_NONE);
@client_refuses   if (stop == CLIENT_REFUSES && client_state != 0) return 0;
@stop   if (stop == AFTER_SERVER_FLIGHT || stop == REFUSED) return 0;
@flights   server->wire.waiting = pass_flight(3, server->wire.bytes, server->wire.waiting);
  drive(server, &server_state);
@stop   if (stop == AFTER_CLIENT_FLIGHT) return 0;
@flights   client->wire.waiting = pass_flight(4, client->wire.bytes, client->wire.waiting);
  drive(client, &client_state);
  if (client_state != 0 || server_state != 0) return 0;
  return is_resumed(client) ? 2 : 1;
}
)C";

}  // namespace lastref
