#include "harness/reproduce/dialect.h"

namespace lastref {

const std::string_view kFamilyClock = R"C(
/* The library's clock: these take the place of the C library's functions, for the library too. */
static time_t now = 1000000000;
time_t time(time_t *seconds) {
  if (seconds != NULL) *seconds = now;
  return now;
}
int gettimeofday(struct timeval *restrict moment, void *restrict zone) {
  (void)zone;
  moment->tv_sec = now;
  moment->tv_usec = 0;
  return 0;
}
)C";

// As the adapters' own (harness/target/family/handshake.cc), flight by flight.
const std::string_view kFamilyHandshake = R"C(
/* The server's key and certificate, made at start. */
static EVP_PKEY *key;
static X509 *certificate;

static void make_credentials(void) {
  EVP_PKEY_CTX *generator = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
  X509_NAME *name;
  EVP_PKEY_keygen_init(generator);
  EVP_PKEY_CTX_set_ec_paramgen_curve_nid(generator, NID_X9_62_prime256v1);
  EVP_PKEY_keygen(generator, &key);
  EVP_PKEY_CTX_free(generator);
  certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 365L * 24 * 60 * 60);
  name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"server", -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  if (X509_sign(certificate, key, EVP_sha256()) <= 0) abort();
}

static void use_credentials(SSL_CTX *context) {
  if (SSL_CTX_use_certificate(context, certificate) != 1) abort();
  if (SSL_CTX_use_PrivateKey(context, key) != 1) abort();
}

/* A wire for each direction; each connection holds a reference to both. 0 when memory is short. */
static int connect_in_memory(SSL *client, SSL *server) {
  BIO *to_server = BIO_new(BIO_s_mem());
  BIO *to_client = BIO_new(BIO_s_mem());
  if (to_server == NULL || to_client == NULL) {
    BIO_free(to_server);
    BIO_free(to_client);
    return 0;
  }
  BIO_set_mem_eof_return(to_server, -1);
  BIO_set_mem_eof_return(to_client, -1);
  BIO_up_ref(to_server);
  BIO_up_ref(to_client);
  SSL_set_bio(client, to_client, to_server);
  SSL_set_bio(server, to_server, to_client);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  return 1;
}

@refused static int refuse(SSL *ssl, int *alert, void *argument) {
@refused   (void)ssl;
@refused   (void)argument;
@refused   *alert = SSL_AD_ACCESS_DENIED;
@refused   return SSL_TLSEXT_ERR_ALERT_FATAL;
@refused }
@refused
@client_refuses static int accept_nothing(int ok, X509_STORE_CTX *store) {
@client_refuses   (void)ok;
@client_refuses   (void)store;
@client_refuses   return 0;
@client_refuses }
@client_refuses
@flights
@flights static void pass(int flight, SSL *reader) {
@flights   static unsigned char bytes[65536];
@flights   int size = BIO_read(SSL_get_rbio(reader), bytes, (int)sizeof bytes / 2);
@flights   if (size > 0) size = (int)pass_flight(flight, bytes, (size_t)size);
@flights   if (size > 0) BIO_write(SSL_get_rbio(reader), bytes, size);
@flights }

/* One side says what it has to. Once it has failed it is left alone: SSL_get_error(3), "no further
   I/O operations should be performed on the connection". */
static void drive(SSL *ssl, int *failed) {
  int done;
  if (*failed) return;
  ERR_clear_error();
  done = SSL_do_handshake(ssl);
  *failed = done != 1 && SSL_get_error(ssl, done) != SSL_ERROR_WANT_READ;
}

/* A handshake of the two, flight by flight: 0 when it is not complete, 1 when it is, 2 when the
   client has resumed its session. */
@stop static int handshake(SSL *client, SSL *server, int stop) {
@!stop static int handshake(SSL *client, SSL *server) {
  unsigned char nothing;
  int client_failed = 0, server_failed = 0;
  if (!connect_in_memory(client, server)) return 0;
  drive(client, &client_failed);
@flights   pass(1, server);
@refused   if (stop == REFUSED) {
@refused     SSL_CTX_set_tlsext_servername_callback(SSL_get_SSL_CTX(server), refuse);
@refused   }
  drive(server, &server_failed);
@refused   SSL_CTX_set_tlsext_servername_callback(SSL_get_SSL_CTX(server), NULL);
@stop   if (stop == AFTER_CLIENT_HELLO) return 0;
@flights   pass(2, client);
@client_refuses   if (stop == CLIENT_REFUSES) SSL_set_verify(client, SSL_VERIFY_PEER, accept_nothing);
  drive(client, &client_failed);
@client_refuses   SSL_set_verify(client, SSL_VERIFY_NONE, NULL);
@stop   if (stop == AFTER_SERVER_FLIGHT || stop == REFUSED) return 0;
@flights   pass(3, server);
  drive(server, &server_failed);
@client_refuses   if (stop == CLIENT_REFUSES && !SSL_is_init_finished(client)) return 0;
@stop   if (stop == AFTER_CLIENT_FLIGHT) return 0;
@flights   if (!SSL_is_init_finished(client)) pass(4, client);
  if (!SSL_is_init_finished(client)) drive(client, &client_failed);
  if (!SSL_is_init_finished(client) || !SSL_is_init_finished(server)) return 0;
  if (SSL_version(client) == TLS1_3_VERSION) { /* the tickets */
@withholds_tickets     SSL_write(server, "", 0);
@flights     pass(4, client);
    SSL_read(client, &nothing, sizeof nothing);
  }
  return SSL_session_reused(client) ? 2 : 1;
}
)C";

}  // namespace lastref
