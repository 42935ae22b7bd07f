// The operations on sessions. mbed TLS has no session by reference: a session is a struct of the
// application's, here one block for each, and what passes between two is copied. Its members are
// public in this version, and where there is no function they are the way that the header has.
#ifndef LASTREF_HARNESS_TARGET_MBEDTLS_SESSION_H_
#define LASTREF_HARNESS_TARGET_MBEDTLS_SESSION_H_

#include <lastref/target_abi.h>
#include <mbedtls/ssl.h>

#include <cstddef>

namespace lastref::mbedtls {

// The host given to start(). Set by it before anything else.
extern const lastref_host* host;

// A block that is no session, however large: sessions are known by their size. NULL when memory is
// short.
void* allocate(std::size_t bytes);

// A session that is nobody's copy yet; NULL when memory is short. And its end, also of NULL.
mbedtls_ssl_session* make_session();
void end_session(mbedtls_ssl_session* session);

// A copy by its encoding; NULL when memory is short.
mbedtls_ssl_session* dup_session(const mbedtls_ssl_session* session);

// Each carries out an operation of its kind. kUnknown: not one of its kind; kFailed: the adapter
// could not, which is no failure of the library.
enum class Done { kYes, kUnknown, kFailed };
Done perform_session(const lastref_call& call, lastref_result& result);

// As lastref_target::view_session.
void view_session(const void* session, lastref_session_view* view);

}  // namespace lastref::mbedtls

#endif  // LASTREF_HARNESS_TARGET_MBEDTLS_SESSION_H_
