// The operations on connections: what they are given and give are copies of a session's data, and
// handshakes are real ones, over memory.
#ifndef LASTREF_HARNESS_TARGET_GNUTLS_CONNECTION_H_
#define LASTREF_HARNESS_TARGET_GNUTLS_CONNECTION_H_

#include "harness/target/gnutls/context.h"
#include "harness/target/gnutls/session.h"

namespace lastref::gnutls {

Done perform_connection(const lastref_call& call, lastref_result& result);

// One full handshake of each protocol, so that from now on a program that gives back what it took
// leaves as many blocks as it found: random numbers are set up at their first use. False when it
// fails.
bool warm_up();

}  // namespace lastref::gnutls

#endif  // LASTREF_HARNESS_TARGET_GNUTLS_CONNECTION_H_
