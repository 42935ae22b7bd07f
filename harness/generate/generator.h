// Draws operations that are legal by construction: operands come out of the model's state.
#ifndef LASTREF_HARNESS_GENERATE_GENERATOR_H_
#define LASTREF_HARNESS_GENERATE_GENERATOR_H_

#include <cstdint>
#include <optional>

#include "harness/generate/mix.h"
#include "harness/generate/random.h"
#include "harness/model/state.h"
#include "harness/program/program.h"

namespace lastref {

// An operation and, for `on_remove ... do`, its body.
struct Draft {
  Operation operation;
  Operation body;
};

// One for each program. The mix outlives it.
class Generator {
 public:
  Generator(const Mix& mix, std::uint64_t seed, std::uint64_t index);

  // An operation for a program in this state. It is very likely legal: the model has the last word,
  // and when that is no, the caller asks again. Always gives one.
  Draft draw(const State& state);

  // How the program ends. To be asked once, before the first draw().
  Teardown teardown();

  Random& random() { return random_; }

 private:
  std::optional<Draft> fill(Op code, const State& state);
  bool operand(OperandKind kind, std::uint32_t range, Op code, const State& state,
               std::uint8_t& out);
  bool result(Result kind, std::uint32_t range, const State& state, std::uint8_t& out);
  std::optional<Operation> draw_body(const State& state);
  // What brings two connections on towards another handshake.
  Op next_of_handshake(const State& state);
  // What a handle should point to; kAny of the live ones where there is none.
  enum class Wish : std::uint8_t { kAny, kOwned, kWithId, kWithoutId, kNegotiated };
  static Wish wish_for(Op code);
  bool is_good(Wish wish, std::uint8_t handle, const State& state) const;
  // Each draws one into `out`; false when there is none.
  bool live_handle(Wish wish, const State& state, std::uint8_t& out);
  bool assignable_handle(const State& state, std::uint8_t& out);

  // The handles of live sessions, a bit each, and the needs that a state does not fulfil: looked
  // at once for each operation drawn.
  static std::uint32_t live_handles(const State& state);
  std::uint8_t missing_from(const State& state) const;

  const Mix& mix_;
  Random random_;
  std::uint32_t flavour_;
  std::uint32_t live_ = 0;
  bool first_ = true;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_GENERATOR_H_
