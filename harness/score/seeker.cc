#include "harness/score/seeker.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <thread>
#include <utility>

#include "harness/execute/replay.h"
#include "harness/execute/shared_memory.h"
#include "harness/execute/supervisor.h"
#include "harness/generate/shrinking.h"
#include "harness/score/callback_seeker.h"
#include "harness/score/closer_look.h"
#include "harness/score/explore_seeker.h"
#include "harness/score/probe.h"
#include "harness/score/processor_time.h"
#include "harness/score/random_seeker.h"
#if LASTREF_RAPIDCHECK
#include "harness/score/rapidcheck_seeker.h"
#endif

namespace lastref {
namespace {

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

// What the searching process knows of its workers, also when they are gone.
struct Journal {
  Program program;  // the last that ran
  // A worker searches, or failed and was not yet looked at.
  std::atomic<std::uint32_t> open = 0;
  std::atomic<std::uint32_t> has_probe = 0;
  unsigned char reached = 0;
};

// The worker before this one failed: until its program was read and looked at, this one must not
// write another over it.
void await_closer_look(const Journal& journal, SharedProgress& progress) {
  constexpr std::chrono::milliseconds kLook{1};
  // Who counts is not asleep for ever.
  for (std::uint32_t turn = 0; journal.open.load() != 0 && !progress.stopping(); ++turn) {
    progress.begin_operation(turn);
    std::this_thread::sleep_for(kLook);
  }
}

// One search for one bug.
class Search {
 public:
  Search(const Seeker& seeker, const Bug& bug, std::uint64_t seed, const SeekLimits& limits)
      : seeker_(seeker),
        bug_(bug),
        seed_(seed),
        limits_(limits),
        look_(std::in_place, bug.target, bug.hazards) {}

  Sighting run();

 private:
  Job job();
  bool hear(const VerdictRecord& record);
  bool in_time(const RunTotals& totals) const {
    const double searched = static_cast<double>(totals.tallies[TimeTally::kTally]) * 1e-6;
    return searched + look_->taken().count() < limits_.seconds;
  }

  const Seeker& seeker_;
  const Bug& bug_;
  std::uint64_t seed_;
  const SeekLimits& limits_;
  Shared<Journal> journal_;
  std::optional<CloserLook> look_;
  Sighting sighting_;
  Program program_;  // that showed it, and how
  ProgramRun run_;
};

Job Search::job() {
  const auto warm = std::make_shared<Warm>();
  Job job;
  job.warm = [this, warm] {
    std::string error = warm->process.start(bug_.target, bug_.hazards);
    if (!error.empty()) return error;
    journal_->has_probe = place_probe(bug_.target, &journal_->reached) ? 1 : 0;
    warm->searching = seeker_.warm(warm->process, journal_->program);
    return error;
  };
  job.work = [this, warm](std::uint64_t first, std::uint64_t end, SharedProgress& progress) {
    await_closer_look(*journal_, progress);
    if (progress.stopping()) return;
    progress.begin_program(first);
    journal_->open = 1;
    warm->process.lockstep().on_operation = [&progress](int index, const Operation& operation) {
      progress.begin_operation(pack_operation(index, operation.code));
    };
    warm->searching->search({seed_, first, end}, progress);
    if (progress.convicted.load() == 0) journal_->open = 0;
  };
  return job;
}

// False when the search is over. With one job verdicts come in the order of programs, so the first
// that is right is the first there is.
bool Search::hear(const VerdictRecord& record) {
  sighting_.shown = true;
  program_ = journal_->program;
  run_ = look_->at(program_);
  if (bug_.shown_by(run_.symptoms)) {
    sighting_.found = true;
    sighting_.programs = record.program + 1;
    return false;
  }
  journal_->open = 0;
  return true;
}

Sighting Search::run() {
  SupervisorOptions options;
  options.programs = limits_.programs;
  options.time =
      std::chrono::milliseconds(static_cast<std::int64_t>(limits_.seconds * kWallFactor * 1000));
  // A mutant may hang or sleep for ever, in most of its programs.
  options.limits.hang = kShrinkPatience.hang;
  options.limits.deadlock = kShrinkPatience.deadlock;
  options.on_verdict = [this](const VerdictRecord& record) { return hear(record); };
  options.on_progress = [this](const RunTotals& totals) { return in_time(totals); };
  const double before = children_seconds();
  const RunReport run = supervise(job(), options);
  if (!sighting_.found) sighting_.programs = run.totals.programs;
  if (run.end == RunEnd::kCouldNotStart || run.end == RunEnd::kInternalError) {
    sighting_.could_not_run = run.error;
  } else if (!look_->could_not_run().empty()) {
    sighting_.could_not_run = look_->could_not_run();
  }
  sighting_.interrupted = run.end == RunEnd::kInterrupted;
  if (journal_->has_probe != 0) sighting_.reached = journal_->reached != 0;
  look_.reset();  // its processes are counted when they are gone
  sighting_.seconds = children_seconds() - before;
  if (sighting_.found) {
    sighting_.operations = CloserLook(bug_.target, bug_.hazards).shrunk_size(program_, run_);
  }
  return sighting_;
}

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
    shortage_seeker(),
    handshake_seeker(),
    faults_seeker(),
    callback_seeker(),
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
  return Search(seeker, bug, seed, limits).run();
}

}  // namespace lastref
