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

// The places of a stage that may hold something. More than that is asked of each when it is
// reached: most hold nothing, and which ones do no processor could foresee.
std::uint32_t places(const State& state, TeardownStage stage) {
  static_assert(kMaxConnections == 2 && kMaxContexts == 2);
  switch (stage) {
    case TeardownStage::kSessions:
      return state.live_handles();
    case TeardownStage::kConnections:
      return 2U * state.connections[1].alive + state.connections[0].alive;
    case TeardownStage::kContexts:
      return 0b11;
  }
  return 0;
}

// The last of at least one place, a bit each.
int last_of(std::uint32_t bits) { return static_cast<int>(std::bit_width(bits)) - 1; }

// What is still to be let go of at one place of a stage.
std::optional<Operation> release_session(const State& state, std::uint8_t handle) {
  const std::uint8_t number = state.handles[handle];
  if (!state.is_live(number) || state.sessions[number].application == 0) return std::nullopt;
  return operation(Op::SESSION_FREE, handle);
}

std::optional<Operation> release_connection(const State& state, std::uint8_t number) {
  if (state.connections[number].alive == 0) return std::nullopt;
  return operation(Op::CONNECTION_FREE, number);
}

std::optional<Operation> release_context(const State& state, std::uint8_t number, bool unflushed) {
  const ContextState& context = state.contexts[number];
  if (context.application == 0) return std::nullopt;
  const bool flushes = !unflushed && context.has_entries == 0;
  if (context.count > 0 && flushes) return operation(Op::CACHE_FLUSH, number, flush_all());
  return operation(Op::CONTEXT_FREE, number);
}

}  // namespace

std::optional<Operation> TeardownWalk::in_stage(const State& state, TeardownStage stage) {
  left_ &= places(state, stage);  // what went with the last reference is named by other handles
  while (left_ != 0) {
    const bool falling = teardown_.falling != 0;
    const auto index =
        static_cast<std::uint8_t>(falling ? last_of(left_) : std::countr_zero(left_));
    std::optional<Operation> release;
    switch (stage) {
      case TeardownStage::kSessions:
        release = release_session(state, index);
        break;
      case TeardownStage::kConnections:
        release = release_connection(state, index);
        break;
      case TeardownStage::kContexts:
        release = release_context(state, index, teardown_.unflushed != 0);
        break;
    }
    if (release) return release;
    left_ &= ~(std::uint32_t{1} << index);
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
