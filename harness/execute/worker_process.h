// One worker: a forked copy of a warm process that does some work and ends. Whatever becomes of it
// (a crash, a hang, an abort, exit() deep inside a library) its parent gets a record and lives on.
//
//   prepare_for_workers(progress, limits);            once, when the target is warm
//   VerdictRecord how = run_isolated(progress, limits, [&] { ... });    as often as you like
//
// The caller must have one thread and be the same thread each time: a worker dies with the thread
// that forked it.
#ifndef LASTREF_HARNESS_EXECUTE_WORKER_PROCESS_H_
#define LASTREF_HARNESS_EXECUTE_WORKER_PROCESS_H_

#include <chrono>
#include <cstdint>
#include <functional>

#include "harness/execute/shared_progress.h"

namespace lastref {

struct WorkerLimits {
  // Processor time after which an operation is a hang. A program is one after kProgramHangFactor
  // times as much. The fast pass asks this much, a replay more.
  std::chrono::milliseconds hang{1000};
  // Wall-clock time without progress and with no processor time used, after which a worker is held
  // to be deadlocked and killed.
  std::chrono::milliseconds deadlock{30000};
  // Live bytes that the target may hold, see Heap::set_bound(); 0 leaves it as it is.
  std::size_t heap_bytes = 0;
  // Output of the target (messages of abort(), sanitizers) goes nowhere.
  bool silent = true;
};

inline constexpr int kProgramHangFactor = 8;
inline constexpr std::chrono::milliseconds kHangTick{50};

// Makes this process fit to fork workers that share `progress`: handlers for crashes on a stack of
// their own, the tick that judges hangs, the heap's runaway handler, no core dumps, SIGINT, SIGTERM
// and SIGHUP ignored (workers obey progress.stop). `progress` must outlive every worker.
void prepare_for_workers(SharedProgress& progress, const WorkerLimits& limits);

// Runs `work` in a worker and waits for it. The record's kind is kNone when it returned without a
// verdict. An exception that leaves `work`, or a fork that fails, is an internal_error. `convicted`
// and `verdict` of the progress are reset first; the other fields stay as they are.
VerdictRecord run_isolated(SharedProgress& progress, const WorkerLimits& limits,
                           const std::function<void()>& work);

// For the worker itself, from anywhere: records the verdict and ends the process at once.
[[noreturn]] void end_worker_with(SharedProgress& progress, Verdict kind, std::string_view detail);

// Ends this process when its parent ends, also when that has happened already. For children, first.
void die_with_parent(int parent_pid);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_WORKER_PROCESS_H_
