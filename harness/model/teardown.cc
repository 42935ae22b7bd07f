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

int at(int i, int count, bool falling) { return falling ? count - 1 - i : i; }

std::optional<Operation> next_session(const State& state, bool falling) {
  if (state.live == 0) return std::nullopt;
  for (int i = 0; i < kMaxHandles; ++i) {
    const auto handle = static_cast<std::uint8_t>(at(i, kMaxHandles, falling));
    const std::uint8_t number = state.handles[handle];
    if (state.is_live(number) && state.sessions[number].application > 0) {
      return operation(Op::SESSION_FREE, handle);
    }
  }
  return std::nullopt;
}

std::optional<Operation> next_connection(const State& state, bool falling) {
  for (int i = 0; i < kMaxConnections; ++i) {
    const auto number = static_cast<std::uint8_t>(at(i, kMaxConnections, falling));
    if (state.connections[number].alive != 0) return operation(Op::CONNECTION_FREE, number);
  }
  return std::nullopt;
}

std::optional<Operation> next_context(const State& state, Teardown teardown) {
  for (int i = 0; i < kMaxContexts; ++i) {
    const auto number = static_cast<std::uint8_t>(at(i, kMaxContexts, teardown.falling != 0));
    const ContextState& context = state.contexts[number];
    if (context.application == 0) continue;
    if (context.count > 0 && teardown.unflushed == 0) {
      return operation(Op::CACHE_FLUSH, number, flush_all());
    }
    return operation(Op::CONTEXT_FREE, number);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Operation> next_teardown(const State& state, Teardown teardown) {
  // A body is legal where the program put it; what it would do to the remains is nobody's wish.
  for (int i = 0; i < kMaxContexts; ++i) {
    const ContextState& context = state.contexts[static_cast<std::size_t>(i)];
    if (context.application > 0 && context.on_remove == kOnRemoveDo) {
      return operation(Op::ON_REMOVE, static_cast<std::uint8_t>(i), kOnRemoveWatch);
    }
  }
  for (const TeardownStage stage : stages(teardown)) {
    std::optional<Operation> next;
    switch (stage) {
      case TeardownStage::kSessions:
        next = next_session(state, teardown.falling != 0);
        break;
      case TeardownStage::kConnections:
        next = next_connection(state, teardown.falling != 0);
        break;
      case TeardownStage::kContexts:
        next = next_context(state, teardown);
        break;
    }
    if (next) return next;
  }
  return std::nullopt;
}

}  // namespace lastref
