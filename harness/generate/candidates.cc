#include "harness/generate/candidates.h"

#include <algorithm>

namespace lastref {
namespace {

bool damages_blobs(const Program& program) {
  return std::ranges::any_of(program.view(), [](const Operation& operation) {
    return operation.code == Op::BLOB_TRUNCATE || operation.code == Op::BLOB_CHANGE;
  });
}

}  // namespace

Candidates::Candidates(Replay& replay, Hazards hazards, bool legal) : replay_(replay) {
  Contract contract;
  ask_model_ = legal && contract.set_words(replay.contract()).empty();
  contract.hazards = hazards;
  model_ = Model(contract);
}

ProgramRun Candidates::run(const Program& program) {
  if (ask_model_ && !damages_blobs(program)) {
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
