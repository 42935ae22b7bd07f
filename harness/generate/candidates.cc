#include "harness/generate/candidates.h"

namespace lastref {

Candidates::Candidates(Replay& replay, bool legal)
    : replay_(replay), legal_(legal), model_(replay.contract()) {}

ProgramRun Candidates::run(const Program& program) {
  if (legal_ && !damages_blobs(program)) {
    const Judgement judgement = judge(model_, program);
    if (judgement.legality != Legality::kLegal) {
      ProgramRun run;
      run.illegal_operation = judgement.operation;
      run.legality = judgement.legality;
      return run;
    }
  }
  return replay_.run(program, Replay::Until::kCause).run;
}

}  // namespace lastref
