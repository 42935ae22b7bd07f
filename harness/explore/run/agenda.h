// The programs that exercise the transitions of a census, by number: those of a shard, state after
// state.
#ifndef LASTREF_HARNESS_EXPLORE_RUN_AGENDA_H_
#define LASTREF_HARNESS_EXPLORE_RUN_AGENDA_H_

#include <cstdint>
#include <vector>

#include "harness/explore/space/census.h"
#include "harness/program/program.h"

namespace lastref {

// Part `number` of `count`, from 1. A state belongs to one by the hash of its canonical form.
struct Shard {
  int number = 1;
  int count = 1;

  bool has(std::uint64_t hash) const {
    return hash % static_cast<std::uint64_t>(count) == static_cast<std::uint64_t>(number - 1);
  }
  friend bool operator==(const Shard&, const Shard&) = default;
};

class Agenda {
 public:
  // `census` is taken, and outlives it.
  Agenda(const Census& census, const Shard& shard);

  std::uint64_t programs() const { return ends_.empty() ? 0 : ends_.back(); }
  std::uint64_t transitions() const { return transitions_; }
  std::uint64_t states() const { return nodes_.size(); }

  struct Item {
    std::uint32_t node = 0;
    std::uint32_t which = 0;  // of the node's programs
  };
  Item at(std::uint64_t program) const;

 private:
  std::vector<std::uint32_t> nodes_;  // those of the shard that have transitions
  std::vector<std::uint64_t> ends_;   // of their programs
  std::uint64_t transitions_ = 0;
};

// Writes the programs of an agenda. Looks at a state once for all of its programs that are asked
// for in turn.
class Composer {
 public:
  // All outlive it. `packs`: see packing.h.
  Composer(const Space& space, const Census& census, bool packs)
      : space_(space), census_(census), packs_(packs), expander_(space) {}

  // Returns how many transitions the program exercises: its last operations.
  std::uint32_t compose(const Agenda::Item& item, Program& program);

 private:
  struct Placed {
    Move move;
    std::uint32_t program;
  };
  void look_at(std::uint32_t node);

  const Space& space_;
  const Census& census_;
  bool packs_;
  Expander expander_;
  bool looked_ = false;
  std::uint32_t node_ = 0;
  std::vector<Move> way_;
  std::vector<Placed> placed_;  // by program
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_RUN_AGENDA_H_
