// The callbacks of a Lockstep: what the application's code does when the target calls it back, and
// what is written down of it. Called outside of the target's scope.

#include <algorithm>

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
  // Nor in the teardown of a program that was lost track of.
  if (installed.mode != kOnRemoveDo || in_callback_ || !sure_) return;
  // A callback that should not be, or not now: what its body would do is no longer the program's.
  if (judged_ && (place >= expected_.events.size() ||
                  !(expected_.events[place] == witness_.events()[place]))) {
    return;
  }
  run_body(installed.body, session);
}

// The operation in a callback; callbacks that it leads to only answer. Behind a failure what it
// needs may be missing, or not be the application's any more: then it is left out.
void Lockstep::run_body(const Operation& body, void* argument) {
  const std::uint8_t lent = argument == nullptr ? kNobody : witness_.number_of(argument);
  holdings_.follow(witness_.events());
  if (!holdings_.may_ask(body, lent)) return;
  holdings_.ask(body, lent);
  const int born = witness_.born();
  in_callback_ = true;
  const std::int64_t result = performer_.perform(body, Operation{}, argument);
  in_callback_ = false;
  const bool session = row(body.code).result == Result::SESSION || body.code == Op::D2I_INTO;
  witness_.add(session ? nested_session(result) : Event{EventKind::kNestedEnd, 0, 0, result});
  if (!holdings_.active()) return;
  hear_answer(body, lent, result);
  judge_body(body, lent, result, born);
}

// What a callback of a handshake, whose event was written down last, does before it answers. Which
// sessions the events of a handshake are about shows only at its end.
void Lockstep::act_inside(Inside callback, std::uint8_t context, void* argument) {
  if (context == kNobody || in_callback_) return;
  const Operation* const body = performer_.inside(callback, context);
  if (body == nullptr) return;
  const auto told = [](const Event& event) {
    return event.kind != EventKind::kBirth && event.kind != EventKind::kDeath;
  };
  const auto seen = witness_.events().view();
  auto left = std::ranges::count_if(seen, told);
  const Event& now = seen.back();
  for (const Event& event : expected_.events.view()) {
    if (!told(event) || --left > 0) continue;
    const bool due = event.kind == now.kind && event.context == now.context;
    if (due || !judged_) run_body(*body, argument);
    return;
  }
  if (!judged_) run_body(*body, argument);
}

// The callback has a reference, which it keeps by returning 1. One that returns 0 gives it back,
// and the session stays in the cache: SSL_CTX_sess_set_get_cb(3) has it removed, which no engine
// does.
void Lockstep::new_callback(void* connection, void* session, lastref_reply& reply) {
  const std::uint8_t of = performer_.connection_number(connection);
  const std::uint8_t number = witness_.number_of(session);
  witness_.add({EventKind::kNewCallback, number, of, 0});
  if (of == kNobody) return;
  const bool keeps = performer_.on_new(of) == kOnNewKeep;
  holdings_.follow(witness_.events());
  holdings_.acquire(number);
  act_inside(Inside::kNew, performer_.heard(of), session);
  const std::uint8_t variable = keeps ? performer_.keep(session) : kNobody;
  // To decline a reference that the body gave back would be to give it back twice.
  const bool gone = holdings_.active() && number != kNobody && !holdings_.has(number);
  reply.value = variable != kNobody || gone ? 1 : 0;
  if (variable != kNobody) {
    holdings_.assign(variable, number);
  } else {
    holdings_.release(number);
  }
}

// The callback hands its connection over to the context that the program named when it was set.
void Lockstep::servername_callback(void* context, void* connection, lastref_reply& reply) {
  const std::uint8_t of = performer_.context_number(context);
  if (of != kNobody) reply.context = performer_.on_servername(of);
  const std::uint8_t switched = performer_.connection_number(connection);
  const std::uint8_t to = performer_.context_number(reply.context);
  witness_.add({EventKind::kServername, kNobody, switched, to});
  act_inside(Inside::kServername, of, nullptr);
  if (to != kNobody && holdings_.has_left(to)) {
    reply.context = nullptr;
  } else {
    performer_.use_context(switched, to);
  }
}

void Lockstep::get_callback(void* connection, const std::uint8_t* id, std::size_t length,
                            lastref_reply& reply) {
  const std::uint8_t of = performer_.connection_number(connection);
  const std::uint8_t mode = of == kNobody ? kOnGetNone : performer_.on_get(of);
  const int place = witness_.events().size();
  // "never for an empty one": what the value says of the id.
  witness_.add({EventKind::kGetCallback, kNobody, of, length > 0 ? 1 : 0});
  if (of != kNobody) act_inside(Inside::kGet, performer_.heard(of), nullptr);
  if (!get_callback_has_nothing(mode)) {
    reply.session = performer_.find(id, length, get_callback_acquires(mode));
  }
  if (reply.session != nullptr && !give(witness_.number_of(reply.session), mode)) {
    reply.session = nullptr;
  }
  if (mode != kOnGetNone && mode != kOnGetBorrowed && mode != kOnGetOwned) {
    reply.value = 1;
    reply.copy = get_callback_hands_over(mode) ? 0 : 1;
  }
  if (reply.session != nullptr) witness_.name(place, witness_.number_of(reply.session));
}

// What becomes of the application's references to a session that a get callback answers with. False
// when it would hand one over that it has not.
bool Lockstep::give(std::uint8_t session, std::uint8_t mode) {
  holdings_.follow(witness_.events());
  holdings_.give(session);
  if (get_callback_acquires(mode)) holdings_.acquire(session);
  if (!get_callback_hands_over(mode)) return true;
  if (holdings_.active() && !holdings_.has(session)) return false;
  holdings_.release(session);
  return true;
}

}  // namespace lastref
