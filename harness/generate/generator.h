// Draws operations that are legal by construction: operands come out of the model's state.
#ifndef LASTREF_HARNESS_GENERATE_GENERATOR_H_
#define LASTREF_HARNESS_GENERATE_GENERATOR_H_

#include <cstdint>
#include <optional>

#include "harness/generate/mix.h"
#include "harness/generate/random.h"
#include "harness/generate/shape.h"
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

  // The program has a beginning already: without it, the first draw is a context's mostly.
  void skip_beginning() { first_ = false; }

  Random& random() { return random_; }

 private:
  // False when something that the operation needs is not there.
  bool fill(Op code, const State& state, Draft& draft);
  bool fill_operands(const Shape& shape, const State& state, Operation& operation);
  std::optional<Operation> draw_body(const State& state);
  // What brings two connections on towards another handshake.
  Op next_of_handshake(const State& state);

  // Each draws one and returns its index, or kNone.
  static constexpr int kNone = -1;
  int operand(OperandKind kind, std::uint32_t range, Wish wish, const State& state);
  int result(Result kind, std::uint32_t range, const State& state);
  int live_handle(Wish wish, const State& state);
  int wished_handle(Wish wish, const State& state);  // now and then without the wish
  int assignable_handle(const State& state);
  int context(const State& state);
  int value(std::uint32_t range) { return static_cast<int>(random_.low(range)); }
  template <typename Things, typename IsThere>
  int one_of_two(const Things& things, IsThere is_there);

  // The needs that a state does not fulfil: looked at once for each operation drawn.
  std::uint8_t missing_from(const State& state) const;

  const Mix& mix_;
  Random random_;
  std::uint32_t flavour_;
  std::uint32_t live_ = 0;
  bool first_ = true;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_GENERATOR_H_
