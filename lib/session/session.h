// A session: one block, whose address is the LR_SESSION*. Owned by its references; the last one to
// be released destroys it.
#ifndef LASTREF_LIB_SESSION_SESSION_H_
#define LASTREF_LIB_SESSION_SESSION_H_

#include "lastref/session.h"
#include "lib/session/content.h"
#include "lib/session/counter.h"
#include "lib/session/ex_data.h"
#include "lib/session/link.h"
#include "lib/session/owner.h"
#include "lib/session/relaxed.h"

struct lr_session_st {
  lr::Counter references;
  lr::Relaxed<bool> not_resumable;  // marked by lr_CTX_remove_session for all holders at once
  lr::Link link;  // beside the count, since who finds a session in a cache acquires it
  lr::Content content;
  lr_ex_data_st ex_data;
};

namespace lr {

// A session of empty content with one reference of `owner`'s, not yet born: nobody was told of it.
// NULL when memory is short.
LR_SESSION* make_session();
// Seconds since the epoch, time and timeout of a session that is born now.
void stamp(LR_SESSION* session, std::int64_t timeout);
// Tells the ledger and the application's ex_data functions of it.
void bear(LR_SESSION* session, const Owner& owner);

void bury(LR_SESSION* session);

inline void acquire(LR_SESSION* session, const Owner& owner) {
  note_acquire(session, owner);
  session->references.acquire();
}

inline void release(LR_SESSION* session, const Owner& owner) {
  // Before the count goes down, for then the session may be gone.
  note_release(session, owner);
  if (session->references.release()) bury(session);
}

inline bool is_resumable(const LR_SESSION& session) {
  return !session.not_resumable && (session.content.id.size() != 0 || session.content.has_ticket());
}

// Its time or timeout changed: it takes its place anew in the cache that links it, if one does.
void expiry_changed(LR_SESSION* session);

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_SESSION_H_
