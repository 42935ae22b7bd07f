// The callbacks of a Lockstep: what the application's code does when the target calls it back, and
// what is written down of it. Called outside of the target's scope.

#include "harness/execute/lockstep.h"
#include "harness/model/handshake_choice.h"

namespace lastref {

void Lockstep::remove_callback(void* context, void* session) {
  if (context == nullptr && model_.contract().hazards.has(Hazard::CALLBACK_NO_CONTEXT)) return;
  const std::uint8_t number = witness_.number_of(session);
  const std::uint8_t of = performer_.context_number(context);
  const int place = witness_.events().size();
  witness_.add({EventKind::kRemoveCallback, number, of, 0});
  if (of == kNobody) return;
  const Performer::RemoveCallback installed = performer_.remove_callback(of);
  if (installed.mode != kOnRemoveDo) return;
  // A callback that should not be, or not now: what its body would do is no longer the program's.
  if (judged_ && (place >= expected_.events.size() ||
                  !(expected_.events[place] == witness_.events()[place]))) {
    return;
  }
  const std::int64_t result = performer_.perform(installed.body, Operation{}, session);
  witness_.add({EventKind::kNestedEnd, 0, 0, result});
}

// The callback has a reference, which it keeps by returning 1. One that returns 0 gives it back,
// and the session stays in the cache: SSL_CTX_sess_set_get_cb(3) has it removed, which no engine
// does.
void Lockstep::new_callback(void* connection, void* session, lastref_reply& reply) {
  const std::uint8_t of = performer_.connection_number(connection);
  witness_.add({EventKind::kNewCallback, witness_.number_of(session), of, 0});
  if (of == kNobody || performer_.on_new(of) != kOnNewKeep) return;
  reply.value = performer_.keep(session) ? 1 : 0;
}

// The callback hands its connection over to the context that the program named when it was set.
void Lockstep::servername_callback(void* context, void* connection, lastref_reply& reply) {
  const std::uint8_t of = performer_.context_number(context);
  if (of != kNobody) reply.context = performer_.on_servername(of);
  const std::uint8_t switched = performer_.connection_number(connection);
  const std::uint8_t to = performer_.context_number(reply.context);
  performer_.use_context(switched, to);
  witness_.add({EventKind::kServername, kNobody, switched, to});
}

void Lockstep::get_callback(void* connection, const std::uint8_t* id, std::size_t length,
                            lastref_reply& reply) {
  const std::uint8_t of = performer_.connection_number(connection);
  const std::uint8_t mode = of == kNobody ? kOnGetNone : performer_.on_get(of);
  if (mode != kOnGetNone) reply.session = performer_.find(id, length, get_callback_acquires(mode));
  if (mode != kOnGetBorrowed && mode != kOnGetOwned) {
    reply.value = 1;
    reply.copy = get_callback_hands_over(mode) ? 0 : 1;
  }
  const std::uint8_t number =
      reply.session == nullptr ? kNobody : witness_.number_of(reply.session);
  // "never for an empty one": what the value says of the id.
  witness_.add({EventKind::kGetCallback, number, of, length > 0 ? 1 : 0});
}

}  // namespace lastref
