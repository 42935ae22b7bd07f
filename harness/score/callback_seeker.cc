#include "harness/score/callback_seeker.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "harness/execute/program_run.h"
#include "harness/execute/replay.h"
#include "harness/generate/random_program.h"
#include "harness/inject/callback_programs.h"

namespace lastref {
namespace {

class CallbackSearching : public Searching {
 public:
  CallbackSearching(TargetProcess& process, Program& program)
      : lockstep_(process.lockstep()), program_(program) {
    const std::uint64_t capabilities = process.target().capabilities;
    for (const auto& made : {matrix_programs(process.contract(), capabilities),
                             reentry_programs(process.contract(), capabilities)}) {
      for (const CallbackProgram& of : made) {
        // What no source allows convicts nobody.
        if (of.program.size > 0 && of.verdict == Reentry::ALLOWED) programs_.push_back(of.program);
      }
    }
    const std::vector<Program> removals = removal_programs(process.contract(), capabilities);
    programs_.insert(programs_.end(), removals.begin(), removals.end());
  }

  void search(const SeekRange& range, SharedProgress& progress) override {
    TimeTally time;
    const std::uint64_t end = std::min<std::uint64_t>(range.end, programs_.size());
    for (std::uint64_t index = range.first; index < end && !progress.stopping(); ++index) {
      progress.begin_program(index);
      program_ = programs_[index];
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
    if (range.end > programs_.size()) TimeTally::give_up(progress);
    time.settle(progress);
  }

 private:
  Lockstep& lockstep_;
  std::vector<Program> programs_;
  Program& program_;
};

}  // namespace

Seeker callback_seeker() {
  return {"callbacks", "every callback, and every operation inside one, as faults --callbacks does",
          [](TargetProcess& process, Program& program) {
            return std::make_unique<CallbackSearching>(process, program);
          }};
}

}  // namespace lastref
