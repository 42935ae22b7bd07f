// The smallest program with the same cause.
//
// 1-minimal: no single operation can be left out, not even where what needs it is left out too or
// reads another variable in its place. Of a short program no two can be left out together either: a
// reference taken and given back needs both. Values are made plain, and variables merged and
// numbered by use, as far as the cause stays. Cause means signature (finding.h): the verdict, what
// differs, and the kind of operation at which it shows.
//
// The same program and the same answers of `run` give the same result.
#ifndef LASTREF_HARNESS_SHRINK_SHRINKER_H_
#define LASTREF_HARNESS_SHRINK_SHRINKER_H_

#include <cstddef>
#include <functional>

#include "harness/execute/finding.h"
#include "harness/execute/program_run.h"

namespace lastref {

// Two operations are left out together only of a program with at most so many: the tries grow with
// the square, and 16 take 120.
inline constexpr std::size_t kMaxUnitsForPairs = 16;

struct Shrunk {
  Program program;
  ProgramRun run;        // of that program
  int tried = 0;         // programs run
  bool complete = true;  // false: a bound or `progress` ended it, so it may not be 1-minimal
};

struct ShrinkOptions {
  // Runs a program in a fresh process.
  std::function<ProgramRun(const Program&)> run;
  // Called after each try; false ends the shrinking with what it has. May be empty.
  std::function<bool(int tried, int size)> progress;
  // A bound on tries: programs of the mix take some hundred.
  int max_tries = 5000;
  // A bound on tries that hang or sleep, each of which takes as long as it is given. A hang of 24
  // operations takes some 60.
  int max_hangs = 250;
};

// `program` shows `first` when run. A program that breaks no rule is only replaced by one that
// breaks none; one that breaks a rule, by one that breaks the same.
Shrunk shrink(const Program& program, const ProgramRun& first, const ShrinkOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SHRINK_SHRINKER_H_
