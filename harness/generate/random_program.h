// One random program, generated and run at the same time: each operation is drawn out of the state
// that the operations before it have led to.
#ifndef LASTREF_HARNESS_GENERATE_RANDOM_PROGRAM_H_
#define LASTREF_HARNESS_GENERATE_RANDOM_PROGRAM_H_

#include <cstdint>

#include "harness/execute/program_run.h"
#include "harness/generate/generator.h"
#include "harness/program/program.h"

namespace lastref {

// Which program: the same values give the same one, on targets that behave alike.
struct ProgramSeed {
  std::uint64_t seed = 1;
  std::uint64_t index = 0;
  int operations = 24;
  bool faults = false;  // allocations fail in some of its operations
};

// Draws so often before it takes a program to have no further legal operation.
inline constexpr int kMaxDraws = 256;

// Generates and runs it. Stops at the first symptom; then the teardown is not run. `program` is
// what was run.
void run_random_program(Lockstep& lockstep, const Mix& mix, const ProgramSeed& which,
                        const Watch& watch, Program& program);

// How the fast pass watches the program of that index.
Watch fast_watch(std::uint64_t index, MemoryTier memory = MemoryTier::kQuarantine);

// The same as the search does it: settled symptoms, and blocks left over only when kLeakRuns runs
// of the program leave some each. Empty when nothing is wrong.
Symptoms search_random_program(Lockstep& lockstep, const Mix& mix, const ProgramSeed& which,
                               Program& program, MemoryTier memory = MemoryTier::kQuarantine);

// The same program by the model alone, with no target: where the target would choose, the first
// choice is taken. For judging the generator itself.
Program predict_random_program(const Model& model, const Mix& mix, const ProgramSeed& which);

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_RANDOM_PROGRAM_H_
