#include "harness/explore/space/space.h"

#include <algorithm>
#include <bit>

#include "harness/model/symbols.h"

namespace lastref {
namespace {

bool is_getter(Op code) {
  const auto number = static_cast<int>(code);
  return (number >= 30 && number < 50) || (number >= 69 && number < 77) || code == Op::I2D_LENGTH;
}

// A session is new, or of before the clock went on: neither was set.
int changes_of(const Contents& contents, const State& state, const Contract& contract) {
  if (contents.negotiated != 0 || contents.unknown != 0) return 0;
  const std::int32_t new_timeout = contract.value(Switch::NEW_TIMEOUT);
  const bool at_a_step = contents.time >= kClockStart && contents.time <= state.now;
  return (contents.time != 0 && !at_a_step ? 1 : 0) + (contents.timeout != new_timeout ? 1 : 0) +
         (contents.id_context != kEmptyFingerprint ? 1 : 0) + (contents.hostname != 0 ? 1 : 0) +
         (contents.alpn != 0 ? 1 : 0) + (contents.ticket != 0 ? 1 : 0) +
         (contents.appdata != 0 ? 1 : 0) +
         (contents.master_key != kEmptyFingerprint && !is_symbol(contents.master_key) ? 1 : 0) +
         (contents.version != contract.value(Switch::NEW_VERSION) ? 1 : 0) +
         (contents.ex_data != 0 ? 1 : 0);
}

int changes_of(const ContextState& context, const Contract& contract) {
  return (context.cache_size != contract.value(Switch::CACHE_SIZE) ? 1 : 0) +
         (context.timeout != contract.value(Switch::CONTEXT_TIMEOUT) ? 1 : 0) +
         (context.mode != kModeServer ? 1 : 0) + (context.id_context != kEmptyFingerprint ? 1 : 0) +
         (context.protocol != contract.value(Switch::PROTOCOL) ? 1 : 0) +
         (context.tickets != tickets_at_birth(contract) ? 1 : 0) +
         (is_symbol(context.ticket_key) ? 0 : 1) + (context.on_new != kOnNewOff ? 1 : 0) +
         (context.on_get != kOnGetOff ? 1 : 0) + (context.on_remove != kOnRemoveOff ? 1 : 0) +
         (context.on_servername != kNobody ? 1 : 0);
}

// Whether a look at what a plain form has of every state shows that they are two. It says so of
// most that are, at a fraction of what it costs to write the form of one.
bool differ_at_a_glance(const State& a, const State& b) {
  if (a.now != b.now || a.live != b.live) return true;
  for (std::uint64_t rest = a.live; rest != 0; rest &= rest - 1) {
    const auto number = static_cast<std::size_t>(std::countr_zero(rest));
    const SessionState& of_a = a.sessions[number];
    const SessionState& of_b = b.sessions[number];
    if (of_a.application != of_b.application || of_a.connections != of_b.connections ||
        of_a.caches != of_b.caches || !(of_a.contents == of_b.contents)) {
      return true;
    }
  }
  for (std::size_t i = 0; i < kMaxContexts; ++i) {
    const ContextState& of_a = a.contexts[i];
    const ContextState& of_b = b.contexts[i];
    if (of_a.alive() != of_b.alive()) return true;
    if (of_a.alive() && (of_a.application != of_b.application || of_a.mode != of_b.mode ||
                         of_a.cache_size != of_b.cache_size || of_a.timeout != of_b.timeout ||
                         of_a.on_remove != of_b.on_remove || of_a.on_new != of_b.on_new)) {
      return true;
    }
  }
  return false;
}

}  // namespace

int changes(const State& state, const Contract& contract) {
  int sum = 0;
  for (std::uint64_t rest = state.live; rest != 0; rest &= rest - 1) {
    const auto number = static_cast<std::size_t>(std::countr_zero(rest));
    sum += changes_of(state.sessions[number].contents, state, contract);
  }
  for (const BlobState& blob : state.blobs) {
    if (blob.written != 0) sum += changes_of(blob.contents, state, contract);
  }
  for (const ContextState& context : state.contexts) {
    if (context.alive()) sum += changes_of(context, contract);
  }
  return sum;
}

Space::Space(const Contract& contract, std::uint64_t capabilities, const Bound& bound,
             const Symmetry& symmetry)
    : model_(contract), bound_(bound), symmetry_(symmetry), moves_(bound, capabilities, symmetry) {}

bool Space::holds(const State& state) const {
  if (state.alive() > bound_[Limit::kSessions]) return false;
  if (state.now - kClockStart > bound_[Limit::kClock] * kClockUnit) return false;
  for (std::uint64_t rest = state.live; rest != 0; rest &= rest - 1) {
    const auto number = static_cast<std::size_t>(std::countr_zero(rest));
    if (state.sessions[number].application > bound_[Limit::kReferences]) return false;
  }
  for (const ContextState& context : state.contexts) {
    if (context.alive() && context.application > bound_[Limit::kReferences]) return false;
  }
  // A new-session callback takes the first variable that is free.
  for (std::size_t handle = 0; handle < kMaxHandles; ++handle) {
    if (state.handles[handle] == kNobody) continue;
    if (static_cast<int>(handle) >= bound_[Limit::kHandles]) return false;
  }
  return changes(state, model_.contract()) <= bound_[Limit::kChanges];
}

void Space::take(State& state, const Move& move) const {
  Expectation expected;
  model_.step(state, move.operation, move.body, expected);
}

Way Expander::step(const State& state, const Move& move, LeftOut& left_out) {
  const bool may_run_body = Model::may_run_body(state);
  const Legality legality = space_.model().step(next_, move.operation, move.body, expected_);
  legal_ = legality == Legality::kLegal;
  touched_ = legal_ || may_run_body;
  if (!legal_) {
    if (legality == Legality::kHazard) ++left_out.hazard;
    if (legality == Legality::kTooMany) ++left_out.beyond_model;
    return Way::kLoop;
  }
  if (is_getter(move.operation.code)) {
    touched_ = false;
    return Way::kLoop;
  }
  if (expected_.choices > 1) return Way::kThere;
  if (!space_.holds(next_)) {
    legal_ = false;
    ++left_out.beyond_bound;
    return Way::kOn;
  }
  // Whatever may bear a session has a program of its own: a program has room for so many.
  if (may_bear(move.operation.code)) return Way::kOn;
  if (differ_at_a_glance(state, next_)) return Way::kOn;
  write_plainly(next_, after_);
  const auto before = before_.view();
  const auto after = after_.view();
  return std::equal(before.begin(), before.end(), after.begin(), after.end()) ? Way::kLoop
                                                                              : Way::kOn;
}

}  // namespace lastref
