#include "harness/generate/shrinking.h"

#include "harness/execute/finding.h"
#include "harness/generate/candidates.h"

namespace lastref {
namespace {

Shrunk shrink_by(Replay& replay, const Program& program, const ProgramRun& first,
                 const std::function<bool(int tried, int size)>& progress) {
  Candidates candidates(replay, first.illegal_operation < 0);
  ShrinkOptions options;
  options.run = [&candidates](const Program& candidate) { return candidates.run(candidate); };
  options.progress = progress;
  return shrink(program, first, options);
}

bool waits(const ProgramRun& run) {
  const Verdict verdict = run.symptoms.cause().verdict;
  return verdict == Verdict::kHang || verdict == Verdict::kDeadlock;
}

bool same_cause(const ProgramRun& one, const ProgramRun& other) {
  return !one.symptoms.empty() &&
         signature(one.symptoms.cause()) == signature(other.symptoms.cause());
}

}  // namespace

Shrunk shrink_on(Replay& replay, const Program& program, const ProgramRun& first,
                 const std::function<bool(int tried, int size)>& progress) {
  if (!waits(first)) {
    Shrunk shrunk = shrink_by(replay, program, first, progress);
    const ProgramRun on = replay.run(shrunk.program, Replay::Until::kConsequences).run;
    if (same_cause(on, shrunk.run)) shrunk.run.symptoms = on.symptoms;
    return shrunk;
  }
  // Nothing follows from a program that never ends.
  Shrunk unshrunk{program, first};
  unshrunk.complete = false;
  Replay quick(replay.target(), replay.hazards(), {}, replay.instead(), kShrinkPatience);
  if (!quick.start().empty()) return unshrunk;
  Shrunk shrunk = shrink_by(quick, program, first, progress);
  const ProgramRun confirmed = replay.run(shrunk.program, Replay::Until::kCause).run;
  if (!same_cause(confirmed, first)) {
    unshrunk.tried = shrunk.tried;
    return unshrunk;
  }
  shrunk.run = confirmed;
  return shrunk;
}

}  // namespace lastref
