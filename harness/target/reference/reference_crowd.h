// Sessions by the dozen in a cache of their own, which no program could name. Part of the adapter's
// one translation unit.
#ifndef LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_CROWD_H_
#define LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_CROWD_H_

#include <lastref/session.h>
#include <lastref/target_abi.h>

#include <cstdint>

namespace lastref::reference {

struct CrowdCount {
  bool counting = false;
  int told = 0;       // callbacks before the first destruction
  int destroyed = 0;  // since the flush began
};
inline constinit CrowdCount crowd_count;

// To be called whenever a session is destroyed.
inline void note_destruction() {
  if (crowd_count.counting) ++crowd_count.destroyed;
}

inline void count_removal(LR_CTX*, LR_SESSION*) {
  if (crowd_count.destroyed == 0) ++crowd_count.told;
}

// What LASTREF_OP_CROWD returns; fewer where memory is short, and a negative number for what the
// cache has kept.
inline std::int64_t crowd() {
  LR_CTX* const context = lr_CTX_new();
  if (context == nullptr) return 0;
  lr_CTX_sess_set_remove_cb(context, count_removal);
  for (unsigned char id = 0; id < LASTREF_CROWD; ++id) {
    LR_SESSION* const session = lr_SESSION_new();
    if (session == nullptr) break;
    lr_SESSION_set1_id(session, &id, 1);
    lr_CTX_add_session(context, session);
    lr_SESSION_free(session);
  }
  crowd_count = CrowdCount{.counting = true};
  lr_CTX_flush_sessions(context, 0);
  crowd_count.counting = false;
  const long kept = lr_CTX_sess_number(context);
  lr_CTX_free(context);
  return kept == 0 ? crowd_count.told : -kept;
}

}  // namespace lastref::reference

#endif  // LASTREF_HARNESS_TARGET_REFERENCE_REFERENCE_CROWD_H_
