// What all connections of the process prove who they are with, and what they may agree on.
#ifndef LASTREF_HARNESS_TARGET_GNUTLS_CREDENTIALS_H_
#define LASTREF_HARNESS_TARGET_GNUTLS_CREDENTIALS_H_

#include <gnutls/gnutls.h>

namespace lastref::gnutls {

// A key, a certificate that it signs itself, and the priorities, for the life of the process. To be
// called once; false when a part of it fails.
bool make_credentials();

// Gives a connection of either side what it needs of them: TLS 1.2 and, where that is wanted, 1.3.
// False when memory is short.
bool use_credentials(gnutls_session_t connection, bool serves, bool tls13);

}  // namespace lastref::gnutls

#endif  // LASTREF_HARNESS_TARGET_GNUTLS_CREDENTIALS_H_
