#include "harness/fuzz/fitter.h"

#include <algorithm>
#include <cstddef>

#include "harness/program/capabilities.h"

namespace lastref {
namespace {

// The first place from `from` on, around the end, that `is_right`; false when there is none.
template <typename IsRight>
bool first_from(std::uint8_t& from, std::uint8_t count, IsRight is_right) {
  for (std::uint8_t i = 0; i < count; ++i) {
    const auto place = static_cast<std::uint8_t>((from + i) % count);
    if (!is_right(place)) continue;
    from = place;
    return true;
  }
  return false;
}

// A session whose reference the application can give back, for a free; else any live one.
bool fit_session(const State& state, Operation& operation, std::uint8_t& operand) {
  if (operand >= kMaxHandles) return true;  // `arg` and `null` are always there
  const bool owned = operation.code == Op::SESSION_FREE;
  const bool found = first_from(operand, kMaxHandles, [&](std::uint8_t handle) {
    const std::uint8_t number = state.handles[handle];
    return state.is_live(number) && (!owned || state.sessions[number].application > 0);
  });
  if (found) return true;
  // In a body there will be a session when it runs.
  if (operation.is_body == 0) return false;
  operand = kArgumentHandle;
  return true;
}

bool fit_operand(const State& state, OperandKind kind, Operation& operation,
                 std::uint8_t& operand) {
  switch (kind) {
    case OperandKind::kSession:
    case OperandKind::kSessionOrNull:
      return fit_session(state, operation, operand);
    case OperandKind::kContext:
      return first_from(operand, kMaxContexts,
                        [&](std::uint8_t i) { return state.contexts[i].application > 0; });
    case OperandKind::kConnection:
      return first_from(operand, kMaxConnections,
                        [&](std::uint8_t i) { return state.connections[i].alive != 0; });
    case OperandKind::kBlob:
      return first_from(operand, kMaxBlobs,
                        [&](std::uint8_t i) { return state.blobs[i].written != 0; });
    default:
      return true;
  }
}

// Whether a handle may be overwritten without the loss of the last name of a reference.
bool assignable(const State& state, std::uint8_t handle) {
  const std::uint8_t number = state.handles[handle];
  return !state.is_live(number) || state.sessions[number].application == 0 ||
         std::ranges::count(state.handles, number) > 1;
}

// Whether the callback of a cache may do it, where the library may hold the context's lock: it is
// about sessions alone. Nor an encoding, which the rules keep out of callbacks, nor the clock.
bool may_be_body(Op code) {
  const Shape& shape = shape_of(code);
  const bool of_sessions = (shape.needs & ~kNeedsSession) == 0 &&
                           (shape.result == Result::NONE || shape.result == Result::SESSION);
  return of_sessions && code != Op::I2D_LENGTH && code != Op::CLOCK_ADVANCE;
}

bool fit_result(const State& state, Result kind, std::uint8_t& result) {
  switch (kind) {
    case Result::SESSION:
      return first_from(result, kMaxHandles, [&](std::uint8_t i) { return assignable(state, i); });
    case Result::CONTEXT:
      return first_from(result, kMaxContexts,
                        [&](std::uint8_t i) { return !state.contexts[i].alive(); });
    case Result::CONNECTION:
      return first_from(result, kMaxConnections,
                        [&](std::uint8_t i) { return state.connections[i].alive == 0; });
    default:
      return true;
  }
}

}  // namespace

bool Fitter::fit_operation(const State& state, Operation& operation) const {
  const OperationRow& of = row(operation.code);
  if ((of.capability & capabilities_) != of.capability) return false;
  // Bytes without a meaning of their own: fuzz_decode_<target> has them.
  if (operation.code == Op::BLOB_GIVE) return false;
  // What cannot fail in this target does not: the corpus is that of all targets.
  if ((capability_of(operation.fault) & ~capabilities_) != 0) operation.fault = Fault();
  // What runs on several threads at once has no one order for the model to follow.
  operation.thread = 0;
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    if (!fit_operand(state, operand_kind(of, i), operation, operation.operand[i])) return false;
  }
  // The other end of the wire.
  static_assert(kMaxConnections == 2);
  if (operation.code == Op::HANDSHAKE) {
    operation.operand[1] = static_cast<std::uint8_t>(1 - operation.operand[0]);
  }
  return fit_result(state, of.result, operation.result);
}

bool Fitter::fit(const State& state, Draft& draft) const {
  if (!fit_operation(state, draft.operation)) return false;
  if (!has_body(draft.operation)) return true;
  return may_be_body(draft.body.code) && fit_operation(state, draft.body);
}

}  // namespace lastref
