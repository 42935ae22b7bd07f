#include "harness/generate/shape.h"

namespace lastref {
namespace {

std::uint8_t need_of(OperandKind kind) {
  switch (kind) {
    case OperandKind::kSession:
      return kNeedsSession;
    case OperandKind::kContext:
      return kNeedsContext;
    case OperandKind::kConnection:
      return kNeedsConnection;
    case OperandKind::kBlob:
      return kNeedsBlob;
    default:
      return 0;
  }
}

bool is_handle(OperandKind kind) {
  return need_of(kind) != 0 || kind == OperandKind::kSessionOrNull;
}

// Steps of the clock that are drawn; behind them in the pool a clock is set.
constexpr int kDrawnClockSteps = 5;

int drawn_range(OperandKind kind) {
  return kind == OperandKind::kClockStep ? kDrawnClockSteps : operand_range(kind);
}

Pattern pattern_of(const OperationRow& of) {
  if (of.operands.empty()) return Pattern::kNone;
  const OperandKind first = operand_kind(of, 0);
  const bool session = first == OperandKind::kSession;
  if (!session && first != OperandKind::kContext) return Pattern::kOther;
  if (of.operands.size() == 1) return session ? Pattern::kSession : Pattern::kContext;
  if (of.operands.size() > 2) return Pattern::kOther;
  const OperandKind second = operand_kind(of, 1);
  if (!is_handle(second)) return session ? Pattern::kSessionValue : Pattern::kContextValue;
  const bool adds = !session && second == OperandKind::kSession;
  return adds ? Pattern::kContextSession : Pattern::kOther;
}

// Caches are about ids: sessions without one are few keys among themselves.
Wish wish_for(Op code) {
  switch (code) {
    case Op::SESSION_FREE:
      return Wish::kOwned;
    case Op::CACHE_ADD:
    case Op::CACHE_LOOKUP:
    case Op::CACHE_REMOVE:
      return Wish::kWithId;
    case Op::SET_ID:
      return Wish::kWithoutId;
    case Op::SET_SESSION:
      return Wish::kNegotiated;
    default:
      return Wish::kAny;
  }
}

}  // namespace

const std::array<Shape, kOperationLimit> internal::kShapeOf = [] {
  std::array<Shape, kOperationLimit> made;
  for (const OperationRow& of : operation_table()) {
    Shape& shape = made[static_cast<std::size_t>(of.code)];
    shape.operands = static_cast<std::uint8_t>(of.operands.size());
    for (std::size_t i = 0; i < of.operands.size(); ++i) {
      shape.kinds[i] = operand_kind(of, i);
      shape.ranges[i] = static_cast<std::uint8_t>(drawn_range(shape.kinds[i]));
      shape.needs |= need_of(shape.kinds[i]);
    }
    shape.pattern = pattern_of(of);
    shape.wish = wish_for(of.code);
    shape.result = of.result;
    shape.result_range = static_cast<std::uint8_t>(result_range(of.result));
  }
  return made;
}();

}  // namespace lastref
