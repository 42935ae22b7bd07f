// What contexts of wolfSSL say of the handshakes of their connections, which it spells in another
// way than its relatives.
#ifndef LASTREF_HARNESS_TARGET_WOLFSSL_SETTINGS_H_
#define LASTREF_HARNESS_TARGET_WOLFSSL_SETTINGS_H_

#include "harness/target/family/family.h"

namespace lastref::wolfssl {

family::Done perform_settings(const lastref_call& call, lastref_result& result);

// Gives the context the settings of a new one. False where that cannot be done.
bool reset_settings(SSL_CTX* context);

}  // namespace lastref::wolfssl

#endif  // LASTREF_HARNESS_TARGET_WOLFSSL_SETTINGS_H_
