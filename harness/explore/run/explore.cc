#include "harness/explore/run/explore.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include "harness/execute/replay.h"
#include "harness/execute/supervisor.h"
#include "harness/explore/run/chunk_marks.h"
#include "harness/explore/run/journal.h"
#include "harness/generate/explanation.h"
#include "harness/generate/random_program.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

// Processor time of this process, or of its children that have ended.
double processor_seconds(int whose) {
  rusage usage{};
  getrusage(whose, &usage);
  constexpr double kMicro = 1e-6;
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         kMicro * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Programs of one fork of a worker: some tens of milliseconds, and some hundreds with handshakes.
constexpr std::uint64_t kChunk = 4096;
constexpr std::uint64_t kHandshakeChunk = 256;

// Contexts that a worker is forked with, about as many as the programs of a chunk free for good: on
// OpenSSL, where to make one takes 90 us, half of all time would go into that.
constexpr int kContextsOfAChunk = 384;

// What a worker process holds once it is warm.
struct Worker {
  TargetProcess process;
  std::unique_ptr<Composer> composer;
  Program program;
};

class Exploration {
 public:
  explicit Exploration(const ExploreOptions& options)
      : options_(options), replay_(options.target, options.hazards) {}

  ExploreReport run() {
    report_.target = options_.target;
    report_.could_not_run = replay_.start();
    if (!report_.could_not_run.empty()) return report_;
    report_.version = replay_.version();
    report_.contract = replay_.contract_text();
    report_.bound = options_.bound.limits_text();
    report_.operations = options_.bound.operations_text();
    report_.all_programs = options_.all_programs;
    report_.shard = options_.shard;
    for (const OperationRow& of : operation_table()) {
      const bool can = (of.capability & replay_.capabilities()) == of.capability;
      if (!options_.bound.has(of.code)) {
        report_.not_in_bound.push_back(of.code);
      } else if (!can) {
        report_.cannot.push_back(of.code);
      }
    }
    report_.model_only = options_.model_only;
    if (explore_model() && !options_.model_only) {
      exercise();
      if (report_.could_not_run.empty()) explain_verdicts();
    }
    report_.seconds = seconds_since(start_);
    return report_;
  }

 private:
  bool merges() const { return !options_.all_programs; }

  bool tell(ExploreProgress progress, Clock::time_point since) {
    if (!options_.progress) return true;
    progress.verdicts = report_.verdicts;
    progress.seconds = seconds_since(since);
    const bool on = options_.progress(progress);
    if (!on) report_.stopped = true;
    return on;
  }

  // False when it was stopped.
  bool explore_model() {
    Symmetry symmetry = symmetry_of(options_.bound);
    // Ids reach the target as they are; the names of variables never do.
    if (!merges()) symmetry.ids = false;
    space_ = std::make_unique<Space>(replay_.contract(), replay_.capabilities(), options_.bound,
                                     symmetry);
    CensusOptions options;
    options.merge = merges();
    options.threads = options_.jobs;
    options.keep_going = [this](const CensusCounts& counts) {
      ExploreProgress progress;
      progress.stage = "model";
      progress.states = counts.states;
      progress.depth = counts.depth;
      progress.transitions = counts.transitions;
      return tell(progress, start_);
    };
    census_ = std::make_unique<Census>(*space_, options);
    const double processor_before = processor_seconds(RUSAGE_SELF);
    report_.census_complete = census_->take();
    census_->forget_forms();
    report_.states = census_->counts().states;
    report_.transitions = census_->counts().transitions;
    report_.depth = census_->counts().depth;
    report_.at_depth = census_->at_depth();
    report_.too_long = census_->too_long();
    report_.left_out = census_->left_out();
    report_.transitions_of = census_->transitions_of();
    report_.model_seconds = seconds_since(start_);
    report_.model_processor_seconds = processor_seconds(RUSAGE_SELF) - processor_before;
    return report_.census_complete;
  }

  std::string identity() const {
    std::string hazards;
    for (const HazardRow& of : hazard_table()) {
      if (options_.hazards.has(of.id)) hazards += fmt::format(" {}", of.name);
    }
    return fmt::format(
        "{}; {}; contract {}; hazards{}; bound {}; operations {}; {}; shard {}/{}; {} states, {} "
        "transitions, {} programs",
        options_.target, report_.version, report_.contract, hazards, options_.bound.limits_text(),
        options_.bound.operations_text(), merges() ? "merged" : "all programs",
        options_.shard.number, options_.shard.count, report_.states, report_.transitions,
        agenda_->programs());
  }

  void exercise() {
    agenda_ = std::make_unique<Agenda>(*census_, options_.shard);
    report_.shard_states = agenda_->states();
    report_.shard_transitions = agenda_->transitions();
    report_.shard_programs = agenda_->programs();
    const bool shakes = space_->moves().has(Op::HANDSHAKE);
    marks_ = std::make_unique<ChunkMarks>(agenda_->programs(), shakes ? kHandshakeChunk : kChunk);
    if (!options_.journal.empty()) {
      report_.could_not_run = journal_.open(options_.journal, identity(), *marks_);
      if (!report_.could_not_run.empty()) return;
      for (const JournalVerdict& verdict : journal_.verdicts()) {
        groups_.add(verdict.signature, verdict.program);
        ++report_.verdicts;
      }
      report_.resumed_programs = marks_->programs_done();
    }
    const Clock::time_point since = Clock::now();
    const double processor_before = processor_seconds(RUSAGE_CHILDREN);
    const RunReport run = supervise(job(), supervision(since));
    report_.target_seconds = seconds_since(since);
    report_.target_processor_seconds = processor_seconds(RUSAGE_CHILDREN) - processor_before;
    report_.programs_done = marks_->programs_done();
    report_.transitions_done = marks_->transitions_done();
    journal_.write(*marks_);
    if (run.end == RunEnd::kInterrupted || run.end == RunEnd::kStopped) report_.stopped = true;
    if (run.end == RunEnd::kCouldNotStart) report_.could_not_run = run.error;
    if (run.end == RunEnd::kInternalError) report_.internal_error = run.error;
    if (run.end != RunEnd::kCouldNotStart && !journal_.error().empty()) {
      report_.internal_error = journal_.error();
    }
  }

  Job job() {
    // Filled after the fork, in each warm process of its own.
    const auto worker = std::make_shared<Worker>();
    Job job;
    job.warm = [this, worker] {
      worker->composer = std::make_unique<Composer>(*space_, *census_, merges());
      std::string error = worker->process.start(options_.target, options_.hazards);
      if (error.empty()) worker->process.lockstep().warm(kContextsOfAChunk);
      return error;
    };
    job.work = [this, worker](std::uint64_t first, std::uint64_t end, SharedProgress& progress) {
      work(*worker, first, end, progress);
    };
    return job;
  }

  void work(Worker& worker, std::uint64_t first, std::uint64_t end, SharedProgress& progress) {
    if (marks_->is_done(first)) return;
    Lockstep& lockstep = worker.process.lockstep();
    lockstep.on_operation = [&progress](int index, const Operation& operation) {
      progress.begin_operation(pack_operation(index, operation.code));
    };
    for (std::uint64_t index = first; index < end; ++index) {
      if (progress.stopping()) return;
      progress.begin_program(index);
      const std::uint32_t transitions =
          worker.composer->compose(agenda_->at(index), worker.program);
      ProgramRun run = run_checked(lockstep, worker.program, fast_watch(index));
      if (run.illegal_operation >= 0) {
        throw std::logic_error(fmt::format(
            "the model takes operation {} of program {} and the lockstep does not ({}):\n{}",
            run.illegal_operation + 1, index, name(run.legality), print_trace(worker.program)));
      }
      if (!run.symptoms.empty()) {
        run.symptoms.settle();
        convict(progress, run.symptoms);
        return;
      }
      marks_->count(index, transitions);
      progress.end_program(static_cast<std::uint32_t>(lockstep.operations()));
    }
  }

  SupervisorOptions supervision(Clock::time_point since) {
    SupervisorOptions options;
    options.jobs = options_.jobs;
    options.programs = agenda_->programs();
    options.chunk = marks_->chunk();
    options.limits.hang = kFastHang;
    options.on_verdict = [this](const VerdictRecord& record) {
      ++report_.verdicts;
      const Symptoms symptoms = symptoms_of(record);
      const Signature which = signature(symptoms.cause());
      groups_.add(symptoms, record.program);
      marks_->failed(record.program);
      journal_.add({which, record.program});
      return true;
    };
    options.on_progress = [this, since](const RunTotals&) {
      journal_.write_settled(*marks_);
      ExploreProgress progress;
      progress.stage = "target";
      progress.states = report_.states;
      progress.transitions = marks_->transitions_done();
      progress.all_transitions = agenda_->transitions();
      return tell(progress, since) && journal_.error().empty();
    };
    return options;
  }

  void explain_verdicts() {
    const Clock::time_point since = Clock::now();
    Composer composer(*space_, *census_, merges());
    ExplanationOptions options;
    options.target = options_.target;
    options.program_of = [&](std::uint64_t index, Program& program) {
      composer.compose(agenda_->at(index), program);
      return true;
    };
    options.name_of = [](std::uint64_t index) { return fmt::format("program {}", index); };
    options.progress = [this, since] {
      ExploreProgress progress;
      progress.stage = "shrink";
      return tell(progress, since);
    };
    Explanation explanation = explain(groups_, replay_, options);
    report_.findings = std::move(explanation.findings);
    report_.unreproduced = std::move(explanation.unreproduced);
    if (!explanation.internal_error.empty()) report_.internal_error = explanation.internal_error;
  }

  const ExploreOptions& options_;
  ExploreReport report_;
  Replay replay_;
  std::unique_ptr<Space> space_;
  std::unique_ptr<Census> census_;
  std::unique_ptr<Agenda> agenda_;
  std::unique_ptr<ChunkMarks> marks_;
  Journal journal_;
  VerdictGroups groups_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

ExploreReport explore(const ExploreOptions& options) { return Exploration(options).run(); }

}  // namespace lastref
