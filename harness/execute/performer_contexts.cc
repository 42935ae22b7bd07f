// Contexts: made, taken from the pool, and given back to it.

#include "harness/execute/performer.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"
#include "harness/program/values.h"

namespace lastref {

void Performer::make_context(const Operation& operation) {
  const std::uint8_t index = operation.result;
  on_remove_[index].mode = kOnRemoveOff;
  on_new_[index] = kOnNewOff;
  on_get_[index] = kOnGetOff;
  on_servername_[index] = nullptr;
  acts_[index].fill(false);
  contexts_[index] = PooledContext{};
  // An allocation can fail in one that is made only.
  const bool reuse = reuse_ && !operation.fault.any();
  const auto pooled = reuse ? pool_.take() : std::nullopt;
  if (pooled) {
    contexts_[index] = *pooled;
  } else {
    lastref_call call{};
    call.size = sizeof call;
    call.operation = LASTREF_OP_CONTEXT_NEW;
    lastref_result result{};
    result.size = sizeof result;
    const std::size_t before = heap().live_blocks();
    const TargetScope inside;
    if (call_target(call, result) != 0) return;
    contexts_[index] = {result.object, heap().live_blocks() - before};
  }
  if (contexts_[index].context == nullptr) return;
  // A context that is gone may have left its address to this one.
  for (std::uint8_t other = 0; other < kMaxContexts; ++other) {
    if (other != index && contexts_[other].context == contexts_[index].context) {
      contexts_[other] = PooledContext{};
    }
  }
  counters_[index] = lastref_context_view{};
  counters_[index].size = sizeof counters_[index];
  const TargetScope inside;
  target_.view_context(contexts_[index].context, &counters_[index]);
}

bool Performer::retire(std::uint8_t index) {
  const TargetScope inside;
  if (!reuse_ || target_.reset_context(contexts_[index].context) != 0) return false;
  pool_.put(contexts_[index]);
  contexts_[index] = PooledContext{};
  ++retired_;
  return true;
}

void Performer::free_retired() {
  for (; retired_ > 0; --retired_) {
    const auto last = pool_.take();
    if (!last) continue;
    lastref_call call{};
    call.size = sizeof call;
    call.operation = LASTREF_OP_CONTEXT_FREE;
    call.context = last->context;
    lastref_result result{};
    result.size = sizeof result;
    const TargetScope inside;
    call_target(call, result);
  }
}

}  // namespace lastref
