// Real handshakes of two connections of one process over memory BIOs, driven flight by flight. What
// differs between the libraries is the model's to know.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "harness/target/family/family.h"

namespace lastref::family {
namespace {

// The server's key and certificate, for the life of the process. The bytes follow from the host's
// random stream and clock.
EVP_PKEY* key = nullptr;
X509* certificate = nullptr;

std::uint64_t driven = 0;

// More than two flights of a side.
constexpr std::size_t kMostBytes = 32768;

// Of the certificate, from the clock at start on; the clock of a program never gets there.
constexpr long kValidSeconds = 100L * 365 * 24 * 60 * 60;

EVP_PKEY* make_key() {
  EVP_PKEY* made = nullptr;
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr);
  const bool good = context != nullptr && EVP_PKEY_keygen_init(context) == 1 &&
                    EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1 &&
                    EVP_PKEY_keygen(context, &made) == 1;
  EVP_PKEY_CTX_free(context);
  return good ? made : nullptr;
}

X509* make_certificate() {
  X509* made = X509_new();
  if (made == nullptr) return nullptr;
  X509_NAME* name = X509_get_subject_name(made);
  const auto* common_name = reinterpret_cast<const unsigned char*>("lastref");
  constexpr long kVersion3 = 2;
  const auto now = static_cast<time_t>(host->now());
  const bool good =
      X509_set_version(made, kVersion3) == 1 &&
      ASN1_INTEGER_set(X509_get_serialNumber(made), 1) == 1 &&
      ASN1_TIME_set(X509_getm_notBefore(made), now) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(made), now + kValidSeconds) != nullptr &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
      X509_set_issuer_name(made, name) == 1 && X509_set_pubkey(made, key) == 1 &&
      X509_sign(made, key, EVP_sha256()) > 0;
  if (good) return made;
  X509_free(made);
  return nullptr;
}

// A wire for each direction, which holds what is written until it is read, also when the writer is
// gone. False when memory is short.
bool connect(SSL* client, SSL* server) {
  BIO* to_server = BIO_new(BIO_s_mem());
  BIO* to_client = BIO_new(BIO_s_mem());
  if (to_server == nullptr || to_client == nullptr) {
    BIO_free(to_server);
    BIO_free(to_client);
    return false;
  }
  constexpr int kRetry = -1;  // what reading nothing comes to
  BIO_set_mem_eof_return(to_server, kRetry);
  BIO_set_mem_eof_return(to_client, kRetry);
  // Each connection takes over a reference to each wire, and drops the wires that it had before.
  BIO_up_ref(to_server);
  BIO_up_ref(to_client);
  SSL_set_bio(client, to_client, to_server);
  SSL_set_bio(server, to_server, to_client);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  return true;
}

int refuse(SSL*, int* alert, void*) {
  *alert = SSL_AD_ACCESS_DENIED;
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int accept_nothing(int, X509_STORE_CTX*) { return 0; }

// What waits for the connection is the flight of that number.
void pass(std::uint32_t flight, SSL* reader, Flights& flights) {
  BIO* const wire = SSL_get_rbio(reader);
  if (!flights.damages(flight)) {
    flights.note(flight, BIO_ctrl_pending(wire));
    return;
  }
  static std::array<unsigned char, kMostBytes> bytes;
  const int read = BIO_read(wire, bytes.data(), static_cast<int>(bytes.size()));
  auto size = static_cast<std::size_t>(std::max(read, 0));
  flights.pass(flight, bytes.data(), size, bytes.size());
  if (size > 0) BIO_write(wire, bytes.data(), static_cast<int>(size));
}

// One side, flight by flight.
class Side {
 public:
  explicit Side(SSL* connection) : connection_(connection) {}

  // It reads what there is and says what it has to. Once it has failed it is left alone:
  // SSL_get_error(3), "no further I/O operations should be performed on the connection".
  void drive() {
    if (failed_) return;
    ERR_clear_error();  // which SSL_get_error() looks at
    const int done = SSL_do_handshake(connection_);
    failed_ = done != 1 && SSL_get_error(connection_, done) != SSL_ERROR_WANT_READ;
  }

 private:
  SSL* connection_;
  bool failed_ = false;
};

// What a server says after its handshake: tickets.
void read_on(SSL* connection) {
  unsigned char nothing = 0;
  SSL_read(connection, &nothing, sizeof nothing);
}

}  // namespace

std::uint64_t handshakes() { return driven; }

int64_t shake_hands(SSL* client, SSL* server, int64_t stop) {
  const lastref_call call{};
  lastref_result result{};
  Flights flights(call, result);
  return shake_hands(client, server, stop, flights);
}

int64_t shake_hands(SSL* client, SSL* server, int64_t stop, Flights& flights) {
  ++driven;
  if (!connect(client, server)) return 0;
  SSL_CTX* const context = SSL_get_SSL_CTX(server);
  Side of_client(client);
  Side of_server(server);
  of_client.drive();
  pass(1, server, flights);
  if (stop == LASTREF_STOP_REFUSED) SSL_CTX_set_tlsext_servername_callback(context, refuse);
  of_server.drive();
  if (stop == LASTREF_STOP_REFUSED) watch_servername(context, watches_servername(context));
  if (stop == LASTREF_STOP_AFTER_CLIENT_HELLO) return 0;
  pass(2, client, flights);
  if (stop == LASTREF_STOP_CLIENT_REFUSES) SSL_set_verify(client, SSL_VERIFY_PEER, accept_nothing);
  of_client.drive();
  if (stop == LASTREF_STOP_CLIENT_REFUSES) SSL_set_verify(client, SSL_VERIFY_NONE, nullptr);
  if (stop == LASTREF_STOP_AFTER_SERVER_FLIGHT || stop == LASTREF_STOP_REFUSED) return 0;
  pass(3, server, flights);
  of_server.drive();
  if (stop == LASTREF_STOP_CLIENT_REFUSES && !SSL_is_init_finished(client)) return 0;
  if (stop == LASTREF_STOP_AFTER_CLIENT_FLIGHT) return 0;
  if (!SSL_is_init_finished(client)) {
    pass(4, client, flights);
    of_client.drive();
  }
  if (!SSL_is_init_finished(client) || !SSL_is_init_finished(server)) return 0;
  if (SSL_version(client) == TLS1_3_VERSION) {
    send_tickets(server);
    pass(4, client, flights);
    read_on(client);
  }
  return SSL_session_reused(client) ? 2 : 1;
}

int64_t shut_down(SSL* connection, bool quiet) {
  SSL_set_quiet_shutdown(connection, quiet ? 1 : 0);
  return SSL_shutdown(connection);
}

bool make_credentials() {
  if (key == nullptr) key = make_key();
  if (key != nullptr && certificate == nullptr) certificate = make_certificate();
  return certificate != nullptr;
}

bool use_credentials(SSL_CTX* context) {
  return SSL_CTX_use_certificate(context, certificate) == 1 &&
         SSL_CTX_use_PrivateKey(context, key) == 1;
}

Done perform_handshake(const lastref_call& call, lastref_result& result) {
  auto* connection = static_cast<SSL*>(call.connection);
  switch (call.operation) {
    case LASTREF_OP_HANDSHAKE: {
      Flights flights(call, result);
      result.value = shake_hands(connection, static_cast<SSL*>(call.peer), call.value, flights);
      return Done::kYes;
    }
    case LASTREF_OP_SHUTDOWN:
      result.value = shut_down(connection, call.value != 0);
      return Done::kYes;
    default:
      return Done::kUnknown;
  }
}

}  // namespace lastref::family
