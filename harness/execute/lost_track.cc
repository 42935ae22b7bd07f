// Behind an operation of which nobody can say who holds what: only the application's own references
// are counted, everything is given back, and then nothing may be left.

#include <bit>

#include "harness/execute/lockstep.h"
#include "harness/memory/heap.h"
#include "harness/model/handshake_choice.h"

namespace lastref {

// From here on only the application's references are known: those of before, that of the result,
// those that new callbacks kept, and those that get callbacks took and handed over.
void Lockstep::lose_track(const Operation& operation, const State& before, std::int64_t result) {
  sure_ = false;
  state_ = before;
  // What a callback's body did to references is not told apart.
  if (Model::may_run_body(before) || result == kResultUnknown) judged_ = false;
  for (ContextState& context : state_.contexts) context.count = 0;  // no flush in the teardown
  follow_births_and_deaths(operation);
  follow_handles(operation);
  if (Model::may_run_body(before)) {
    // Nor is it known what is left to give back: to free what a body has freed were our mistake.
    for (SessionState& session : state_.sessions) session.application = 0;
  }
  if (heap().faults_pending()) collect_faults(operation);
}

// The references that the application takes and hands over in a get callback.
void Lockstep::follow_get_callback(const Event& event) {
  if (event.context >= kMaxConnections || !state_.is_live(event.session)) return;
  const std::uint8_t on_get = performer_.on_get(event.context);
  std::uint8_t& application = state_.sessions[event.session].application;
  if (get_callback_acquires(on_get)) ++application;
  if (get_callback_hands_over(on_get) && application > 0) --application;
}

// The application's variables, and the references that it has got or lost by the operation.
void Lockstep::follow_handles(const Operation& operation) {
  for (std::uint8_t handle = 0; handle < kMaxHandles; ++handle) {
    void* const pointer = performer_.session(handle);
    const std::uint8_t now = pointer == nullptr ? kNobody : witness_.number_of(pointer);
    const bool assigned = row(operation.code).result == Result::SESSION
                              ? operation.result == handle
                              : operation.code == Op::D2I_INTO && operation.operand[0] == handle;
    const bool kept = operation.code == Op::HANDSHAKE && (empty_handles_ >> handle & 1U) != 0;
    const std::uint8_t old = state_.handles[handle];
    if (operation.code == Op::D2I_INTO && assigned && now != old && old < kMaxSessions) {
      state_.sessions[old].application = 0;
    }
    if ((kept || assigned) && now != old && state_.is_live(now)) ++state_.sessions[now].application;
    state_.handles[handle] = now;
  }
}

void Lockstep::follow_births_and_deaths(const Operation& operation) {
  const bool may_lose = operation.code == Op::D2I_INTO;
  for (const Event& event : witness_.events().view()) {
    if (event.session >= kMaxSessions) continue;
    SessionState& session = state_.sessions[event.session];
    const std::uint64_t bit = std::uint64_t{1} << event.session;
    if (event.kind == EventKind::kGetCallback) {
      follow_get_callback(event);
    } else if (event.kind == EventKind::kBirth) {
      session = SessionState{};
      state_.live |= bit;
    } else if (event.kind == EventKind::kDeath) {
      state_.live &= ~bit;
      if (session.application == 0 || may_lose || !judged_) continue;
      report(Discrepancy::kUnexpectedDeath, operation, event.session, session.application, 0);
    }
  }
  state_.born = static_cast<std::uint8_t>(witness_.born());
}

// Gives back all that the application has, in the order asked for. Whatever else held sessions goes
// with it, so that none may be left.
void Lockstep::let_go(Teardown teardown) {
  Operation last;
  last.code = Op::CONTEXT_FREE;
  TeardownWalk walk(teardown);
  while (const auto operation = walk.next(state_)) {
    if (failed() && !watch_.consequences) break;
    last = *operation;
    const bool failed_before = failed();
    let_go_of(last);
    if (failed() && !failed_before && on_failed) on_failed(symptoms_);
    ++operation_;
  }
  if (judged_ && !failed()) {
    for (std::uint64_t live = state_.live; live != 0; live &= live - 1) {
      const auto number = static_cast<std::uint8_t>(std::countr_zero(live));
      report(Discrepancy::kMissingDeath, last, number, 0, 0);
    }
  }
  end_program(last);
  symptoms_.settle();
}

void Lockstep::let_go_of(const Operation& operation) {
  const std::uint8_t operand = operation.operand[0];
  switch (operation.code) {
    case Op::SESSION_FREE:
      --state_.sessions[state_.handles[operand]].application;
      break;
    case Op::CONNECTION_FREE:
      state_.connections[operand].alive = 0;
      break;
    case Op::CONTEXT_FREE:
      --state_.contexts[operand].application;
      break;
    default:  // a remove callback that had a body
      state_.contexts[operand].on_remove = kOnRemoveWatch;
      break;
  }
  if (on_operation) on_operation(operation_, operation);
  witness_.begin_operation();
  performer_.perform(operation, Operation{});
  follow_births_and_deaths(operation);
  if (watch_.quarantine) heap().check_quarantine();
  if (heap().faults_pending()) collect_faults(operation);
}

}  // namespace lastref
