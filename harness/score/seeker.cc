#include "harness/score/seeker.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "harness/execute/replay.h"
#include "harness/execute/supervisor.h"
#include "harness/score/explore_seeker.h"
#include "harness/score/processor_time.h"
#include "harness/score/random_seeker.h"
#if LASTREF_RAPIDCHECK
#include "harness/score/rapidcheck_seeker.h"
#endif

namespace lastref {
namespace {

// A mutant may sleep for ever; nothing that ends sleeps so long. On a busy machine a worker may
// have to wait as long as that for a processor, which is why it is not shorter.
constexpr std::chrono::milliseconds kDeadlock{1500};
// No search takes so many times its processor time by the clock on the wall, unless it sleeps.
constexpr double kWallFactor = 60;

std::uint64_t microseconds_of_this_process() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

// What a warm process holds; filled after the fork.
struct Warm {
  TargetProcess process;
  std::unique_ptr<Searching> searching;
};

}  // namespace

void TimeTally::tick(SharedProgress& progress) {
  if (++programs_ % kEvery == 0) settle(progress);
}

void TimeTally::settle(SharedProgress& progress) {
  const std::uint64_t now = microseconds_of_this_process();
  progress.count(kTally, now - written_);
  written_ = now;
}

const std::vector<Seeker>& seekers() {
  static const std::vector<Seeker> all = {
    random_seeker(),
    handshake_seeker(),
    explore_seeker(),
#if LASTREF_RAPIDCHECK
    rapidcheck_seeker(),
#endif
  };
  return all;
}

const Seeker* seeker_named(std::string_view name) {
  const auto found = std::find_if(seekers().begin(), seekers().end(),
                                  [&](const Seeker& each) { return each.name == name; });
  return found == seekers().end() ? nullptr : &*found;
}

Sighting seek(const Seeker& seeker, const Bug& bug, std::uint64_t seed, const SeekLimits& limits) {
  Sighting sighting;
  const auto warm = std::make_shared<Warm>();
  Job job;
  job.warm = [&, warm] {
    std::string error = warm->process.start(bug.target, Hazards{});
    if (error.empty()) warm->searching = seeker.warm(warm->process);
    return error;
  };
  job.work = [&, warm](std::uint64_t first, std::uint64_t end, SharedProgress& progress) {
    warm->process.lockstep().on_operation = [&progress](int index, const Operation& operation) {
      progress.begin_operation(pack_operation(index, operation.code));
    };
    warm->searching->search({seed, first, end}, progress);
  };
  SupervisorOptions options;
  options.programs = limits.programs;
  options.time =
      std::chrono::milliseconds(static_cast<std::int64_t>(limits.seconds * kWallFactor * 1000));
  options.limits.hang = kFastHang;
  options.limits.deadlock = kDeadlock;
  options.on_verdict = [&](const VerdictRecord& record) {
    sighting.shown = true;
    // With one job verdicts come in the order of programs, so this one is the first.
    if (!bug.shown_by(signature(symptoms_of(record).cause()))) return true;
    sighting.found = true;
    sighting.programs = record.program + 1;
    return false;
  };
  options.on_progress = [&](const RunTotals& totals) {
    return static_cast<double>(totals.tallies[TimeTally::kTally]) * 1e-6 < limits.seconds;
  };
  const double before = children_seconds();
  const RunReport run = supervise(job, options);
  sighting.seconds = children_seconds() - before;
  if (!sighting.found) sighting.programs = run.totals.programs;
  if (run.end == RunEnd::kCouldNotStart || run.end == RunEnd::kInternalError) {
    sighting.could_not_run = run.error;
  }
  sighting.interrupted = run.end == RunEnd::kInterrupted;
  return sighting;
}

}  // namespace lastref
