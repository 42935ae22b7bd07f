// How a program that failed in a search fails when it is looked at closely: replayed in a fresh
// process under guard pages, as `lastref check` does before it names a finding.
#ifndef LASTREF_HARNESS_SCORE_CLOSER_LOOK_H_
#define LASTREF_HARNESS_SCORE_CLOSER_LOOK_H_

#include <chrono>
#include <memory>
#include <string>

#include "harness/execute/replay.h"
#include "harness/program/program.h"

namespace lastref {

class CloserLook {
 public:
  // With those hazards gone round.
  CloserLook(std::string target, Hazards hazards) : target_(std::move(target)), hazards_(hazards) {}

  // What it shows, settled; empty when it shows nothing now, or breaks a rule.
  ProgramRun at(const Program& program);
  // Operations of the smallest program with the same cause, or of the smallest that was found
  // before the time for it was over. `run` is what at() said.
  int shrunk_size(const Program& program, const ProgramRun& run);

  // What it replays on, started; NULL when it could not be.
  Replay* started();

  // In processor time, but for short looks.
  std::chrono::duration<double> taken() const { return taken_; }
  const std::string& could_not_run() const { return could_not_run_; }  // empty: it could

 private:
  std::string target_;
  Hazards hazards_;
  std::unique_ptr<Replay> replay_;  // made for the first program
  std::chrono::duration<double> taken_{0};
  std::string could_not_run_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_CLOSER_LOOK_H_
