#include "harness/execute/performer.h"

#include <algorithm>

#include "harness/execute/call_plan.h"
#include "harness/memory/clock.h"
#include "harness/memory/guarded_input.h"
#include "harness/memory/heap.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

// A getter that gives no pointer gives no bytes; whether that is "none" or "empty" depends on
// whether the field can be absent.
std::int64_t bytes_result(const lastref_result& result, bool can_be_absent) {
  static constexpr std::uint8_t kNothing = 0;
  if (can_be_absent) return fingerprint(result.bytes, result.length);
  return fingerprint(result.bytes == nullptr ? &kNothing : result.bytes, result.length);
}

std::int64_t bytes_or_none(const lastref_result& result) {
  return result.length == 0 ? 0 : fingerprint(result.bytes, result.length);
}

}  // namespace

void Performer::begin_program() {
  handles_.fill(nullptr);
  contexts_.fill(PooledContext{});
  connections_.fill(nullptr);
  retired_ = 0;
  for (RemoveCallback& callback : on_remove_) callback.mode = kOnRemoveOff;
}

void* Performer::session(std::uint8_t operand, void* argument) const {
  if (operand < kMaxHandles) return handles_[operand];
  return operand == kArgumentHandle ? argument : nullptr;
}

void Performer::resolve(const Operation& operation, void* argument, lastref_call& call) const {
  const OperationRow& of = row(operation.code);
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const OperandKind kind = operand_kind(of, i);
    const std::uint8_t operand = operation.operand[i];
    switch (kind) {
      case OperandKind::kSession:
      case OperandKind::kSessionOrNull:
        call.session = session(operand, argument);
        break;
      case OperandKind::kContext:
        // The second is what a callback knows, and none of the library's business.
        if (i == 0 || call.context == nullptr) call.context = contexts_[operand].context;
        break;
      case OperandKind::kConnection:
        (i == 0 ? call.connection : call.peer) = connections_[operand];
        break;
      case OperandKind::kBlob:
        call.bytes = guarded_input().place(blobs_[operand].bytes);
        call.length = blobs_[operand].bytes.size();
        break;
      case OperandKind::kOnNew:
      case OperandKind::kOnGet:
      case OperandKind::kOnRemove:
        call.value = operand == kOnRemoveOff ? 0 : 1;
        break;
      case OperandKind::kId:
      case OperandKind::kIdContext:
      case OperandKind::kHostname:
      case OperandKind::kAlpn:
      case OperandKind::kTicket:
      case OperandKind::kAppdata:
      case OperandKind::kMasterKey:
      case OperandKind::kTicketKey: {
        const ByteValue& value = byte_values(kind)[operand];
        call.bytes = value.data;
        call.length = value.size;
        break;
      }
      default:
        call.value = number_values(kind)[operand].value;
        break;
    }
  }
}

// What the application does without the library.
std::int64_t Performer::local(const Operation& operation, void* argument) {
  switch (operation.code) {
    case Op::SESSION_FORGET:
      handles_[operation.operand[0]] = nullptr;
      return 0;
    case Op::SESSION_KEEP: {
      Operation up_ref = operation;
      up_ref.code = Op::SESSION_UP_REF;
      up_ref.result = 0;
      void* const kept = session(operation.operand[0], argument);
      const std::int64_t result = perform(up_ref, Operation{}, argument);
      return result == 1 ? session_result(operation.result, kept) : kResultUnknown;
    }
    case Op::BLOB_TRUNCATE: {
      auto& bytes = blobs_[operation.operand[0]].bytes;
      const auto keep =
          static_cast<std::size_t>(number_values(OperandKind::kKeep)[operation.operand[1]].value);
      bytes.resize(std::min(bytes.size(), keep));
      return 0;
    }
    case Op::BLOB_CHANGE: {
      auto& bytes = blobs_[operation.operand[0]].bytes;
      const auto place =
          static_cast<std::size_t>(number_values(OperandKind::kChange)[operation.operand[1]].value);
      if (!bytes.empty()) bytes[place % bytes.size()] ^= 1U;
      return 0;
    }
    case Op::BLOB_GIVE:
      blobs_[operation.result].bytes.assign(given_.begin(), given_.end());
      return 0;
    default:
      set_virtual_clock(virtual_now() +
                        number_values(OperandKind::kClockStep)[operation.operand[0]].value);
      return 0;
  }
}

std::int64_t Performer::perform(const Operation& operation, const Operation& body, void* argument) {
  const CallPlan& plan = plan_of(operation.code);
  lastref_result result{};
  result.size = sizeof result;
  if (plan.direct) [[likely]] {
    handles_[kArgumentHandle] = argument;
    const CallValue& value = plan.values[operation.operand[plan.value] % kPlannedValues];
    void* const session = handles_[operation.operand[plan.session] % kSlots];
    void* const context = contexts_[operation.operand[plan.context] % kMaxContexts].context;
    const lastref_call call = {.size = sizeof call,
                               .operation = static_cast<std::uint32_t>(operation.code),
                               .session = plan.has_session ? session : nullptr,
                               .context = plan.has_context ? context : nullptr,
                               .connection = nullptr,
                               .peer = nullptr,
                               .bytes = value.bytes,
                               .length = value.length,
                               .value = value.value,
                               .flight = 0,
                               .damage = 0,
                               .damage_at = 0};
    const TargetScope inside;
    if (call_target(call, result) != 0) return kResultUnknown;
  } else {
    if (is_inside(operation.code)) {
      set_inside(operation, body);
      return 0;
    }
    if (plan.local) return local(operation, argument);
    if (operation.code == Op::CONTEXT_NEW) {
      make_context(operation);
      return contexts_[operation.result].context == nullptr ? kResultNull : operation.result;
    }
    lastref_call call{};
    call.size = sizeof call;
    call.operation = static_cast<std::uint32_t>(operation.code);
    resolve(operation, argument, call);
    if (operation.fault.is_flight()) {
      call.flight = static_cast<std::uint32_t>(operation.fault.flight());
      call.damage = static_cast<std::uint32_t>(operation.fault.damage());
      call.damage_at = static_cast<std::uint32_t>(operation.fault.at());
    }
    if (operation.code == Op::ON_REMOVE) {
      on_remove_[operation.operand[0]] = {operation.operand[1], body};
    }
    if (operation.code == Op::ON_NEW) on_new_[operation.operand[0]] = operation.operand[1];
    if (operation.code == Op::ON_SERVERNAME) {
      on_servername_[operation.operand[0]] = contexts_[operation.operand[1]].context;
      call.value = 1;
    }
    if (operation.code == Op::ON_GET) on_get_[operation.operand[0]] = operation.operand[1];
    if (operation.code == Op::HANDSHAKE) forget_flights();
    const TargetScope inside;
    witness_.look_away(has_own_sessions(operation.code));
    const int failed = call_target(call, result);
    witness_.look_away(false);
    if (failed != 0) return kResultUnknown;
  }
  return plan.plain_result ? result.value : finish(operation, result);
}

std::int64_t Performer::session_result(std::uint8_t handle, void* session) {
  handles_[handle] = session;
  if (session == nullptr) return kResultNull;
  const std::uint8_t number = witness_.number_of(session);
  return number == kNobody ? kResultUnknown : number;
}

std::int64_t Performer::finish(const Operation& operation, const lastref_result& result) {
  const Op code = operation.code;
  if (code == Op::D2I || code == Op::D2I_FRESH || code == Op::D2I_INTO) {
    look_at_input(operation, result);
  }
  switch (code) {
    case Op::SESSION_NEW:
    case Op::SESSION_NEW_WITH_ID:
    case Op::SESSION_DUP:
    case Op::D2I:
    case Op::D2I_FRESH:
    case Op::GET0_SESSION:
    case Op::GET1_SESSION:
    case Op::COPY_SESSION:
      return session_result(operation.result, static_cast<void*>(result.object));
    case Op::D2I_INTO: {
      // NULL leaves the variable as the library left it: the adapter hands it back in `value`.
      const std::uint8_t handle = operation.operand[0];
      if (result.object != nullptr) return session_result(handle, result.object);
      if (result.value == 0) handles_[handle] = nullptr;
      return kResultNull;
    }
    case Op::GET_ID:
    case Op::GET_ID_CONTEXT:
    case Op::GET_MASTER_KEY:
      return bytes_result(result, false);
    case Op::GET_HOSTNAME:
      return bytes_result(result, true);
    case Op::GET_ALPN:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
      return bytes_or_none(result);
    case Op::I2D:
    case Op::I2D_ALLOCATE:
      // Without memory there may be no bytes, and what the application had it keeps.
      if (operation.fault.any() && result.value <= 0) return result.value;
      return take_encoding(blobs_[operation.result].bytes, result);
    case Op::HANDSHAKE:
      look_at_flights(result);
      return result.value;
    case Op::CONNECTION_NEW:
      connections_[operation.result] = result.object;
      heard_[operation.result] = operation.operand[0];
      return result.object == nullptr ? kResultNull : operation.result;
    case Op::CONNECTION_FREE:
      connections_[operation.operand[0]] = nullptr;
      return 0;
    case Op::SET_CONTEXT: {
      const std::uint8_t number = context_number(result.object);
      use_context(operation.operand[0], number);
      return number == kNobody ? kResultUnknown : number;
    }
    case Op::GET_CACHE_FULL:
      return result.value - counters_[operation.operand[0]].cache_full;
    case Op::GET_HITS:
      return result.value - counters_[operation.operand[0]].hits;
    case Op::GET_MISSES:
      return result.value - counters_[operation.operand[0]].misses;
    case Op::GET_TIMEOUTS:
      return result.value - counters_[operation.operand[0]].timeouts;
    case Op::GET_CALLBACK_HITS:
      return result.value - counters_[operation.operand[0]].callback_hits;
    default:
      return result.value;
  }
}

void Performer::set_inside(const Operation& operation, const Operation& body) {
  const auto of = static_cast<std::size_t>(callback_of(operation.code));
  inside_[operation.operand[0]][of] = body;
  acts_[operation.operand[0]][of] = has_body(operation);
}

std::uint8_t Performer::keep(void* session) {
  const auto end = handles_.begin() + kMaxHandles;
  const auto variable = std::find(handles_.begin(), end, nullptr);
  if (variable == end) return kNobody;
  *variable = session;
  return static_cast<std::uint8_t>(variable - handles_.begin());
}

void* Performer::find(const std::uint8_t* id, std::size_t length, bool acquire) {
  const std::uint32_t wanted = fingerprint(id, length);
  for (int i = 0; i < kMaxHandles; ++i) {
    void* const session = handles_[static_cast<std::size_t>(i)];
    if (session == nullptr || witness_.number_of(session) == kNobody) continue;
    if (bytes_of(Op::GET_ID, session) != wanted) continue;
    if (acquire) ask(Op::SESSION_UP_REF, session);
    return session;
  }
  return nullptr;
}

lastref_result Performer::ask(Op code, void* session) const {
  lastref_call call{};
  call.size = sizeof call;
  call.operation = static_cast<std::uint32_t>(code);
  call.session = session;
  lastref_result result{};
  result.size = sizeof result;
  const TargetScope inside;
  if (call_target(call, result) != 0) return lastref_result{};
  return result;
}

std::uint32_t Performer::bytes_of(Op getter, void* session) const {
  return static_cast<std::uint32_t>(bytes_or_none(ask(getter, session)));
}

void* Performer::session_of(std::uint8_t connection) const {
  lastref_call call{};
  call.size = sizeof call;
  call.operation = LASTREF_OP_GET0_SESSION;
  call.connection = connections_[connection];
  lastref_result result{};
  result.size = sizeof result;
  const TargetScope inside;
  return call_target(call, result) == 0 ? result.object : nullptr;
}

std::uint8_t Performer::connection_number(const void* connection) const {
  for (std::uint8_t i = 0; i < kMaxConnections; ++i) {
    if (connection != nullptr && connections_[i] == connection) return i;
  }
  return kNobody;
}

std::uint8_t Performer::context_number(const void* context) const {
  for (std::uint8_t i = 0; i < kMaxContexts; ++i) {
    if (context != nullptr && contexts_[i].context == context) return i;
  }
  return kNobody;
}

std::span<const std::uint8_t> Performer::encode(void* session) const {
  lastref_call call{};
  call.size = sizeof call;
  call.operation = LASTREF_OP_I2D;
  call.session = session;
  call.value = kEncodingBytes;
  lastref_result result{};
  result.size = sizeof result;
  const TargetScope inside;
  if (call_target(call, result) != 0) return {};
  const bool stayed = result.length == 0 && result.value > 0 && result.bytes != nullptr;
  return {result.bytes, stayed ? static_cast<std::size_t>(result.value) : result.length};
}

}  // namespace lastref
