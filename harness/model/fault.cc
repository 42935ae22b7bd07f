#include "harness/model/fault.h"

#include "harness/model/event.h"

namespace lastref {
namespace {

// Whether it changes the contents of the session that it names first.
bool sets_contents(Op code) {
  switch (code) {
    case Op::SET_ID:
    case Op::SET_ID_CONTEXT:
    case Op::SET_HOSTNAME:
    case Op::SET_ALPN:
    case Op::SET_TICKET:
    case Op::SET_APPDATA:
    case Op::SET_MASTER_KEY:
    case Op::SET_TIME:
    case Op::SET_TIMEOUT:
    case Op::SET_EX_DATA:
    case Op::SET_VERSION:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool reports_failure(const Operation& operation, std::int64_t result) {
  if (sets_contents(operation.code)) return result == 0 || result == kResultUnknown;
  switch (operation.code) {
    case Op::SESSION_UP_REF:
    case Op::DUP_REFUSED:
    case Op::SET_PROTOCOL:
    case Op::SET_TICKET_KEY:
    case Op::SET_SID_CONTEXT:
    case Op::CONTEXT_UP_REF:
    case Op::CACHE_ADD:
    case Op::CACHE_REMOVE:
    case Op::CACHE_LOOKUP:
    case Op::CONNECTION_CLEAR:
    case Op::SET_SESSION:
    case Op::HANDSHAKE:
      return result == 0 || result == kResultUnknown;
    case Op::CROWD:
      return result < kCrowd;
    case Op::I2D_LENGTH:
    case Op::I2D:
    case Op::I2D_ALLOCATE:
    case Op::SHUTDOWN:
      return result <= 0;
    case Op::SET_TICKETS:
    case Op::SET_CONTEXT:
      return result == kResultUnknown;
    default:
      break;
  }
  switch (row(operation.code).result) {
    case Result::SESSION:
    case Result::CONTEXT:
    case Result::CONNECTION:
      return result == kResultNull || result == kResultUnknown;
    default:
      return operation.code == Op::D2I_INTO && result == kResultNull;
  }
}

bool has_halves(Op code) {
  switch (code) {
    case Op::CACHE_ADD:
    case Op::CACHE_REMOVE:
    case Op::CACHE_FLUSH:
    case Op::CACHE_LOOKUP:
    case Op::CONNECTION_CLEAR:
    case Op::SET_SESSION:
    case Op::SET_CONTEXT:
    case Op::COPY_SESSION:
    case Op::D2I_INTO:
    case Op::HANDSHAKE:
    case Op::SHUTDOWN:
      return true;
    default:
      return false;
  }
}

bool hides_halves(Op code, const Contract& contract) {
  switch (code) {
    case Op::CACHE_ADD:
    case Op::CACHE_REMOVE:
    case Op::CACHE_FLUSH:
    case Op::CACHE_LOOKUP:
      return !contract.is(Switch::CACHE_ADDS, cache_adds::kReference);
    case Op::CONNECTION_CLEAR:
    case Op::SET_CONTEXT:
    case Op::SHUTDOWN:
      return true;
    default:
      return has_halves(code) && !contract.is(Switch::SET_SESSION, set_session::kAcquires);
  }
}

void fail(State& state, const Operation& operation) {
  if (row(operation.code).result == Result::SESSION) state.handles[operation.result] = kNobody;
}

std::uint8_t doubtful(const State& before, const Operation& operation) {
  if (sets_contents(operation.code)) return before.handles[operation.operand[0] % kMaxHandles];
  switch (operation.code) {
    case Op::D2I_INTO:
      return operation.operand[0] < kMaxHandles ? before.handles[operation.operand[0]] : kNobody;
    case Op::CACHE_ADD:
    case Op::CACHE_LOOKUP:
      return operation.operand[1] < kMaxHandles ? before.handles[operation.operand[1]] : kNobody;
    default:
      return kNobody;
  }
}

}  // namespace lastref
