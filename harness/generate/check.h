// The random check: programs drawn from the committed mix, in lockstep with the model, on one
// target.
#ifndef LASTREF_HARNESS_GENERATE_CHECK_H_
#define LASTREF_HARNESS_GENERATE_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/generate/mix.h"
#include "harness/vocabulary/contract.h"
#include "harness/vocabulary/contract_marks.h"

namespace lastref {

class Replay;

// How much to do: programs, or seconds. Exactly one is set. With programs the findings are the same
// for any number of jobs.
struct Budget {
  std::uint64_t programs = 0;
  double seconds = 0;
};

struct CheckProgress {
  std::uint64_t programs = 0;  // done
  std::uint64_t verdicts = 0;  // programs that failed so far
  double seconds = 0;          // since the start
  std::string stage;           // "search", "shrink"
};

// So many programs a seed has, and no run makes more: numbers of programs do not wrap.
inline constexpr std::uint64_t kMaxFirst = std::uint64_t{1} << 62;

struct CheckOptions {
  std::string target;  // a name, or the path of an adapter
  std::uint64_t seed = 1;
  std::uint64_t first = 0;  // the number of the first program, at most kMaxFirst
  Budget budget;
  int jobs = 1;
  int operations = 24;  // of each program
  MixKind mix = MixKind::kCommon;
  bool faults = false;        // allocations fail in them
  std::uint64_t without = 0;  // capabilities that the programs make no use of
  // How blocks are watched in the search. A program that fails is replayed under guard at least.
  MemoryTier memory = MemoryTier::kQuarantine;
  Hazards hazards;  // on: generators and model go round them
  // Called a few times a second; returns false to stop early (Ctrl-C). May be empty.
  std::function<bool(const CheckProgress&)> progress;
};

struct CheckReport {
  // Not empty when the target could not be run at all; nothing else is set then.
  std::string could_not_run;
  // Not empty when lastref itself failed on the way; what was found before it stands.
  std::string internal_error;
  std::string target;
  std::string version;
  std::string contract;  // "cache-capacity=one-less ...": what differs from the defaults
  std::uint64_t programs = 0;
  std::uint64_t operations = 0;
  std::uint64_t verdicts = 0;     // programs that failed
  std::vector<Finding> findings;  // one for each signature, by first index
  std::vector<Finding> unreproduced;
  bool stopped = false;  // before the budget was used up
  // Not part of what two runs must agree on.
  double seconds = 0;
  double search_seconds = 0;
};

// Runs the check. Starts worker processes; loads nothing into the caller's. Never throws for what a
// target does.
CheckReport check(const CheckOptions& options);

// What the program needs and the started target has not: capabilities, and values of the contract,
// as reports name them.
std::vector<std::string> lacking(const Replay& replay, const Program& program);

// The verdict that a misuse is reported under; kNone for none.
Verdict verdict_of(Misuse misuse);

// Runs one written program on a target in a fresh process, without judging its legality: for a
// misuse program the symptoms are what the target came to. `model_verdict` is the rule that the
// program breaks by the model, if any. The switches of `instead` are judged by as they say, and not
// as the adapter declares. Blocks are watched as `memory` says.
struct ProgramReport {
  std::string could_not_run;
  std::string internal_error;  // lastref itself failed: nothing is said of the target
  std::string version;
  // What the program needs and the target has not: capabilities, and values of the contract.
  std::vector<std::string> lacks;
  Symptoms symptoms;
  MemoryEvidence memory;  // where it touched what it must not
  StruckEvidence struck;  // where something was made to fail in it
  // The first operation that breaks a rule of the target's contract, or -1; then symptoms beyond it
  // are consequences of misuse.
  int illegal_operation = -1;
  std::string illegal_reason;
  // That operation is no mistake of the caller's: from it on nothing can be judged, for a known bug
  // lies there whose hazard is on, or for the model has no place for it.
  bool meets_hazard = false;
  bool beyond_model = false;
  Misuse broken = Misuse::kNone;            // that rule, if it is one that a trace can declare
  Verdict misuse_verdict = Verdict::kNone;  // what the misuse is called: double-free, ...
};
ProgramReport run_program(const std::string& target, const Program& program, Hazards hazards,
                          const ContractMarks& instead = {},
                          MemoryTier memory = MemoryTier::kGuard);

// The smallest program with the same cause on the target; `program` itself when it has none.
struct ShrinkReport {
  std::string could_not_run;
  std::string internal_error;
  Program program;
  Symptoms symptoms;
  int tried = 0;         // programs run
  bool complete = true;  // false: a bound or `progress` ended it before it was as small as can be
};
ShrinkReport shrink_program(const std::string& target, const Program& program, Hazards hazards,
                            const std::function<bool(int tried, int size)>& progress);

// What the library says of its version ("OpenSSL 3.0.22 25 Aug 2026"), read in a process of its
// own. Empty when the target cannot be started; `error` then says why, in one sentence.
std::string target_version(const std::string& target, std::string* error);

// The contract that the target's adapter declares, without hazards, read in a process of its own.
// Empty on success, else why the target cannot be started; `contract` is then as it was.
std::string target_contract(const std::string& target, Contract* contract);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_CHECK_H_
