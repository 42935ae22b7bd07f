// A connection: what uses a session. It owns a reference to its session and one to each of its two
// contexts, and belongs to one thread at a time.
#ifndef LASTREF_LIB_SESSION_CONNECTION_H_
#define LASTREF_LIB_SESSION_CONNECTION_H_

#include "lastref/session.h"
#include "lib/session/content.h"

struct lr_ssl_st {
  LR_CTX* context;          // in use
  LR_CTX* session_context;  // whose cache it uses: the one it was made from
  LR_SESSION* session = nullptr;
  lr::IdContext id_context{};  // what its sessions belong to
  bool tickets = true;         // it takes them as a client and gives them as a server
  bool quiet = false;          // it closes without a word
  bool established = false;    // its handshake is done
  bool sent_shutdown = false;
  bool reused = false;  // the handshake resumed a session
};

namespace lr {

// The connection's session becomes this one, whose reference the caller hands over; the one before
// is released. NULL for none.
void put_session(LR_SSL* connection, LR_SESSION* session);

// What the side that ended a handshake owes to its cache: SSL_CTX_set_session_cache_mode(3),
// SSL_CTX_sess_set_get_cb(3). `side` is LR_SESS_CACHE_SERVER or LR_SESS_CACHE_CLIENT.
void handshake_done(LR_SSL* connection, long side);

// The connection's session leaves the cache, and may not be resumed. One without an id that is in
// no cache stays as it is: nobody could resume it, and by its key others without an id would leave.
void drop_session(LR_SSL* connection);

// An open session of a connection that was not shut down is bad and leaves the cache, as
// SSL_clear(3) and RFC 2246 say. Whether it was so.
bool forsake_bad_session(LR_SSL* connection);

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_CONNECTION_H_
