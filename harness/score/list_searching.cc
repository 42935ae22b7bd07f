#include "harness/score/list_searching.h"

#include <algorithm>

#include "harness/execute/program_run.h"
#include "harness/execute/replay.h"
#include "harness/generate/random_program.h"

namespace lastref {

void ListSearching::search(const SeekRange& range, SharedProgress& progress) {
  TimeTally time;
  const std::uint64_t end = std::min(range.end, programs());
  for (std::uint64_t index = range.first; index < end && !progress.stopping(); ++index) {
    progress.begin_program(index);
    write(index, program_);
    ProgramRun run = run_checked(lockstep_, program_, fast_watch(index));
    if (!run.symptoms.empty()) {
      run.symptoms.settle();
      time.settle(progress);
      convict(progress, run.symptoms);
      return;
    }
    progress.end_program(static_cast<std::uint32_t>(lockstep_.operations()));
    time.tick(progress);
  }
  if (range.end > programs()) TimeTally::give_up(progress);
  time.settle(progress);
}

}  // namespace lastref
