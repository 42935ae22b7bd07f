// Connections of GnuTLS in a C program: as the adapter's own (harness/target/gnutls/connection.cc).
#include "harness/reproduce/dialect.h"

namespace lastref {

const std::string_view kGnuTlsConnections = R"C(
/* The database, as a server calls it. */
static gnutls_datum_t copy_of(gnutls_datum_t bytes) {
  gnutls_datum_t copy = {gnutls_malloc(bytes.size), bytes.size};
  if (copy.data == NULL) abort();
  memcpy(copy.data, bytes.data, bytes.size);
  return copy;
}

static struct entry **find_entry(struct context *c, gnutls_datum_t key) {
  struct entry **at = &c->entries;
  while (*at != NULL && ((*at)->key.size != key.size ||
                         memcmp((*at)->key.data, key.data, key.size) != 0)) {
    at = &(*at)->next;
  }
  return at;
}

static int store(void *context, gnutls_datum_t key, gnutls_datum_t data) {
  struct entry **at = find_entry(context, key);
  struct entry *e = calloc(1, sizeof *e);
  e->key = copy_of(key);
  e->data = copy_of(data);
  if (*at != NULL) {
    e->next = (*at)->next;
    free_entry(*at);
  }
  *at = e;
  return 0;
}

static gnutls_datum_t retrieve(void *context, gnutls_datum_t key) {
  struct entry *const found = *find_entry(context, key);
  const gnutls_datum_t nothing = {NULL, 0};
  return found == NULL ? nothing : copy_of(found->data);
}

static int remove_entry(void *context, gnutls_datum_t key) {
  struct entry **at = find_entry(context, key);
  struct entry *const removed = *at;
  if (removed == NULL) return -1;
  *at = removed->next;
  free_entry(removed);
  return 0;
}

/* A connection, a client's until it serves. What its context was set to when it was made is its own. */
struct connection {
  gnutls_session_t tls;
  struct context *context;
  struct connection *peer; /* whom it writes to */
  int timeout;
  int tickets;
  int tls13;
  struct wire wire; /* what it has not read yet */
};

static ssize_t push(gnutls_transport_ptr_t from, const void *bytes, size_t size) {
  struct connection *const peer = ((struct connection *)from)->peer;
  if (peer != NULL) put(&peer->wire, bytes, size); /* else nobody reads it */
  return (ssize_t)size;
}

static ssize_t pull(gnutls_transport_ptr_t at, void *bytes, size_t size) {
  struct connection *const n = at;
  if (n->wire.waiting > 0) return (ssize_t)take(&n->wire, bytes, size);
  gnutls_transport_set_errno(n->tls, EAGAIN);
  return -1;
}

static int nothing_comes(gnutls_transport_ptr_t at, unsigned milliseconds) {
  (void)at;
  (void)milliseconds;
  return 0;
}

/* The server's key and certificate, made at start. */
static gnutls_certificate_credentials_t of_server;
static gnutls_certificate_credentials_t of_client;

static void make_credentials(void) {
  static const unsigned char serial = 1;
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_init(&key);
  gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                               GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
  gnutls_x509_crt_init(&certificate);
  gnutls_x509_crt_set_version(certificate, 3);
  gnutls_x509_crt_set_dn(certificate, "CN=server", NULL);
  gnutls_x509_crt_set_serial(certificate, &serial, sizeof serial);
  gnutls_x509_crt_set_activation_time(certificate, time(NULL));
  gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 365L * 24 * 60 * 60);
  gnutls_x509_crt_set_key(certificate, key);
  gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
  gnutls_certificate_allocate_credentials(&of_client);
  gnutls_certificate_allocate_credentials(&of_server);
  if (gnutls_certificate_set_x509_key(of_server, &certificate, 1, key) < 0) abort();
  gnutls_x509_crt_deinit(certificate);
  gnutls_x509_privkey_deinit(key);
}

/* 0 when memory is short; n->tls may be NULL then. */
static int set_up(struct connection *n, int serves) {
  struct context *const c = n->context;
  const unsigned side = serves ? GNUTLS_SERVER : GNUTLS_CLIENT;
  const char *const versions = n->tls13 ? "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
                                        : "NORMAL:-VERS-ALL:+VERS-TLS1.2";
  if (gnutls_init(&n->tls, side | (n->tickets ? 0 : GNUTLS_NO_TICKETS)) != 0) {
    n->tls = NULL;
    return 0;
  }
  gnutls_transport_set_ptr(n->tls, n);
  gnutls_transport_set_push_function(n->tls, push);
  gnutls_transport_set_pull_function(n->tls, pull);
  gnutls_transport_set_pull_timeout_function(n->tls, nothing_comes);
  if (gnutls_priority_set_direct(n->tls, versions, NULL) != 0) return 0;
  if (gnutls_credentials_set(n->tls, GNUTLS_CRD_CERTIFICATE, serves ? of_server : of_client) != 0) {
    return 0;
  }
  if (!serves) return 1;
  gnutls_db_set_ptr(n->tls, c);
  gnutls_db_set_store_function(n->tls, store);
  gnutls_db_set_retrieve_function(n->tls, retrieve);
  gnutls_db_set_remove_function(n->tls, remove_entry);
  gnutls_db_set_cache_expiration(n->tls, n->timeout);
  if (!n->tickets) return 1;
  if (c->ticket_key.data == NULL && gnutls_session_ticket_key_generate(&c->ticket_key) != 0) return 0;
  return gnutls_session_ticket_enable_server(n->tls, &c->ticket_key) == 0;
}

static void disconnect(struct connection *n) {
  if (n->peer != NULL) n->peer->peer = NULL;
  n->peer = NULL;
  n->wire.waiting = 0;
}

static void free_connection(struct connection *n) {
  disconnect(n);
  gnutls_deinit(n->tls);
  free_context(n->context);
  free(n);
}

static struct connection *new_connection(struct context *c) {
  struct connection *n = calloc(1, sizeof *n);
  n->context = c;
  n->timeout = c->timeout;
  n->tickets = c->tickets;
  n->tls13 = c->tls13;
  ++c->references;
  if (set_up(n, 0)) return n;
  free_connection(n);
  return NULL;
}
@fn_clear
@fn_clear /* There is no way to use one again but to make another. */
@fn_clear static int clear(struct connection *n) {
@fn_clear   disconnect(n);
@fn_clear   gnutls_deinit(n->tls);
@fn_clear   return set_up(n, 0);
@fn_clear }
@fn_set_session
@fn_set_session static int set_session(struct connection *n, const struct session *s) {
@fn_set_session+faults   if (n->tls == NULL) return 0;
@fn_set_session   if (s == NULL) return gnutls_session_set_data(n->tls, NULL, 0) == 0;
@fn_set_session   return gnutls_session_set_data(n->tls, s->data.data, s->data.size) == 0;
@fn_set_session }
@fn_copy_session
@fn_copy_session /* NULL where the connection has none to give. */
@fn_copy_session static struct session *copy_session(struct connection *n) {
@fn_copy_session   gnutls_datum_t data = {NULL, 0};
@fn_copy_session   gnutls_datum_t id = {NULL, 0};
@fn_copy_session   struct session *s;
@fn_copy_session+faults   if (n->tls == NULL) return NULL;
@fn_copy_session   if (gnutls_session_get_data2(n->tls, &data) != 0) return NULL;
@fn_copy_session   s = calloc(1, sizeof *s);
@fn_copy_session   s->data = data;
@fn_copy_session   if (gnutls_session_get_id2(n->tls, &id) == 0) {
@fn_copy_session     memcpy(s->id, id.data, id.size);
@fn_copy_session     s->id_size = id.size;
@fn_copy_session   }
@fn_copy_session   return s;
@fn_copy_session }
@fn_remove_own
@fn_remove_own static void remove_own(struct connection *n) {
@fn_remove_own+faults   if (n->tls == NULL) return;
@fn_remove_own   gnutls_db_remove_session(n->tls);
@fn_remove_own }
@fn_shut_down
@fn_shut_down static int shut_down(struct connection *n, int quiet) {
@fn_shut_down+faults   if (n->tls == NULL) return 0;
@fn_shut_down   return quiet ? 1 : gnutls_bye(n->tls, GNUTLS_SHUT_WR);
@fn_shut_down }
)C";

const std::string_view kGnuTlsHandshake = R"C(
@refused
@refused static int refuse(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
@refused                   const gnutls_datum_t *message) {
@refused   (void)tls;
@refused   (void)type;
@refused   (void)when;
@refused   (void)incoming;
@refused   (void)message;
@refused   return GNUTLS_E_USER_ERROR;
@refused }
@client_refuses
@client_refuses static int accept_nothing(gnutls_session_t tls) {
@client_refuses   (void)tls;
@client_refuses   return 1;
@client_refuses }

/* One flight: what there is to read, and what there is to say, at last why it gives up. */
static void drive(struct connection *n, int *state) {
  unsigned char data;
  if (*state == GNUTLS_E_AGAIN) {
    *state = gnutls_handshake(n->tls);
    if (gnutls_error_is_fatal(*state)) gnutls_alert_send_appropriate(n->tls, *state);
  }
  while (*state == 0 && n->wire.waiting > 0) { /* tickets of TLS 1.3 */
    if (gnutls_record_recv(n->tls, &data, sizeof data) != GNUTLS_E_AGAIN) break;
  }
}

/* A handshake of the two, flight by flight: 0 when it is not complete, 1 when it is, 2 when the
   client has resumed its session. */
@stop static int handshake(struct connection *client, struct connection *server, int stop) {
@!stop static int handshake(struct connection *client, struct connection *server) {
  int of_client_state = GNUTLS_E_AGAIN;
  int of_server_state = GNUTLS_E_AGAIN;
  disconnect(client);
  disconnect(server);
  gnutls_deinit(server->tls);
  if (!set_up(server, 1)) return 0;
@faults   if (client->tls == NULL) return 0;
  client->peer = server;
  server->peer = client;
@refused   if (stop == REFUSED) {
@refused     gnutls_handshake_set_hook_function(server->tls, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE,
@refused                                        refuse);
@refused   }
@client_refuses   if (stop == CLIENT_REFUSES) gnutls_session_set_verify_function(client->tls, accept_nothing);
  drive(client, &of_client_state);
@flights   server->wire.waiting = pass_flight(1, server->wire.bytes, server->wire.waiting);
  drive(server, &of_server_state);
@stop   if (stop == AFTER_CLIENT_HELLO) return 0;
@flights   client->wire.waiting = pass_flight(2, client->wire.bytes, client->wire.waiting);
  drive(client, &of_client_state);
@stop   if (stop == AFTER_SERVER_FLIGHT || stop == REFUSED) return 0;
@flights   server->wire.waiting = pass_flight(3, server->wire.bytes, server->wire.waiting);
  drive(server, &of_server_state);
@stop   if (stop == AFTER_CLIENT_FLIGHT) return 0;
@flights   client->wire.waiting = pass_flight(4, client->wire.bytes, client->wire.waiting);
  drive(client, &of_client_state);
  if (of_client_state != 0 || of_server_state != 0) return 0;
  return gnutls_session_is_resumed(client->tls) ? 2 : 1;
}
)C";

}  // namespace lastref
