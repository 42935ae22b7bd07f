// Which session a server resumes for what a client offers.
#ifndef LASTREF_LIB_SESSION_RESUMPTION_H_
#define LASTREF_LIB_SESSION_RESUMPTION_H_

#include "lib/session/bytes.h"
#include "lib/session/content.h"

namespace lr {

struct Offer {
  SessionId id;
  ByteSpan ticket;  // borrowed; NULL for none
};

// With a reference of the server connection's; NULL for a full handshake, also when memory is
// short.
LR_SESSION* find_offered(LR_SSL* server, const Offer& offer);

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_RESUMPTION_H_
