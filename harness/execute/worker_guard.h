// What turns a worker's crash, hang or runaway into a verdict: the half of it that runs inside of
// the worker. Signal handlers, the tick of processor time, the heap's bound, the sanitizers'
// reports.
#ifndef LASTREF_HARNESS_EXECUTE_WORKER_GUARD_H_
#define LASTREF_HARNESS_EXECUTE_WORKER_GUARD_H_

#include <chrono>

#include "harness/execute/shared_progress.h"

namespace lastref {

// How a worker ends whose record is complete, verdict or none: no status that a target that ends
// the process would choose.
inline constexpr int kWorkerDone = 93;

// Installs the handlers for workers that are forked from here on. In this process itself they do
// nothing: a crash ends it as ever. Again with another progress when that changes.
void install_worker_guard(SharedProgress& progress);

// In the worker, first: the handlers take effect, and processor time is counted.
void arm_worker_guard(std::chrono::milliseconds hang);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_WORKER_GUARD_H_
