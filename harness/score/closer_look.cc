#include "harness/score/closer_look.h"

#include "harness/generate/shrinking.h"
#include "harness/score/processor_time.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

// Most take a millisecond, and are measured by the clock on the wall.
constexpr std::chrono::milliseconds kLongLook{50};
// A program takes some hundred tries of a millisecond; one that sleeps may take the whole of this.
constexpr std::chrono::seconds kShrinkTime{20};

}  // namespace

Replay* CloserLook::started() {
  if (replay_ == nullptr) {
    replay_ = std::make_unique<Replay>(target_, hazards_, Replay::Extra{}, ContractMarks{},
                                       kShrinkPatience);
    could_not_run_ = replay_->start();
  }
  return could_not_run_.empty() ? replay_.get() : nullptr;
}

ProgramRun CloserLook::at(const Program& program) {
  const auto begun = Clock::now();
  const double used = children_seconds();
  ProgramRun run;
  if (Replay* const replay = started()) {
    const Replay::Outcome outcome = replay->run(program, Replay::Until::kCause);
    if (outcome.internal_error.empty() && outcome.run.illegal_operation < 0) run = outcome.run;
  }
  const std::chrono::duration<double> wall = Clock::now() - begun;
  if (wall < kLongLook) {
    taken_ += wall;
    return run;
  }
  // What a program that hangs or sleeps used is only known when its processes are gone.
  replay_.reset();
  taken_ += std::chrono::duration<double>(children_seconds() - used);
  return run;
}

int CloserLook::shrunk_size(const Program& program, const ProgramRun& run) {
  Replay* const replay = started();
  if (replay == nullptr) return program.size;
  const auto end = Clock::now() + kShrinkTime;
  return shrink_on(*replay, program, run, [end](int, int) { return Clock::now() < end; })
      .program.size;
}

}  // namespace lastref
