// Runs a job's programs in worker processes and survives whatever they do.
//
// supervise() forks one warm process (a zygote) for each job slot. A zygote loads the target, takes
// chunks of program indices from a counter that all share, and runs each chunk in a worker of its
// own; after a verdict a fresh worker goes on behind the program that was convicted. What a program
// sees therefore depends on the programs before it in its own chunk only: the same indices give the
// same verdicts for any number of jobs. The calling process never runs warm() or work().
#ifndef LASTREF_HARNESS_EXECUTE_SUPERVISOR_H_
#define LASTREF_HARNESS_EXECUTE_SUPERVISOR_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "harness/execute/shared_progress.h"
#include "harness/execute/worker_process.h"

namespace lastref {

// What is to be done. Both are called in children of the caller, on copies of its memory.
struct Job {
  // Loads the target and probes it. Empty on success, else why the job could not start.
  std::function<std::string()> warm;
  // Runs the programs [first, end) in order: progress.begin_program() before each, end_program()
  // after each, and returns when progress.stopping() or after progress.convict().
  std::function<void(std::uint64_t first, std::uint64_t end, SharedProgress& progress)> work;
};

inline constexpr std::uint64_t kNoProgramLimit = ~std::uint64_t{0};

struct RunTotals {
  std::uint64_t programs = 0;  // run to their end or to a verdict
  std::uint64_t operations = 0;
  std::uint64_t verdicts = 0;
  std::array<std::uint64_t, kTallies> tallies{};
};

struct SupervisorOptions {
  int jobs = 1;
  // Programs have the indices [0, programs). Exactly these are run, unless something stops the run.
  std::uint64_t programs = kNoProgramLimit;
  // Wall-clock time, from the start of the run; zero for none.
  std::chrono::milliseconds time{0};
  // Programs in a chunk. Part of what makes a run repeatable: not to be derived from jobs. At 150 k
  // programs a second a fork for each chunk costs one percent.
  std::uint64_t chunk = 4096;
  WorkerLimits limits;
  // Stop on SIGINT and SIGTERM; the handlers that were installed come back when the run ends. A
  // second signal kills the workers at once.
  bool stop_on_signals = true;
  // Called in the caller's process as verdicts come in, in no order between chunks. False ends the
  // run.
  std::function<bool(const VerdictRecord&)> on_verdict;
  // Called about every kProgressInterval, and once more when all has ended. False ends the run.
  std::function<bool(const RunTotals&)> on_progress;
};

inline constexpr std::chrono::milliseconds kProgressInterval{100};

enum class RunEnd : std::uint8_t {
  kDone,           // every program of the budget, or all of its time
  kStopped,        // a callback said so
  kInterrupted,    // a signal
  kCouldNotStart,  // warm() failed or the target ended the process meanwhile: exit code 3
  kInternalError,  // exit code 4
};

struct RunReport {
  RunEnd end = RunEnd::kDone;
  RunTotals totals;
  int signal = 0;     // kInterrupted: which
  std::string error;  // kCouldNotStart, kInternalError: why, one sentence
};

// Blocks until the run has ended and no process of it is left.
RunReport supervise(const Job& job, const SupervisorOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_SUPERVISOR_H_
