#include "harness/execute/program_run.h"

namespace lastref {

bool only_blocks(const Symptoms& symptoms) {
  return symptoms.count == 1 && symptoms.cause().what == Discrepancy::kBlocks;
}

ProgramRun run_once(Lockstep& lockstep, const Program& program, const Watch& watch,
                    const RunListener& listener) {
  ProgramRun run;
  lockstep.on_failed = listener.failed;
  lockstep.begin_program(watch);
  lockstep.set_given(program.given_bytes());
  for (std::size_t i = 0; i < program.size && !lockstep.failed() && lockstep.sure(); ++i) {
    const Operation& operation = program.operations[i];
    const Operation body = has_body(operation) ? program.operations[i + 1] : Operation{};
    if (run.illegal_operation < 0) {
      run.legality = lockstep.step(operation, body);
      // What an operation that failed was to give may be missing now.
      if (run.legality != Legality::kLegal && lockstep.struck()) {
        run.legality = Legality::kLegal;
        lockstep.skip_to(static_cast<int>(i) + 1);
      } else if (run.legality != Legality::kLegal) {
        run.illegal_operation = static_cast<int>(i);
        if (listener.illegal) listener.illegal(run.illegal_operation, run.legality);
      }
    }
    if (run.illegal_operation >= 0) lockstep.step_unjudged(operation, body);
    if (has_body(operation)) {
      lockstep.skip_body();
      ++i;
    }
  }
  if (!lockstep.sure()) lockstep.skip_to(program.size);
  if (!lockstep.failed() || watch.consequences) lockstep.finish(program.teardown);
  run.symptoms = lockstep.symptoms();
  return run;
}

ProgramRun run_checked(Lockstep& lockstep, const Program& program, const Watch& watch,
                       const RunListener& listener) {
  if (has_faults(program)) {
    ProgramRun unharmed = run_repeated(lockstep, without_faults(program), watch, listener);
    if (!unharmed.symptoms.empty() || unharmed.illegal_operation >= 0) return unharmed;
  }
  return run_repeated(lockstep, program, watch, listener);
}

ProgramRun run_repeated(Lockstep& lockstep, const Program& program, const Watch& watch,
                        const RunListener& listener) {
  ProgramRun run = run_once(lockstep, program, watch, listener);
  for (int again = 1; again < kLeakRuns && only_blocks(run.symptoms); ++again) {
    run = run_once(lockstep, program, watch, listener);
  }
  return run;
}

}  // namespace lastref
