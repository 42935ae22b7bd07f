// The programs that a shrinker tries, on a target that is replayed.
#ifndef LASTREF_HARNESS_GENERATE_CANDIDATES_H_
#define LASTREF_HARNESS_GENERATE_CANDIDATES_H_

#include "harness/execute/replay.h"
#include "harness/model/model.h"

namespace lastref {

// A candidate that breaks a rule where the first program broke none is of no use to a shrinker, and
// may take a library for seconds: those that the model alone can tell are not run.
class Candidates {
 public:
  // `replay` is started and outlives this. `legal`: the first program breaks no rule.
  Candidates(Replay& replay, bool legal);

  ProgramRun run(const Program& program);

 private:
  Replay& replay_;
  bool legal_;
  Model model_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_GENERATE_CANDIDATES_H_
