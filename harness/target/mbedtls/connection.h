// The operations on connections: what they are given and give are copies, and handshakes are real
// ones, over memory.
#ifndef LASTREF_HARNESS_TARGET_MBEDTLS_CONNECTION_H_
#define LASTREF_HARNESS_TARGET_MBEDTLS_CONNECTION_H_

#include "harness/target/mbedtls/context.h"
#include "harness/target/mbedtls/session.h"

namespace lastref::mbedtls {

Done perform_connection(const lastref_call& call, lastref_result& result);

// One full handshake, so that from now on a program that gives back what it took leaves as many
// blocks as it found: a key keeps what it worked out at its first use. False when it fails.
bool warm_up();

}  // namespace lastref::mbedtls

#endif  // LASTREF_HARNESS_TARGET_MBEDTLS_CONNECTION_H_
