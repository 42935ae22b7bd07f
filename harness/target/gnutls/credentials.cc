#include "harness/target/gnutls/credentials.h"

#include <gnutls/x509.h>

#include <ctime>

#include "harness/target/gnutls/session.h"

namespace lastref::gnutls {
namespace {

// One of each but for the protocol, so that there is nothing else to agree on. TLS 1.3 has a name
// of its own for the same signature.
#define LASTREF_ONE_OF_EACH                                 \
  ":+ECDHE-ECDSA:+AES-128-GCM:+AEAD:+COMP-NULL:+CTYPE-X509" \
  ":+GROUP-SECP256R1:+SIGN-ECDSA-SHA256"
constexpr const char* kUpToTls12 = "NONE:+VERS-TLS1.2" LASTREF_ONE_OF_EACH;
constexpr const char* kUpToTls13 =
    "NONE:+VERS-TLS1.3:+VERS-TLS1.2" LASTREF_ONE_OF_EACH ":+SIGN-ECDSA-SECP256R1-SHA256";
#undef LASTREF_ONE_OF_EACH
constexpr const char* kName = "CN=lastref";
constexpr unsigned char kSerial = 1;
// Of the certificate, from the clock at start on; the clock of a program never gets there.
constexpr std::time_t kValidSeconds = std::time_t{100} * 365 * 24 * 60 * 60;

gnutls_priority_t up_to_tls12;
gnutls_priority_t up_to_tls13;
gnutls_certificate_credentials_t of_server;
gnutls_certificate_credentials_t of_client;

bool fill(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key) {
  const auto now = static_cast<std::time_t>(host->now());
  return gnutls_x509_crt_set_version(certificate, 3) == 0 &&
         gnutls_x509_crt_set_dn(certificate, kName, nullptr) == 0 &&
         gnutls_x509_crt_set_serial(certificate, &kSerial, sizeof kSerial) == 0 &&
         gnutls_x509_crt_set_activation_time(certificate, now) == 0 &&
         gnutls_x509_crt_set_expiration_time(certificate, now + kValidSeconds) == 0 &&
         gnutls_x509_crt_set_key(certificate, key) == 0 &&
         gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0) == 0;
}

// The credentials have copies of both.
bool make_certificate() {
  gnutls_x509_privkey_t key = nullptr;
  gnutls_x509_crt_t certificate = nullptr;
  const bool made =
      gnutls_x509_privkey_init(&key) == 0 && gnutls_x509_crt_init(&certificate) == 0 &&
      gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                   GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0 &&
      fill(certificate, key) &&
      gnutls_certificate_set_x509_key(of_server, &certificate, 1, key) >= 0;
  gnutls_x509_crt_deinit(certificate);
  gnutls_x509_privkey_deinit(key);
  return made;
}

}  // namespace

bool make_credentials() {
  return gnutls_priority_init(&up_to_tls12, kUpToTls12, nullptr) == 0 &&
         gnutls_priority_init(&up_to_tls13, kUpToTls13, nullptr) == 0 &&
         gnutls_certificate_allocate_credentials(&of_client) == 0 &&
         gnutls_certificate_allocate_credentials(&of_server) == 0 && make_certificate();
}

bool use_credentials(gnutls_session_t connection, bool serves, bool tls13) {
  return gnutls_priority_set(connection, tls13 ? up_to_tls13 : up_to_tls12) == 0 &&
         gnutls_credentials_set(connection, GNUTLS_CRD_CERTIFICATE,
                                serves ? of_server : of_client) == 0;
}

}  // namespace lastref::gnutls
