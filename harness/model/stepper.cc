#include "harness/model/stepper.h"

#include <algorithm>

#include "harness/program/values.h"

namespace lastref {

// Looked for in a copy, for where it does the operation must not have begun.
bool Stepper::frees_an_object(const Operation& operation, const Operation& body) const {
  if (row(operation.code).effect == Effect::RELEASE || operation.code == Op::SET_CONTEXT)
    return true;
  State tried = state_;
  Expectation seen;
  Operation unharmed = operation;
  unharmed.fault = Fault();
  Stepper(contract_, tried, seen, choice_).run(unharmed, body);
  const auto events = seen.events.view();
  return std::any_of(events.begin(), events.end(),
                     [](const Event& event) { return event.kind == EventKind::kDeath; });
}

Legality Stepper::run(const Operation& operation, const Operation& body) {
  if (operation.fault.is_allocation() && hazard(Hazard::FREE_NEEDS_MEMORY) &&
      frees_an_object(operation, body)) {
    return Legality::kHazard;
  }
  if (in_handshake_ && !may_reenter(operation.code)) return Legality::kInsideCallback;
  switch (operation.code) {
    case Op::SESSION_NEW:
    case Op::SESSION_NEW_WITH_ID:
      return session_new(operation);
    case Op::SESSION_DUP:
      return dup(operation);
    case Op::DUP_REFUSED:
      return dup_refused(operation);
    case Op::SESSION_UP_REF:
      return up_ref(operation);
    case Op::SESSION_KEEP:
      return keep(operation);
    case Op::SESSION_FREE:
      return free(operation);
    case Op::SESSION_FORGET:
      return forget(operation);
    case Op::SET_ID:
    case Op::SET_ID_CONTEXT:
    case Op::SET_HOSTNAME:
    case Op::SET_ALPN:
    case Op::SET_TICKET:
    case Op::SET_APPDATA:
    case Op::SET_MASTER_KEY:
      return set_bytes(operation);
    case Op::SET_TIME:
    case Op::SET_TIMEOUT:
    case Op::SET_EX_DATA:
    case Op::SET_VERSION:
      return set_number(operation);
    case Op::GET_ID:
    case Op::GET_ID_CONTEXT:
    case Op::GET_TIME:
    case Op::GET_TIMEOUT:
    case Op::GET_HOSTNAME:
    case Op::GET_ALPN:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
    case Op::GET_MASTER_KEY:
    case Op::GET_EX_DATA:
    case Op::GET_VERSION:
    case Op::IS_RESUMABLE:
    case Op::HAS_TICKET:
      return get(operation);
    case Op::I2D_LENGTH:
    case Op::I2D:
    case Op::I2D_ALLOCATE:
      return i2d(operation);
    case Op::D2I:
    case Op::D2I_FRESH:
      return d2i(operation);
    case Op::D2I_INTO:
      return d2i_into(operation);
    case Op::BLOB_TRUNCATE:
    case Op::BLOB_CHANGE:
      return damage(operation);
    case Op::BLOB_GIVE:
      return give(operation);
    case Op::CLOCK_ADVANCE:
      if (!may_pass_inside()) return Legality::kInsideCallback;
      state_.now += number_values(OperandKind::kClockStep)[operation.operand[0]].value;
      expected_.result = 0;  // also inside of a callback
      return Legality::kLegal;
    default:
      break;
  }
  // What is left concerns contexts and connections: not from inside a callback, where a library may
  // hold the context's lock, unless the contract says so.
  if (in_body_ && !contract_.is(Switch::CONTEXT_CALLS_IN_REMOVE, context_calls::kAllowed)) {
    return Legality::kInsideCallback;
  }
  // Nor with a connection that shakes hands, but to ask for its session: no manual speaks of it.
  if (in_handshake_ && row(operation.code).operands.starts_with('n') &&
      operation.code != Op::GET0_SESSION && operation.code != Op::GET1_SESSION &&
      operation.code != Op::HAS_SESSION_ID) {
    return Legality::kInsideCallback;
  }
  switch (operation.code) {
    case Op::CONTEXT_NEW:
    case Op::CONTEXT_UP_REF:
    case Op::CONTEXT_FREE:
      return context_life(operation);
    case Op::SET_MODE:
    case Op::SET_CACHE_SIZE:
    case Op::SET_DEFAULT_TIMEOUT:
    case Op::ON_NEW:
    case Op::ON_GET:
    case Op::ON_REMOVE:
    case Op::SET_PROTOCOL:
    case Op::SET_TICKETS:
    case Op::SET_TICKET_KEY:
    case Op::SET_SID_CONTEXT:
    case Op::ON_SERVERNAME:
      return context_set(operation, body);
    case Op::IN_NEW:
    case Op::IN_GET:
    case Op::IN_SERVERNAME:
      return set_inside(operation, body);
    case Op::CACHE_ADD:
      return add(operation);
    case Op::CACHE_LOOKUP:
      return lookup(operation);
    case Op::CACHE_REMOVE:
      return remove(operation);
    case Op::CACHE_FLUSH:
      return flush(operation);
    case Op::CONNECTION_NEW:
    case Op::CONNECTION_FREE:
    case Op::CONNECTION_CLEAR:
    case Op::SET_SESSION:
    case Op::GET0_SESSION:
    case Op::GET1_SESSION:
    case Op::COPY_SESSION:
    case Op::REMOVE_OWN:
    case Op::SET_CONTEXT:
    case Op::HAS_SESSION_ID:
      return connection(operation);
    case Op::HANDSHAKE:
      return handshake(operation);
    case Op::SHUTDOWN:
      return shutdown(operation);
    case Op::CROWD:
      // A context of its own has as many sessions; who is told of when, the contract says.
      expected_.result =
          contract_.is(Switch::FLUSH_ORDER, flush_order::kCallbacksFirst) ? kCrowd : 1;
      return Legality::kLegal;
    default:
      return context_get(operation);
  }
}

// Whether the time may pass where we are. When a library that calls back has read its clock no
// manual says, so that in a callback only a contract that leaves nothing open has it.
bool Stepper::may_pass_inside() const {
  if (in_handshake_) return contract_.is(Switch::CALLBACK_CALLS, callback_calls::kAny);
  return !in_body_ || contract_.is(Switch::CONTEXT_CALLS_IN_REMOVE, context_calls::kAllowed);
}

Legality Stepper::session_operand(std::uint8_t operand, Number& out) const {
  out = kNobody;
  if (operand == kNullHandle) return Legality::kLegal;
  if (operand == kArgumentHandle) {
    out = argument_;
    return argument_ == kNobody ? Legality::kNoObject : Legality::kLegal;
  }
  out = state_.handles[operand];
  return Legality::kLegal;
}

Legality Stepper::use(std::uint8_t operand, Number& out) const {
  const Legality legality = session_operand(operand, out);
  if (legality != Legality::kLegal) return legality;
  if (out == kNobody) return Legality::kNoObject;
  return state_.is_live(out) ? Legality::kLegal : Legality::kDeadSession;
}

// A context to which the application's last pointer is gone may live on in its connections; the
// application cannot name it any more.
Legality Stepper::context_operand(std::uint8_t operand) const {
  return state_.contexts[operand].application > 0 ? Legality::kLegal : Legality::kNoObject;
}

Legality Stepper::connection_operand(std::uint8_t operand) const {
  return state_.connections[operand].alive != 0 ? Legality::kLegal : Legality::kNoObject;
}

std::int64_t Stepper::number_of(const Operation& operation) {
  return number_values(operand_kind(row(operation.code), 1))[operation.operand[1]].value;
}

bool Stepper::named_elsewhere(Number number, int except) const {
  for (int h = 0; h < kMaxHandles; ++h) {
    if (h != except && state_.handles[static_cast<std::size_t>(h)] == number) return true;
  }
  return false;
}

Legality Stepper::assignable(std::uint8_t handle, Number next) const {
  const Number held = state_.handles[handle];
  if (held == kNobody || held == next || session(held).application == 0 ||
      named_elsewhere(held, handle)) {
    return Legality::kLegal;
  }
  return Legality::kLosesReference;
}

// From inside a callback a change to a session that a cache links may need the lock that is held.
Legality Stepper::changeable(Number number) const {
  return in_body_ && session(number).cached() ? Legality::kInsideCallback : Legality::kLegal;
}

// Linked, or, while a callback runs, about to be: a library may link before it evicts.
bool Stepper::in_a_cache(Number number) const {
  return session(number).cached() ||
         (in_body_ && number != argument_ && session(number).in_flight > 0);
}

Stepper::Number Stepper::birth(const Contents& contents) {
  const Number number = state_.born++;
  SessionState& born = state_.sessions[number];
  born = SessionState{};
  born.contents = contents;
  born.application = 1;
  born.acquired = 1;
  state_.live |= std::uint64_t{1} << number;
  expected_.events.add({EventKind::kBirth, number, 0, 0});
  return number;
}

void Stepper::settle(Number number) {
  SessionState& settled = session(number);
  if (settled.holders() > 0) return;
  state_.live &= ~(std::uint64_t{1} << number);
  expected_.events.add({EventKind::kDeath, number, 0, 0});
}

}  // namespace lastref
