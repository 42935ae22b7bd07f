#include "harness/execute/call_plan.h"

#include "harness/program/values.h"

namespace lastref {
namespace {

// Whether the result is the number that the target returns, with nothing to be done about it.
bool has_plain_result(const OperationRow& of) {
  if (of.result != Result::NONE) return false;
  switch (of.code) {
    case Op::D2I_INTO:
    case Op::GET_ID:
    case Op::GET_ID_CONTEXT:
    case Op::GET_MASTER_KEY:
    case Op::GET_HOSTNAME:
    case Op::GET_ALPN:
    case Op::GET_TICKET:
    case Op::GET_APPDATA:
    case Op::GET_CACHE_FULL:
    case Op::GET_HITS:
    case Op::GET_MISSES:
    case Op::GET_TIMEOUTS:
    case Op::GET_CALLBACK_HITS:
      return false;
    default:
      return of.operands.empty() || operand_kind(of, 0) != OperandKind::kConnection;
  }
}

// What an operation installs is the performer's to remember.
bool installs_callback(Op code) {
  return code == Op::ON_NEW || code == Op::ON_GET || code == Op::ON_REMOVE ||
         code == Op::ON_SERVERNAME;
}

// False for a kind that has no pool of values, or a longer one than a plan has room for.
bool plan_values(OperandKind kind, CallPlan& plan) {
  const auto bytes = byte_values(kind);
  const auto numbers = number_values(kind);
  const std::size_t count = bytes.size() + numbers.size();
  if (count == 0 || count > kPlannedValues) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    plan.values[i] = {bytes[i].data, bytes[i].size, 0};
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    plan.values[i] = {nullptr, 0, numbers[i].value};
  }
  return true;
}

CallPlan plan_for(const OperationRow& of) {
  CallPlan plan;
  plan.local = is_local(of.code) || of.code == Op::SESSION_KEEP;
  // A new context may be one that was made before.
  plan.direct = !plan.local && of.code != Op::CONTEXT_NEW && !has_own_sessions(of.code) &&
                !installs_callback(of.code);
  plan.plain_result = has_plain_result(of);
  if (of.code == Op::I2D || of.code == Op::I2D_ALLOCATE) plan.values[0].value = kEncodingBytes;
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    const auto place = static_cast<std::uint8_t>(i);
    const OperandKind kind = operand_kind(of, i);
    if (kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull) {
      plan.direct &= !plan.has_session;
      plan.has_session = true;
      plan.session = place;
    } else if (kind == OperandKind::kContext) {
      plan.direct &= !plan.has_context;
      plan.has_context = true;
      plan.context = place;
    } else {
      plan.direct &= plan.value == CallPlan::kNowhere && plan_values(kind, plan);
      plan.value = place;
    }
  }
  return plan;
}

static_assert(kMaxOperands <= CallPlan::kNowhere);

}  // namespace

const std::array<CallPlan, kOperationLimit> internal::kPlanOf = [] {
  std::array<CallPlan, kOperationLimit> plans;
  for (const OperationRow& of : operation_table()) {
    plans[static_cast<std::size_t>(of.code)] = plan_for(of);
  }
  return plans;
}();

}  // namespace lastref
