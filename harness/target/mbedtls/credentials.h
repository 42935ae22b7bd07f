// The key and the certificate of every server, made at start.
#ifndef LASTREF_HARNESS_TARGET_MBEDTLS_CREDENTIALS_H_
#define LASTREF_HARNESS_TARGET_MBEDTLS_CREDENTIALS_H_

#include <mbedtls/ssl.h>

#include <cstddef>

namespace lastref::mbedtls {

// The C library's randomness, which is the host's while an operation runs. As the library asks for
// it: 0, or less for an error.
int random_bytes(void* context, unsigned char* bytes, std::size_t size) noexcept;

// False when they cannot be made. Their bytes follow from the host's random stream and clock.
bool make_credentials();
// Behind a handshake that came to no end. A key that was short of memory while it signed may sign
// no more, for of the two numbers that blind it one was squared alone; they are put back. Takes no
// memory.
void mend_key();
bool use_credentials(mbedtls_ssl_config& server);

}  // namespace lastref::mbedtls

#endif  // LASTREF_HARNESS_TARGET_MBEDTLS_CREDENTIALS_H_
