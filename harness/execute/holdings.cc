#include "harness/execute/holdings.h"

#include <algorithm>

#include "harness/program/reentry.h"

namespace lastref {
namespace {

// Whether the variable that it assigns has a reference of its own to what it names then.
bool takes_into_variable(Op code) {
  return row(code).result == Result::SESSION && row(code).effect == Effect::ACQUIRE;
}

// Whether it reads what it names, or counts references, and changes nothing else.
bool changes_nothing(Op code) {
  switch (code) {
    case Op::SESSION_DUP:
    case Op::SESSION_UP_REF:
    case Op::SESSION_FREE:
    case Op::SESSION_KEEP:
    case Op::SESSION_FORGET:
    case Op::I2D:
    case Op::I2D_ALLOCATE:
    case Op::I2D_LENGTH:
      return true;
    default:
      return is_named_by("getters", code);
  }
}

// Whether no cache and no connection has it, nor what a library shares behind its back.
bool is_the_applications(const SessionState& session) {
  return session.connections == 0 && session.contents.table_ex_data == 0 &&
         session.contents.unknown == 0;
}

}  // namespace

void Holdings::begin(const State& before) {
  state_.take(before);
  active_ = true;
  certain_ = true;
  followed_ = 0;
  cached_ = 0;
  as_before_ = 0;
  lived_ = 0;
  left_ = 0;
  lost_ = 0;
  for (std::uint8_t number = 0; number < before.born; ++number) {
    const std::uint64_t bit = std::uint64_t{1} << number;
    if (!before.is_live(number)) {
      state_.sessions[number].application = 0;
    } else if (before.sessions[number].cached()) {
      cached_ |= bit;
    } else if (is_the_applications(before.sessions[number])) {
      as_before_ |= bit;
    }
  }
  for (std::uint8_t number = 0; number < kMaxContexts; ++number) {
    if (before.contexts[number].alive()) lived_ |= 1U << number;
    state_.contexts[number].count = 0;  // what its cache links nobody knows any more
  }
}

std::uint8_t Holdings::session_of(std::uint8_t operand, std::uint8_t lent) const {
  if (operand == kArgumentHandle) return lent;
  return operand < kMaxHandles ? state_.handles[operand] : kNobody;
}

bool Holdings::has(std::uint8_t session) const {
  return state_.is_live(session) && state_.sessions[session].application > 0;
}

bool Holdings::is_named(std::uint8_t session, int except) const {
  for (int handle = 0; handle < kMaxHandles; ++handle) {
    if (handle != except && state_.handles[static_cast<std::size_t>(handle)] == session) {
      return true;
    }
  }
  return false;
}

// A session that a cache may link keeps its id and version where the contract has it so; whether
// one does is not known any more.
bool Holdings::keeps_its_key(const Operation& operation, std::uint8_t session) const {
  const bool changes = operation.code == Op::SET_ID || operation.code == Op::SET_VERSION;
  return !changes || (cached_ >> session & 1U) == 0;
}

bool Holdings::may_use(const Operation& operation, std::size_t position, std::uint8_t lent) const {
  const std::uint8_t operand = operation.operand[position];
  const OperandKind kind = operand_kind(row(operation.code), position);
  switch (kind) {
    case OperandKind::kSession:
    case OperandKind::kSessionOrNull: {
      const std::uint8_t session = session_of(operand, lent);
      if (session == kNobody) return kind == OperandKind::kSessionOrNull;
      if (operation.code == Op::SESSION_FREE) return has(session);
      return state_.is_live(session) && keeps_its_key(operation, session);
    }
    case OperandKind::kContext:
      return state_.contexts[operand].application > 0;
    case OperandKind::kConnection:
      return state_.connections[operand].alive != 0;
    case OperandKind::kBlob:
      return state_.blobs[operand].written != 0;
    default:
      return true;
  }
}

bool Holdings::may_assign(const Operation& operation, std::uint8_t lent) const {
  switch (row(operation.code).result) {
    case Result::SESSION: {
      const std::uint8_t old = state_.handles[operation.result];
      const bool same =
          operation.code == Op::SESSION_KEEP && session_of(operation.operand[0], lent) == old;
      return same || !has(old) || is_named(old, operation.result);
    }
    case Result::CONTEXT:
      return (lived_ >> operation.result & 1U) == 0 &&
             state_.contexts[operation.result].application == 0;
    case Result::CONNECTION:
      return state_.connections[operation.result].alive == 0;
    default:
      break;
  }
  // A reference to what a callback was given needs a variable that names it.
  const bool lent_one =
      operation.code == Op::SESSION_UP_REF && operation.operand[0] == kArgumentHandle;
  const bool forgets = operation.code == Op::SESSION_FORGET;
  const std::uint8_t session = session_of(operation.operand[0], lent);
  if (lent_one) return is_named(session, -1);
  return !forgets || !has(session) || is_named(session, operation.operand[0]);
}

bool Holdings::may_ask(const Operation& operation, std::uint8_t lent) const {
  if (!active_) return true;
  for (std::size_t i = 0; i < row(operation.code).operands.size(); ++i) {
    if (!may_use(operation, i, lent)) return false;
  }
  return may_assign(operation, lent);
}

void Holdings::touch(std::uint8_t session) {
  if (session < kMaxSessions) as_before_ &= ~(std::uint64_t{1} << session);
}

void Holdings::touch_operands(const Operation& operation, std::uint8_t lent) {
  const OperationRow& of = row(operation.code);
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const OperandKind kind = operand_kind(of, i);
    if (kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull) {
      touch(session_of(operation.operand[i], lent));
    }
  }
}

void Holdings::ask(const Operation& operation, std::uint8_t lent) {
  if (!active_) return;
  if (!changes_nothing(operation.code)) touch_operands(operation, lent);
  const std::uint8_t operand = operation.operand[0];
  switch (operation.code) {
    case Op::SESSION_FREE:
      release(session_of(operand, lent));
      break;
    case Op::SESSION_FORGET:
      state_.handles[operand] = kNobody;
      break;
    case Op::D2I_INTO: {
      // "On error (NULL return value), the object is freed".
      const std::uint8_t session = session_of(operand, lent);
      decoded_ = has(session) ? state_.sessions[session].application : std::uint8_t{0};
      if (decoded_ > 0) state_.sessions[session].application = 0;
      break;
    }
    case Op::ON_REMOVE:
      state_.contexts[operand].on_remove = operation.operand[1];
      break;
    case Op::CONTEXT_FREE:
      if (state_.contexts[operand].application == 0) break;
      if (--state_.contexts[operand].application == 0) left_ |= 1U << operand;
      break;
    case Op::CONNECTION_FREE:
      state_.connections[operand].alive = 0;
      break;
    default:
      break;
  }
}

void Holdings::answer(const Operation& operation, std::uint8_t lent, std::int64_t result,
                      std::uint8_t named) {
  if (!active_) return;
  if (result == kResultUnknown) certain_ = false;
  if (row(operation.code).result == Result::SESSION) {
    assign(operation.result, named);
    if (takes_into_variable(operation.code) && result >= 0) acquire(named);
    return;
  }
  switch (operation.code) {
    case Op::SESSION_UP_REF:
      if (result == 1) acquire(session_of(operation.operand[0], lent));
      break;
    case Op::D2I_INTO:
      decoded_into(operation, named);
      break;
    case Op::I2D:
    case Op::I2D_ALLOCATE:
      state_.blobs[operation.result].written = result > 0 ? 1 : 0;
      break;
    case Op::CONTEXT_NEW:
      state_.contexts[operation.result].application = result >= 0 ? 1 : 0;
      break;
    case Op::CONTEXT_UP_REF:
      if (result == 1) ++state_.contexts[operation.operand[0]].application;
      break;
    case Op::CONNECTION_NEW:
      state_.connections[operation.result].alive = result >= 0 ? 1 : 0;
      break;
    default:
      break;
  }
}

void Holdings::decoded_into(const Operation& operation, std::uint8_t named) {
  const std::uint8_t handle = operation.operand[0];
  if (handle >= kMaxHandles) return;
  if (named != state_.handles[handle]) {
    assign(handle, named);
    if (named != kNobody) acquire(named);
  } else if (state_.is_live(named)) {
    state_.sessions[named].application = decoded_;
  }
}

void Holdings::acquire(std::uint8_t session) {
  if (!active_) return;
  if (state_.is_live(session)) {
    ++state_.sessions[session].application;
  } else {
    certain_ = false;
  }
}

void Holdings::release(std::uint8_t session) {
  if (active_ && has(session)) --state_.sessions[session].application;
}

void Holdings::assign(std::uint8_t handle, std::uint8_t session) {
  if (active_) state_.handles[handle] = session;
}

void Holdings::follow(const EventList& events) {
  if (!active_) return;
  if (events.overflowed()) certain_ = false;
  for (; followed_ < events.size(); ++followed_) {
    const Event& event = events[followed_];
    if (event.session >= kMaxSessions) continue;
    const std::uint64_t bit = std::uint64_t{1} << event.session;
    SessionState& session = state_.sessions[event.session];
    if (event.kind == EventKind::kBirth) {
      session = SessionState{};
      state_.live |= bit;
      state_.born = std::max(state_.born, static_cast<std::uint8_t>(event.session + 1));
    } else if (event.kind == EventKind::kDeath) {
      state_.live &= ~bit;
      as_before_ &= ~bit;
      if (session.application == 0) continue;
      if (lost_ < losses_.size()) losses_[lost_++] = {event.session, session.application};
      session.application = 0;
    }
  }
}

void Holdings::renumber(const Renumbering& renumbering, const EventList& settled) {
  if (!active_) return;
  lastref::renumber(state_, renumbering);
  for (Loss& loss : std::span(losses_).first(lost_)) loss.session = renumbering(loss.session);
  followed_ = settled.size();
}

}  // namespace lastref
