#include "harness/score/explore_seeker.h"

#include <algorithm>
#include <memory>

#include "harness/execute/program_run.h"
#include "harness/execute/replay.h"
#include "harness/explore/run/agenda.h"
#include "harness/explore/space/bound.h"
#include "harness/explore/space/census.h"
#include "harness/explore/space/space.h"
#include "harness/generate/random_program.h"

namespace lastref {
namespace {

// The census is part of the search's time. What this bound leaves out, a search of seconds would
// not come to.
constexpr const char* kLimits = "standard,depth=7";

class ExploreSearching : public Searching {
 public:
  ExploreSearching(TargetProcess& process, Program& program)
      : lockstep_(process.lockstep()), program_(program) {
    Bound bound;
    bound.read_limits(kLimits);
    space_ = std::make_unique<Space>(process.contract(), process.target().capabilities, bound,
                                     symmetry_of(bound));
    census_ = std::make_unique<Census>(*space_, CensusOptions{});
    census_->take();
    census_->forget_forms();
    agenda_ = std::make_unique<Agenda>(*census_, Shard{});
    composer_ = std::make_unique<Composer>(*space_, *census_, true);
  }

  void search(const SeekRange& range, SharedProgress& progress) override {
    TimeTally time;
    const std::uint64_t end = std::min(range.end, agenda_->programs());
    for (std::uint64_t index = range.first; index < end && !progress.stopping(); ++index) {
      progress.begin_program(index);
      composer_->compose(agenda_->at(index), program_);
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
    if (range.end > agenda_->programs()) TimeTally::give_up(progress);
    time.settle(progress);
  }

 private:
  Lockstep& lockstep_;
  std::unique_ptr<Space> space_;
  std::unique_ptr<Census> census_;
  std::unique_ptr<Agenda> agenda_;
  std::unique_ptr<Composer> composer_;
  Program& program_;
};

}  // namespace

Seeker explore_seeker() {
  return {"explore", "every transition of a bound in turn, as lastref explore does",
          [](TargetProcess& process, Program& program) {
            return std::make_unique<ExploreSearching>(process, program);
          }};
}

}  // namespace lastref
