// How a program lets go of what it still holds, one operation at a time.

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

int count_of(TeardownStage stage) {
  switch (stage) {
    case TeardownStage::kSessions:
      return kMaxHandles;
    case TeardownStage::kConnections:
      return kMaxConnections;
    case TeardownStage::kContexts:
      return kMaxContexts;
  }
  return 0;
}

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
  if (context.count > 0 && !unflushed) return operation(Op::CACHE_FLUSH, number, flush_all());
  return operation(Op::CONTEXT_FREE, number);
}

}  // namespace

std::optional<Operation> TeardownWalk::in_stage(const State& state, TeardownStage stage) const {
  const int place = teardown_.falling != 0 ? count_of(stage) - 1 - place_ : place_;
  const auto index = static_cast<std::uint8_t>(place);
  switch (stage) {
    case TeardownStage::kSessions:
      return release_session(state, index);
    case TeardownStage::kConnections:
      return release_connection(state, index);
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
  // Nothing comes back to a place that was left: letting go takes references and gives none.
  for (; stage_ < stages_.size(); ++stage_, place_ = 0) {
    const TeardownStage stage = stages_[stage_];
    for (const int count = count_of(stage); place_ < count; ++place_) {
      if (stage == TeardownStage::kSessions && state.live == 0) break;
      if (const auto release = in_stage(state, stage)) return release;
    }
  }
  return std::nullopt;
}

std::optional<Operation> next_teardown(const State& state, Teardown teardown) {
  return TeardownWalk(teardown).next(state);
}

}  // namespace lastref
