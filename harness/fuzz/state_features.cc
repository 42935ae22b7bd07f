#include "harness/fuzz/state_features.h"

#include <algorithm>
#include <bit>

#include "harness/generate/shape.h"

namespace lastref {
namespace {

// A number of the state as so many bits of a class: large ones are alike.
constexpr std::uint32_t small(int number, int bits) {
  return static_cast<std::uint32_t>(std::min(number, (1 << bits) - 1));
}

// Puts numbers of few bits side by side.
class Packed {
 public:
  Packed& add(std::uint32_t value, int bits) {
    word_ = word_ << bits | value;
    return *this;
  }
  Packed& add(bool value) { return add(value ? 1U : 0U, 1); }
  std::uint32_t word() const { return word_; }

 private:
  std::uint32_t word_ = 0;
};

// Three kinds of features that are not to be taken for one another.
enum class Kind : std::uint64_t { kSession, kContext, kState };
constexpr int kKindShift = 62;
constexpr int kCodeShift = 54;
constexpr int kFoundShift = 20;

std::uint64_t feature(Kind kind, std::uint64_t rest) {
  return static_cast<std::uint64_t>(kind) << kKindShift | rest;
}

}  // namespace

std::uint32_t StateFeatures::class_of(const State& state, std::uint8_t number) {
  if (!state.is_live(number)) return 0;
  const SessionState& session = state.sessions[number];
  const Contents& contents = session.contents;
  return Packed()
      .add(true)
      .add(small(session.application, 2), 2)
      .add(small(session.connections, 2), 2)
      .add(small((session.caches & 1) + (session.caches >> 1), 2), 2)
      .add(session.fresh != 0)
      .add(contents.id != kEmptyFingerprint)
      .add(contents.marked != 0)
      .add(contents.negotiated != 0)
      .word();
}

std::uint32_t StateFeatures::class_of(const ContextState& context) {
  if (!context.alive()) return 0;
  return Packed()
      .add(true)
      .add(small(context.count, 2), 2)
      .add(context.cache_size > 0 && context.count >= context.cache_size)
      .add(small(context.application, 2), 2)
      .add(context.connections > 0)
      .add(small(static_cast<int>(context.mode & 3), 2), 2)
      .add(context.on_remove, 2)
      .add(context.shared != 0)
      .word();
}

std::uint32_t StateFeatures::class_of(const State& state) {
  int by_application = 0;
  int by_caches = 0;
  int by_connections = 0;
  for (std::uint64_t rest = state.live; rest != 0; rest &= rest - 1) {
    const SessionState& session = state.sessions[static_cast<std::size_t>(std::countr_zero(rest))];
    by_application += session.application > 0 ? 1 : 0;
    by_caches += session.caches != 0 ? 1 : 0;
    by_connections += session.connections > 0 ? 1 : 0;
  }
  Packed packed;
  packed.add(small(by_application, 2), 2)
      .add(small(by_caches, 2), 2)
      .add(small(by_connections, 2), 2);
  for (const ContextState& context : state.contexts) {
    packed.add(context.alive()).add(small(context.count, 2), 2);
  }
  for (const ConnectionState& connection : state.connections) {
    const bool alive = connection.alive != 0;
    packed.add(alive)
        .add(alive ? static_cast<std::uint32_t>(connection.stage) : 0U, 2)
        .add(alive && connection.session != kNobody);
  }
  return packed.word();
}

void StateFeatures::begin_operation(const State& state, const Operation& operation) {
  const Shape& shape = shape_of(operation.code);
  const std::uint64_t code = static_cast<std::uint64_t>(operation.code) << kCodeShift;
  session_ = kNobody;
  with_context_ = 0;
  for (std::size_t i = 0; i < shape.operands; ++i) {
    const std::uint8_t operand = operation.operand[i];
    switch (shape.kinds[i]) {
      case OperandKind::kSession:
      case OperandKind::kSessionOrNull:
        if (operand < kMaxHandles) session_ = state.handles[operand];
        break;
      case OperandKind::kContext:
        with_context_ = code | class_of(state.contexts[operand]);
        break;
      default:
        break;
    }
  }
  with_session_ = code | static_cast<std::uint64_t>(class_of(state, session_)) << kFoundShift;
}

void StateFeatures::end_operation(const State& state) {
  hit(feature(Kind::kSession, with_session_ | class_of(state, session_)));
  if (with_context_ != 0) hit(feature(Kind::kContext, with_context_));
  hit_state(class_of(state));
}

void StateFeatures::hit_state(std::uint32_t class_of_state) {
  hit(feature(Kind::kState, class_of_state));
}

// Fibonacci hashing: the upper bits of the product depend on all of the feature's.
void StateFeatures::hit(std::uint64_t feature) {
  // One value of each range that libFuzzer tells apart.
  constexpr std::uint8_t kValues[] = {1, 2, 3, 4, 8, 16, 32, 128};
  constexpr int kBits = std::countr_zero(kFeatureCounters);
  static_assert(std::has_single_bit(kFeatureCounters));
  std::uint64_t mixed = feature * 0x9e3779b97f4a7c15ULL;
  mixed ^= mixed >> 32;
  mixed *= 0xd1342543de82ef95ULL;
  std::uint8_t& counter = counters_[mixed >> (64 - kBits)];
  counter = std::max(counter, kValues[mixed >> (61 - kBits) & 7U]);
}

}  // namespace lastref
