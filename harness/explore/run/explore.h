// Exhaustive exploration: every transition of a bounded space, in lockstep with the model, on one
// target.
//
// The model is explored first, alone (harness/explore/space). Then worker processes run a program
// for each transition that leads from one state to another, right after a shortest way to the
// state, and programs of as many transitions as there is room for that lead from a state to itself.
#ifndef LASTREF_HARNESS_EXPLORE_RUN_EXPLORE_H_
#define LASTREF_HARNESS_EXPLORE_RUN_EXPLORE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/explore/run/agenda.h"
#include "harness/explore/space/bound.h"
#include "harness/explore/space/space.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

struct ExploreProgress {
  std::string stage;  // "model", "target", "shrink"
  std::uint64_t states = 0;
  int depth = 0;                      // of "model"
  std::uint64_t transitions = 0;      // of "model": found; of "target": exercised
  std::uint64_t all_transitions = 0;  // of "target"
  std::uint64_t verdicts = 0;         // programs that failed so far
  double seconds = 0;                 // in this stage
};

struct ExploreOptions {
  std::string target;  // a name, or the path of an adapter
  Bound bound;
  // Every program up to the bound's depth instead, with no two states merged: a target has state
  // that the model lacks.
  bool all_programs = false;
  bool model_only = false;  // counts what there is, and leaves the target alone
  Hazards hazards;          // on: gone round
  Shard shard;
  int jobs = 1;
  std::string journal;  // a file, or empty; see journal.h
  // Called a few times a second; returns false to stop early (Ctrl-C). May be empty.
  std::function<bool(const ExploreProgress&)> progress;
};

struct ExploreReport {
  // Not empty when the target could not be run at all, or the journal not used.
  std::string could_not_run;
  // Not empty when lastref itself failed on the way; what was found before it stands.
  std::string internal_error;
  std::string target;
  std::string version;
  std::string contract;    // what differs from the defaults
  std::string bound;       // as the command line takes it
  std::string operations;  // the same
  bool all_programs = false;
  bool model_only = false;
  Shard shard;
  // The space: the same for each shard.
  bool census_complete = false;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  int depth = 0;
  std::uint64_t at_depth = 0;  // states that are not expanded, see census.h
  std::uint64_t too_long = 0;
  LeftOut left_out;
  std::array<std::uint64_t, kOperationLimit> transitions_of{};  // by the operation's number
  std::vector<Op> not_in_bound;                                 // operations of the table
  std::vector<Op> cannot;  // of the bound's operations, those that the target cannot do
  // This shard's part of it, and what was done.
  std::uint64_t shard_states = 0;
  std::uint64_t shard_transitions = 0;
  std::uint64_t shard_programs = 0;
  std::uint64_t transitions_done = 0;  // in programs that did not fail
  std::uint64_t programs_done = 0;
  std::uint64_t resumed_programs = 0;  // of them, those that the journal had
  std::uint64_t verdicts = 0;          // programs that failed
  std::vector<Finding> findings;       // one for each signature, by first index
  std::vector<Finding> unreproduced;
  bool stopped = false;
  // Not part of what two runs must agree on.
  double model_seconds = 0;
  double target_seconds = 0;
  double seconds = 0;
  // Of all processors, and of worker processes too.
  double model_processor_seconds = 0;
  double target_processor_seconds = 0;

  // Every program of the shard was run.
  bool complete() const {
    return could_not_run.empty() && internal_error.empty() && census_complete && !stopped &&
           !model_only && programs_done == shard_programs;
  }
};

// Runs it. Starts worker processes; loads nothing into the caller's, which must have one thread.
// Never throws for what a target does; std::bad_alloc and std::length_error for a bound that is too
// large.
ExploreReport explore(const ExploreOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_RUN_EXPLORE_H_
