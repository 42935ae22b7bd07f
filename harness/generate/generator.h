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
  // What a handle should point to; kAny of the live ones where there is none.
  enum class Wish : std::uint8_t { kAny, kOwned, kWithId, kWithoutId };
  static Wish wish_for(Op code);
  bool live_handle(Wish wish, std::uint8_t& out);

  // What the handles of a state are good for, as bits: looked at once for each operation drawn.
  struct Handles {
    std::uint32_t live = 0;
    std::uint32_t owned = 0;       // of a session that the application has references to
    std::uint32_t with_id = 0;     // of a live session whose id is not empty
    std::uint32_t assignable = 0;  // may be overwritten without losing a reference
  };
  void look_at_handles(const State& state);
  // A random one of the bits; false when there is none.
  bool pick(std::uint32_t handles, std::uint8_t& out);

  const Mix& mix_;
  Random random_;
  std::uint32_t flavour_;
  Handles handles_;
  std::uint32_t empty_id_ = empty_fingerprint();
  bool first_ = true;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_GENERATOR_H_
