// The life of sessions: SSL_SESSION_free(3).
#include "lib/session/session.h"

#include <ctime>

#include "lib/session/memory.h"

namespace lr {
namespace {

constexpr std::int64_t kNewTimeout = 304;  // seconds

}  // namespace

LR_SESSION* make_session() { return make<lr_session_st>(); }

void stamp(LR_SESSION* session, std::int64_t timeout) {
  session->content.time = std::time(nullptr);
  session->content.timeout = timeout;
}

void bear(LR_SESSION* session, const Owner& owner) {
  note_birth(session);
  note_acquire(session, owner);
  session->ex_data.born(session);
}

void bury(LR_SESSION* session) {
  note_death(session);
  session->ex_data.died(session);
  destroy(session);
}

}  // namespace lr

LR_SESSION* lr_SESSION_new() {
  LR_SESSION* session = lr::make_session();
  if (session == nullptr) return nullptr;
  lr::stamp(session, lr::kNewTimeout);
  lr::bear(session, LR_APPLICATION);
  return session;
}

LR_SESSION* lr_SESSION_dup(const LR_SESSION* source) {
  LR_SESSION* copy = lr::make_session();
  if (copy == nullptr) return nullptr;
  // All memory first: a copy that fails for want of it was never born.
  if (!copy->content.copy(source->content) || !copy->ex_data.reserve_like(source->ex_data)) {
    lr::destroy(copy);
    return nullptr;
  }
  copy->not_resumable = source->not_resumable;
  lr::bear(copy, LR_APPLICATION);
  if (!copy->ex_data.duplicate(source->ex_data)) {
    lr::release(copy, LR_APPLICATION);
    return nullptr;
  }
  return copy;
}

int lr_SESSION_up_ref(LR_SESSION* session) {
  if (session == nullptr) return 0;
  lr::acquire(session, LR_APPLICATION);
  return 1;
}

void lr_SESSION_free(LR_SESSION* session) {
  if (session != nullptr) lr::release(session, LR_APPLICATION);
}
