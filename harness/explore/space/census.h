// All states of a space, breadth first: each with a shortest program to it, and how many
// transitions it has.
//
// The same on any machine and for any number of threads: states are numbered in the order of their
// parents, and of the moves of one parent.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_CENSUS_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_CENSUS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "harness/explore/space/form_table.h"
#include "harness/explore/space/space.h"

namespace lastref {

// Plain data: a worker process that is forked has them all.
struct Node {
  Move move;                      // the last one of the program to it
  std::uint32_t parent = 0;       // the start is its own
  std::uint32_t transitions = 0;  // that it has; 0 if it was not expanded
  std::uint32_t programs = 0;     // that they are put into, see packing.h
  std::uint8_t slots = 0;         // operations of the program to it, bodies included
};

struct CensusCounts {
  std::uint64_t states = 0;
  std::uint64_t expanded = 0;
  std::uint64_t transitions = 0;  // of those
  int depth = 0;                  // operations to the state looked at last
};

struct CensusOptions {
  // States that are one but for names are merged. Else each program is a state of its own, those
  // of the greatest length left out, and each transition is put into a program of its own, which
  // makes every program up to that length once.
  bool merge = true;
  int threads = 1;
  // Asked now and then; the census ends when it says no. May be empty.
  std::function<bool(const CensusCounts&)> keep_going;
};

class Census {
 public:
  // `space` outlives it.
  Census(const Space& space, CensusOptions options);

  // Once. False when keep_going said no. Throws std::bad_alloc when the states do not fit into
  // memory, and std::length_error when there are more than can be numbered.
  bool take();

  const CensusCounts& counts() const { return counts_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  // By the number of the operation.
  const std::array<std::uint64_t, kOperationLimit>& transitions_of() const {
    return transitions_of_;
  }
  const LeftOut& left_out() const { return left_out_; }
  // States that were not expanded: at the depth of the bound, and those to which a program is so
  // long that nothing can follow.
  std::uint64_t at_depth() const { return at_depth_; }
  std::uint64_t too_long() const { return too_long_; }

  // Decides which shard a state belongs to.
  std::uint64_t hash(std::uint32_t node) const { return hashes_[node]; }

  // A shortest program to the state.
  std::vector<Move> way_to(std::uint32_t node) const;

  // Gives the memory back that only the search needed.
  void forget_forms() { table_ = FormTable(); }
  const FormTable& forms() const { return table_; }

 private:
  struct Found;
  struct Slice;
  struct Worker;

  bool take_level(std::uint32_t begin, std::uint32_t end);
  void expand(std::uint32_t node, Worker& worker, Slice& slice);
  void merge(Slice& slice);

  const Space& space_;
  CensusOptions options_;
  CensusCounts counts_;
  std::vector<Node> nodes_;
  std::vector<std::uint64_t> hashes_;
  FormTable table_;
  std::array<std::uint64_t, kOperationLimit> transitions_of_{};
  LeftOut left_out_;
  std::uint64_t at_depth_ = 0;
  std::uint64_t too_long_ = 0;
};

// The state that a program of moves leads to from the start.
State state_after(const Space& space, const std::vector<Move>& way);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_CENSUS_H_
