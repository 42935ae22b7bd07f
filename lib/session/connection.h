// A connection: what uses a session. It owns a reference to its session and one to each of its two
// contexts, and belongs to one thread at a time.
#ifndef LASTREF_LIB_SESSION_CONNECTION_H_
#define LASTREF_LIB_SESSION_CONNECTION_H_

#include "lastref/session.h"

struct lr_ssl_st {
  LR_CTX* context;          // in use
  LR_CTX* session_context;  // whose cache it uses: the one it was made from
  LR_SESSION* session;
};

#endif  // LASTREF_LIB_SESSION_CONNECTION_H_
