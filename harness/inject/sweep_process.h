// The processes in which one program is run with one fault after another: a warm one, which has run
// the program without, and a fresh worker of it for each run. So every run finds the library as it
// was before, and asks for the same allocations up to the one that fails.
#ifndef LASTREF_HARNESS_INJECT_SWEEP_PROCESS_H_
#define LASTREF_HARNESS_INJECT_SWEEP_PROCESS_H_

#include <span>
#include <string>
#include <vector>

#include "harness/execute/symptom.h"
#include "harness/execute/target_process.h"
#include "harness/execute/worker_service.h"

namespace lastref {

class SweepProcess {
 public:
  // The program has no fault and shows nothing on the target.
  SweepProcess(std::string target, Hazards hazards, const Program& program);

  // Empty on success, else why it cannot be run.
  std::string start();

  struct Outcome {
    Symptoms symptoms;
    std::string internal_error;  // not empty: the harness itself failed, the run says nothing
  };
  // What each operation asks for, by its index.
  Outcome count(std::vector<Requests>& requests);
  // Of a program that is another one.
  Outcome run(const Program& harmed);

 private:
  void serve(std::span<const std::uint8_t> request, SharedProgress& progress, SharedBytes& answer);
  static Outcome outcome_of(const Answer& answer);

  Program program_;
  TargetProcess process_;  // filled in the warm process only
  WorkerService service_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_SWEEP_PROCESS_H_
