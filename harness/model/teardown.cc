// How a program lets go of what it still holds, one operation at a time.

#include <bit>

#include "harness/model/model.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

Operation operation(Op code, std::uint8_t first, std::uint8_t second = 0) {
  Operation made;
  made.code = code;
  made.operand = {first, second, 0, 0};
  return made;
}

// The index of flush time 0, "all sessions", in its pool.
std::uint8_t flush_all() {
  static const std::uint8_t index = [] {
    const auto pool = number_values(OperandKind::kTime);
    std::uint8_t i = 0;
    while (pool[i].value != 0) ++i;
    return i;
  }();
  return index;
}

// The places of a stage that hold something to be let go of, a bit each. Worked out without a
// branch: which ones they are no processor could foresee.
std::uint32_t places(const State& state, TeardownStage stage) {
  static_assert(kMaxConnections == 2 && kMaxContexts == 2);
  switch (stage) {
    case TeardownStage::kSessions:
      return state.owned_handles();
    case TeardownStage::kConnections:
      return 2U * state.connections[1].alive + state.connections[0].alive;
    case TeardownStage::kContexts:
      return 2U * static_cast<std::uint32_t>(state.contexts[1].application != 0) +
             static_cast<std::uint32_t>(state.contexts[0].application != 0);
  }
  return 0;
}

// The last of at least one place, a bit each.
int last_of(std::uint32_t bits) { return static_cast<int>(std::bit_width(bits)) - 1; }

Operation release_context(const State& state, std::uint8_t number, bool unflushed) {
  const ContextState& context = state.contexts[number];
  const bool flushes = !unflushed && context.has_entries == 0;
  if (context.count > 0 && flushes) return operation(Op::CACHE_FLUSH, number, flush_all());
  return operation(Op::CONTEXT_FREE, number);
}

}  // namespace

std::optional<Operation> TeardownWalk::in_stage(const State& state, TeardownStage stage) {
  left_ &= places(state, stage);  // what went with the last reference is named by other handles
  if (left_ == 0) return std::nullopt;
  const bool falling = teardown_.falling != 0;
  const auto index = static_cast<std::uint8_t>(falling ? last_of(left_) : std::countr_zero(left_));
  switch (stage) {
    case TeardownStage::kSessions:
      return operation(Op::SESSION_FREE, index);
    case TeardownStage::kConnections:
      return operation(Op::CONNECTION_FREE, index);
    case TeardownStage::kContexts:
      return release_context(state, index, teardown_.unflushed != 0);
  }
  return std::nullopt;
}

std::optional<Operation> TeardownWalk::next(const State& state) {
  // A body is legal where the program put it; what it would do to the remains is nobody's wish.
  for (; body_ < kMaxContexts; ++body_) {
    const ContextState& context = state.contexts[static_cast<std::size_t>(body_)];
    if (context.application > 0 && context.on_remove == kOnRemoveDo) {
      return operation(Op::ON_REMOVE, static_cast<std::uint8_t>(body_), kOnRemoveWatch);
    }
  }
  // Nothing comes back to a place that was left, nor to one that was empty when its stage began:
  // letting go takes references and gives none.
  for (; stage_ < stages_.size(); ++stage_, left_ = kAllPlaces) {
    const TeardownStage stage = stages_[stage_];
    if (const auto release = in_stage(state, stage)) return release;
  }
  return std::nullopt;
}

std::optional<Operation> next_teardown(const State& state, Teardown teardown) {
  return TeardownWalk(teardown).next(state);
}

}  // namespace lastref
