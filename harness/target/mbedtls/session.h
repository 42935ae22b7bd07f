// The operations on sessions. mbed TLS has no session by reference: a session is a struct of the
// application's, here one block for each, and what passes between two is copied. Its members are
// public in this version, and where there is no function they are the way that the header has.
#ifndef LASTREF_HARNESS_TARGET_MBEDTLS_SESSION_H_
#define LASTREF_HARNESS_TARGET_MBEDTLS_SESSION_H_

#include <lastref/target_abi.h>
#include <mbedtls/ssl.h>

#include "harness/target/shared/memory.h"
#include "harness/target/shared/perform.h"

namespace lastref::mbedtls {

using copying::Done;
using copying::host;

// A session that is nobody's copy yet; NULL when memory is short. And its end, also of NULL.
mbedtls_ssl_session* make_session();
void end_session(mbedtls_ssl_session* session);

// A copy by its encoding; NULL when memory is short.
mbedtls_ssl_session* dup_session(const mbedtls_ssl_session* session);

Done perform_session(const lastref_call& call, lastref_result& result);

// As lastref_target::view_session.
void view_session(const void* session, lastref_session_view* view);

}  // namespace lastref::mbedtls

#endif  // LASTREF_HARNESS_TARGET_MBEDTLS_SESSION_H_
