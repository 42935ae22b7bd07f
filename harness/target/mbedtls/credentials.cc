#include "harness/target/mbedtls/credentials.h"

#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>
#include <mbedtls/x509_crt.h>
#include <sys/random.h>

#include <array>
#include <ctime>

#include "harness/target/mbedtls/session.h"

namespace lastref::mbedtls {
namespace {

// Nobody's secret: short, so that handshakes are quick.
constexpr unsigned kKeyBits = 1024;
constexpr int kExponent = 65537;
constexpr const char* kName = "CN=lastref";
// Of the certificate, from the clock at start on; the clock of a program never gets there.
constexpr std::time_t kValidSeconds = std::time_t{100} * 365 * 24 * 60 * 60;

mbedtls_pk_context key;
mbedtls_x509_crt certificate;

// The numbers by which the key is blinded, as they were when it had made the certificate.
mbedtls_mpi blinding;
mbedtls_mpi unblinding;

std::array<char, 16> date(std::time_t time) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y%m%d%H%M%S", &parts);
  return text;
}

bool make_key() {
  mbedtls_pk_init(&key);
  return mbedtls_pk_setup(&key, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)) == 0 &&
         mbedtls_rsa_gen_key(mbedtls_pk_rsa(key), random_bytes, nullptr, kKeyBits, kExponent) == 0;
}

bool write(mbedtls_x509write_cert& draft, const mbedtls_mpi& serial) {
  const auto now = static_cast<std::time_t>(host->now());
  mbedtls_x509write_crt_set_version(&draft, MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(&draft, MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(&draft, &key);
  mbedtls_x509write_crt_set_issuer_key(&draft, &key);
  if (mbedtls_x509write_crt_set_subject_name(&draft, kName) != 0 ||
      mbedtls_x509write_crt_set_issuer_name(&draft, kName) != 0 ||
      mbedtls_x509write_crt_set_serial(&draft, &serial) != 0 ||
      mbedtls_x509write_crt_set_validity(&draft, date(now).data(),
                                         date(now + kValidSeconds).data()) != 0) {
    return false;
  }
  // Written to the end of the buffer.
  std::array<unsigned char, 2048> bytes{};
  const int size =
      mbedtls_x509write_crt_der(&draft, bytes.data(), bytes.size(), random_bytes, nullptr);
  if (size <= 0) return false;
  const auto length = static_cast<std::size_t>(size);
  return mbedtls_x509_crt_parse_der(&certificate, bytes.data() + bytes.size() - length, length) ==
         0;
}

bool make_certificate() {
  mbedtls_x509_crt_init(&certificate);
  mbedtls_x509write_cert draft;
  mbedtls_x509write_crt_init(&draft);
  mbedtls_mpi serial;
  mbedtls_mpi_init(&serial);
  const bool made = mbedtls_mpi_lset(&serial, 1) == 0 && write(draft, serial);
  mbedtls_mpi_free(&serial);
  mbedtls_x509write_crt_free(&draft);
  return made;
}

}  // namespace

int random_bytes(void*, unsigned char* bytes, std::size_t size) noexcept {
  while (size > 0) {
    const ssize_t got = getrandom(bytes, size, 0);
    if (got <= 0) return -1;
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
  return 0;
}

bool make_credentials() {
  if (!make_key() || !make_certificate()) return false;
  mbedtls_mpi_init(&blinding);
  mbedtls_mpi_init(&unblinding);
  const mbedtls_rsa_context* const rsa = mbedtls_pk_rsa(key);
  return mbedtls_mpi_copy(&blinding, &rsa->Vi) == 0 && mbedtls_mpi_copy(&unblinding, &rsa->Vf) == 0;
}

void mend_key() {
  mbedtls_rsa_context* const rsa = mbedtls_pk_rsa(key);
  mbedtls_mpi_copy(&rsa->Vi, &blinding);
  mbedtls_mpi_copy(&rsa->Vf, &unblinding);
}

bool use_credentials(mbedtls_ssl_config& server) {
  return mbedtls_ssl_conf_own_cert(&server, &certificate, &key) == 0;
}

}  // namespace lastref::mbedtls
