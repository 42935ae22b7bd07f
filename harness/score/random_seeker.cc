#include "harness/score/random_seeker.h"

#include "harness/execute/replay.h"
#include "harness/generate/mix.h"
#include "harness/generate/random_program.h"

namespace lastref {
namespace {

class RandomSearching : public Searching {
 public:
  RandomSearching(TargetProcess& process, MixKind mix, bool faults, Program& program)
      : lockstep_(process.lockstep()),
        mix_(process.target().capabilities, mix),
        faults_(faults),
        program_(program) {}

  void search(const SeekRange& range, SharedProgress& progress) override {
    TimeTally time;
    for (std::uint64_t index = range.first; index < range.end && !progress.stopping(); ++index) {
      progress.begin_program(index);
      const Symptoms symptoms =
          search_random_program(lockstep_, mix_, seed_of(range.seed, index), program_);
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
  ProgramSeed seed_of(std::uint64_t seed, std::uint64_t index) const {
    ProgramSeed which{seed, index};
    which.faults = faults_;
    return which;
  }

  Lockstep& lockstep_;
  Mix mix_;
  bool faults_;
  Program& program_;
};

}  // namespace

Seeker random_seeker() {
  return {.name = "random",
          .about = "programs drawn out of the model's state, as lastref check does",
          .warm = [](TargetProcess& process, Program& program) {
            return std::make_unique<RandomSearching>(process, MixKind::kCommon, false, program);
          }};
}

Seeker shortage_seeker() {
  return {.name = "shortage",
          .about = "the same with allocations that fail, as lastref check --faults",
          .means = {.failures = true},
          .warm = [](TargetProcess& process, Program& program) {
            return std::make_unique<RandomSearching>(process, MixKind::kCommon, true, program);
          }};
}

Seeker handshake_seeker() {
  return {.name = "handshakes",
          .about = "programs drawn so, with handshakes among the operations",
          .means = {.handshakes = true},
          .warm = [](TargetProcess& process, Program& program) {
            return std::make_unique<RandomSearching>(process, MixKind::kHandshakes, false, program);
          }};
}

Seeker faults_seeker() {
  return {.name = "faults",
          .about = "the same with handshakes, and allocations that fail, as lastref check --faults",
          .means = {.handshakes = true, .failures = true},
          .warm = [](TargetProcess& process, Program& program) {
            return std::make_unique<RandomSearching>(process, MixKind::kHandshakes, true, program);
          }};
}

}  // namespace lastref
