// A model within a bound: from a state, every legal operation that stays in the bound.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_SPACE_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_SPACE_H_

#include <cstdint>
#include <vector>

#include "harness/explore/space/bound.h"
#include "harness/explore/space/form.h"
#include "harness/explore/space/moves.h"
#include "harness/model/model.h"

namespace lastref {

// How many settings of a state are not as the library made them: of live sessions that no handshake
// made and of encodings each getter's value but the id, of contexts each setting.
int changes(const State& state, const Contract& contract);

// Where an operation leads.
enum class Way : std::uint8_t {
  kLoop,   // to the same state, under the same names
  kOn,     // to another one
  kThere,  // nobody can tell: it is the target's choice
};

// What a state offers and the bound, or the model, does not follow.
struct LeftOut {
  std::uint64_t beyond_bound = 0;  // legal, and leads out of the bound
  std::uint64_t hazard = 0;        // a known bug lies there
  std::uint64_t beyond_model = 0;  // a bound of the harness, or what no manual says

  LeftOut& operator+=(const LeftOut& other) {
    beyond_bound += other.beyond_bound;
    hazard += other.hazard;
    beyond_model += other.beyond_model;
    return *this;
  }
};

class Space {
 public:
  // `contract` with the hazards that are gone round; `capabilities` of the target.
  Space(const Contract& contract, std::uint64_t capabilities, const Bound& bound,
        const Symmetry& symmetry);

  const Model& model() const { return model_; }
  const Bound& bound() const { return bound_; }
  const Symmetry& symmetry() const { return symmetry_; }
  const Moves& moves() const { return moves_; }

  bool holds(const State& state) const;

  // Takes the move, which is legal.
  void take(State& state, const Move& move) const;

 private:
  Model model_;
  Bound bound_;
  Symmetry symmetry_;
  Moves moves_;
};

// Looks at all that a state offers. One for each thread.
class Expander {
 public:
  explicit Expander(const Space& space) : space_(space) {}

  // Calls sink(move, way, next) for each legal move that stays in the bound, in an order that
  // depends on the state alone. With kLoop, `next` is not to be read.
  template <class Sink>
  LeftOut expand(const State& state, const Sink& sink) {
    LeftOut left_out;
    moves_.clear();
    space_.moves().append(state, moves_);
    write_plainly(state, before_);
    next_.take(state);
    for (const Move& move : moves_) {
      const Way way = step(state, move, left_out);
      if (legal_) sink(move, way, next_);
      if (touched_) next_.take(state);
    }
    return left_out;
  }

 private:
  Way step(const State& state, const Move& move, LeftOut& left_out);

  const Space& space_;
  std::vector<Move> moves_;
  Form before_;
  Form after_;
  State next_;
  Expectation expected_;
  bool legal_ = false;    // the last move, and it stays in the bound
  bool touched_ = false;  // next_ is not the state expanded any more
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_SPACE_H_
