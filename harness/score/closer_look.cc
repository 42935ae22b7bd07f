#include "harness/score/closer_look.h"

#include "harness/generate/shrinking.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

// A program takes some hundred tries of a millisecond; one that sleeps may take the whole of this.
constexpr std::chrono::seconds kShrinkTime{20};

}  // namespace

Replay* CloserLook::started() {
  if (replay_ == nullptr) {
    replay_ = std::make_unique<Replay>(target_, Hazards{}, Replay::Extra{}, ContractMarks{},
                                       kShrinkPatience);
    could_not_run_ = replay_->start();
  }
  return could_not_run_.empty() ? replay_.get() : nullptr;
}

ProgramRun CloserLook::at(const Program& program) {
  const auto begun = Clock::now();
  ProgramRun run;
  if (Replay* const replay = started()) {
    const Replay::Outcome outcome = replay->run(program, Replay::Until::kCause);
    if (outcome.internal_error.empty() && outcome.run.illegal_operation < 0) run = outcome.run;
  }
  // Who waits for a sleeper uses nothing.
  const bool slept = !run.symptoms.empty() && run.symptoms.cause().verdict == Verdict::kDeadlock;
  if (!slept) taken_ += Clock::now() - begun;
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
