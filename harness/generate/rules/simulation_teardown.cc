// How a program ends: its own operations, which have to keep the rules as well.
#include <cstddef>

#include "harness/generate/rules/simulation.h"
#include "harness/program/values.h"

namespace lastref::rules {
namespace {

Operation operation(Op code, std::uint8_t first, std::uint8_t second = 0) {
  Operation made;
  made.code = code;
  made.operand = {first, second};
  return made;
}

std::uint8_t index_of_time_zero() {
  std::uint8_t index = 0;
  while (number_values(OperandKind::kTime)[index].value != 0) ++index;
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

}  // namespace

void Simulation::tear_down() {
  const int end = program_.size;
  for (std::uint8_t i = 0; i < kMaxContexts; ++i) {
    const Context& of = world_.contexts[i];
    if (of.application > 0 && of.on_remove == kOnRemoveDo) {
      perform(operation(Op::ON_REMOVE, i, kOnRemoveWatch), end);
    }
  }
  for (const TeardownStage stage : stages(program_.teardown)) {
    const int count = count_of(stage);
    for (int i = 0; i < count; ++i) {
      tear_down(stage, static_cast<std::uint8_t>(program_.teardown.falling ? count - 1 - i : i));
    }
  }
  // A body that ran in the meantime may have acquired what nobody frees any more.
  current_ = end;
  for (const Session& session : world_.sessions) {
    if (session.application > 0) stop({kHeldAtTheEnd});
  }
}

void Simulation::tear_down(TeardownStage stage, std::uint8_t index) {
  const int end = program_.size;
  switch (stage) {
    case TeardownStage::kSessions: {
      const int session = world_.handles[index];
      while (!stopped() && session != kNone && world_.session(session).application > 0) {
        perform(operation(Op::SESSION_FREE, index), end);
      }
      return;
    }
    case TeardownStage::kConnections:
      if (world_.connections[index].alive) perform(operation(Op::CONNECTION_FREE, index), end);
      return;
    case TeardownStage::kContexts: {
      Context& of = world_.contexts[index];
      if (of.application > 0 && !of.cache.empty() && program_.teardown.unflushed == 0) {
        perform(operation(Op::CACHE_FLUSH, index, index_of_time_zero()), end);
      }
      while (!stopped() && of.application > 0) perform(operation(Op::CONTEXT_FREE, index), end);
      return;
    }
  }
}

}  // namespace lastref::rules
