// What a program may try next, within a bound: every operation with every choice of operands that
// the state has something for. The model has the last word on whether it is legal.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_MOVES_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_MOVES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "harness/explore/space/bound.h"
#include "harness/explore/space/symmetry.h"
#include "harness/model/state.h"
#include "harness/program/operation.h"

namespace lastref {

// An operation and, for `on_remove ... do`, its body.
struct Move {
  Operation operation;
  Operation body;

  friend bool operator==(const Move&, const Move&) = default;
};

// How many of a program's operations it takes.
inline int slots(const Move& move) { return has_body(move.operation) ? 2 : 1; }

// The values that an operand of this kind of this operation takes within a bound, by their indices
// in the pool: those first that do most.
std::vector<std::uint8_t> values_within(const Bound& bound, Op code, OperandKind kind);

class Moves {
 public:
  // Of the bound's operations, those that a target with these capabilities can do.
  Moves(const Bound& bound, std::uint64_t capabilities, const Symmetry& symmetry);

  // Appends them, in an order that depends on the state alone. Of moves that are the same but for
  // the names of things that `symmetry` holds to be interchangeable, one.
  void append(const State& state, std::vector<Move>& moves) const;

  bool has(Op code) const;

 private:
  struct Choice {
    Op code = Op::SESSION_NEW;
    // For each operand that is a value, its values.
    std::array<std::vector<std::uint8_t>, kMaxOperands> values;
  };
  using Indices = std::vector<std::uint8_t>;

  void append(const State& state, const Choice& choice, bool is_body,
              std::vector<Operation>& made) const;
  void append_bodies(const State& state, const Operation& operation,
                     std::vector<Move>& moves) const;
  void operands(const State& state, const Choice& choice, std::size_t place, bool is_body,
                Indices& out) const;
  void results(const State& state, Result kind, bool is_body, Indices& out) const;
  void ids(const State& state, const std::vector<std::uint8_t>& values, Indices& out) const;

  Bound bound_;
  Symmetry symmetry_;
  std::vector<Choice> choices_;
  std::vector<Choice> bodies_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_MOVES_H_
