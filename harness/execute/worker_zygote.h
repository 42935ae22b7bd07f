// A zygote: the warm process of one job slot, which forks its workers and tells the supervisor how
// they ended.
#ifndef LASTREF_HARNESS_EXECUTE_WORKER_ZYGOTE_H_
#define LASTREF_HARNESS_EXECUTE_WORKER_ZYGOTE_H_

#include <array>
#include <atomic>
#include <climits>
#include <cstdint>

#include "harness/execute/shared_progress.h"
#include "harness/execute/supervisor.h"
#include "harness/vocabulary/limits.h"

namespace lastref {

// Shared by the supervisor and its zygotes.
struct RunControl {
  std::atomic<std::uint64_t> next_program = 0;  // first index that no slot has taken
  std::array<std::atomic<std::uint32_t>, kMaxJobs> warm{};
};

enum class ZygoteNews : std::uint32_t { kVerdict, kCouldNotStart, kInternalError };

// What a zygote writes to the pipe that all share. Short enough to be written in one piece.
struct ZygoteMessage {
  ZygoteNews news = ZygoteNews::kVerdict;
  std::int32_t slot = 0;
  VerdictRecord record;  // or, in its detail, why
};
static_assert(sizeof(ZygoteMessage) <= PIPE_BUF);

// Runs the whole life of the zygote of `slot`. Exit codes: 0 done or told to stop, 3 could not
// start, 4 internal error.
[[noreturn]] void run_zygote(int slot, int parent_pid, int pipe, const Job& job,
                             const SupervisorOptions& options, RunControl& control,
                             SharedProgress& progress);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_WORKER_ZYGOTE_H_
