// A whole written program in lockstep.
#ifndef LASTREF_HARNESS_EXECUTE_PROGRAM_RUN_H_
#define LASTREF_HARNESS_EXECUTE_PROGRAM_RUN_H_

#include <functional>

#include "harness/execute/lockstep.h"
#include "harness/program/program.h"

namespace lastref {

// Blocks are a leak only when every one of so many runs leaves some: libraries keep memory that
// they need once (the rule of CPython's Lib/test/libregrtest/refleak.py).
inline constexpr int kLeakRuns = 3;

// What became of a program.
struct ProgramRun {
  Symptoms symptoms;
  // The first operation that breaks a rule of the contract, or -1. It and those behind it were run
  // all the same, unjudged: their symptoms are consequences of misuse.
  int illegal_operation = -1;
  Legality legality = Legality::kLegal;
};

// Called as things show, so that they are known even if what follows ends the process. Either may
// be empty.
struct RunListener {
  std::function<void(int operation, Legality)> illegal;
  std::function<void(const Symptoms&)> failed;  // before what follows from it
};

// Runs it from begin to teardown, once; with `watch` as given.
ProgramRun run_once(Lockstep& lockstep, const Program& program, const Watch& watch,
                    const RunListener& listener = {});

// The same, but a leak of blocks is believed only when kLeakRuns runs agree.
ProgramRun run_repeated(Lockstep& lockstep, const Program& program, const Watch& watch,
                        const RunListener& listener = {});

// The same. A program with faults is first run without: what a library makes once for the process
// it then has, so that the allocations of an operation are those of any later run. When it fails
// without its faults, that is what came of it.
ProgramRun run_checked(Lockstep& lockstep, const Program& program, const Watch& watch,
                       const RunListener& listener = {});

// Whether the only thing wrong is blocks left over, which needs a second look.
bool only_blocks(const Symptoms& symptoms);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_PROGRAM_RUN_H_
