// The smallest program with the same cause.
//
// 1-minimal: no single operation can be left out. Values and handles are made plain as well, as far
// as the cause stays. Cause means signature (finding.h): the verdict, what differs, and the kind of
// operation at which it shows.
#ifndef LASTREF_HARNESS_SHRINK_SHRINKER_H_
#define LASTREF_HARNESS_SHRINK_SHRINKER_H_

#include <functional>

#include "harness/execute/finding.h"
#include "harness/execute/program_run.h"

namespace lastref {

struct Shrunk {
  Program program;
  ProgramRun run;  // of that program
  int tried = 0;   // programs run
};

struct ShrinkOptions {
  // Runs a program in a fresh process.
  std::function<ProgramRun(const Program&)> run;
  // Called after each try; false ends the shrinking with what it has. May be empty.
  std::function<bool(int tried, int size)> progress;
  // A bound on tries: programs of the mix take some hundred.
  int max_tries = 5000;
};

// `program` shows `first` when run. A program that breaks no rule is only replaced by one that
// breaks none; one that breaks a rule, by one that breaks the same.
Shrunk shrink(const Program& program, const ProgramRun& first, const ShrinkOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SHRINK_SHRINKER_H_
