#include "harness/explore/space/state_names.h"

#include "harness/model/model.h"
#include "harness/program/values.h"

namespace lastref {

unsigned use_in_bodies(const State& state, std::uint8_t handle) {
  unsigned use = 0;
  for (std::size_t i = 0; i < kMaxContexts; ++i) {
    const ContextState& context = state.contexts[i];
    use <<= 2;
    if (!context.alive() || context.on_remove != kOnRemoveDo) continue;
    const OperationRow& of = row(context.body.code);
    const bool reads = !of.operands.empty() && operand_kind(of, 0) != OperandKind::kId &&
                       context.body.operand[0] == handle;
    const bool assigns = of.result == Result::SESSION && context.body.result == handle;
    use |= (reads ? 1U : 0U) | (assigns ? 2U : 0U);
  }
  return use;
}

bool is_like_an_earlier(const State& state, std::uint8_t handle) {
  const std::uint8_t named = named_by(state, handle);
  const bool bodies = Model::may_run_body(state);
  for (std::uint8_t earlier = 0; earlier < handle; ++earlier) {
    if (named_by(state, earlier) != named) continue;
    if (!bodies || use_in_bodies(state, earlier) == use_in_bodies(state, handle)) return true;
  }
  return false;
}

int pool_index(std::uint32_t id) {
  const auto pool = byte_values(OperandKind::kId);
  for (std::size_t i = 0; i < pool.size(); ++i) {
    if (pool[i].fingerprint == id) return static_cast<int>(i);
  }
  return -1;
}

std::uint8_t ids_in_use(const State& state) {
  std::uint8_t used = 0;
  const auto use = [&used](std::uint32_t id) {
    if (id == kEmptyFingerprint) return;
    const int index = pool_index(id);
    if (index >= 0) used = static_cast<std::uint8_t>(used | 1U << index);
  };
  for (std::uint8_t number = 0; number < state.born; ++number) {
    const SessionState& session = state.sessions[number];
    if (state.is_live(number)) {
      use(session.contents.id);
      for (std::uint8_t context = 0; context < kMaxContexts; ++context) {
        if (session.cached_by(context)) use(session.key_id[context]);
      }
    }
  }
  for (std::size_t i = 0; i < state.copied; ++i) use(state.copies[i].contents.id);
  for (std::size_t context = 0; context < kMaxContexts; ++context) {
    if (state.contexts[context].has_entries == 0) continue;
    for (std::size_t i = 0; i < state.contexts[context].count; ++i) {
      use(state.entries[context][i].contents.id);
    }
  }
  for (std::size_t connection = 0; connection < kMaxConnections; ++connection) {
    if (state.connections[connection].offers != 0) use(state.own[connection].offered.id);
    if (state.connections[connection].holds != 0) use(state.own[connection].held.id);
  }
  for (const BlobState& blob : state.blobs) {
    if (blob.written != 0) use(blob.contents.id);
  }
  for (int ticket = 0; ticket < state.issued; ++ticket) {
    use(state.tickets[static_cast<std::size_t>(ticket)].contents.id);
  }
  return used;
}

}  // namespace lastref
