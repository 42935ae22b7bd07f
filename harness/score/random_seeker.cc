#include "harness/score/random_seeker.h"

#include "harness/execute/replay.h"
#include "harness/generate/mix.h"
#include "harness/generate/random_program.h"

namespace lastref {
namespace {

class RandomSearching : public Searching {
 public:
  RandomSearching(TargetProcess& process, MixKind mix)
      : lockstep_(process.lockstep()), mix_(process.target().capabilities, mix) {}

  void search(const SeekRange& range, SharedProgress& progress) override {
    TimeTally time;
    for (std::uint64_t index = range.first; index < range.end && !progress.stopping(); ++index) {
      progress.begin_program(index);
      const Symptoms symptoms =
          search_random_program(lockstep_, mix_, {range.seed, index}, program_);
      if (!symptoms.empty()) {
        time.settle(progress);
        convict(progress, symptoms);
        return;
      }
      progress.end_program(static_cast<std::uint32_t>(lockstep_.operations()));
      time.tick(progress);
    }
    time.settle(progress);
  }

 private:
  Lockstep& lockstep_;
  Mix mix_;
  Program program_;
};

}  // namespace

Seeker random_seeker() {
  return {"random", "programs drawn out of the model's state, as lastref check does",
          [](TargetProcess& process) {
            return std::make_unique<RandomSearching>(process, MixKind::kCommon);
          }};
}

Seeker handshake_seeker() {
  return {"handshakes", "the same with handshakes among the operations",
          [](TargetProcess& process) {
            return std::make_unique<RandomSearching>(process, MixKind::kHandshakes);
          }};
}

}  // namespace lastref
