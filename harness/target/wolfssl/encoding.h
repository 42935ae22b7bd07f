// wolfSSL's own encoding of a session, which is not DER. It is the only way to give a session an id
// before a handshake: SSL_SESSION_set1_id is there and does nothing.
#ifndef LASTREF_HARNESS_TARGET_WOLFSSL_ENCODING_H_
#define LASTREF_HARNESS_TARGET_WOLFSSL_ENCODING_H_

#include <openssl/ssl.h>

#include <cstddef>

namespace lastref::wolfssl {

// The longest id that a session can have. d2i of this version does not check it: what is longer is
// written over the members behind it.
inline constexpr std::size_t kMaxId = 32;

// Learns what a new session encodes to. False when the library writes another format than the one
// that this adapter knows.
bool learn_encoding();

// A session with one reference, as SSL_SESSION_new makes it but for the id. NULL when the id is too
// long, or memory is short.
SSL_SESSION* new_with_id(const unsigned char* id, std::size_t length);

}  // namespace lastref::wolfssl

#endif  // LASTREF_HARNESS_TARGET_WOLFSSL_ENCODING_H_
