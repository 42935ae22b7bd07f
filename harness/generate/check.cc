#include "harness/generate/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "harness/execute/replay.h"
#include "harness/execute/supervisor.h"
#include "harness/generate/explanation.h"
#include "harness/generate/random_program.h"
#include "harness/generate/redraw.h"
#include "harness/generate/shrinking.h"
#include "harness/program/capabilities.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What programs are made of: no more than the target can do and the options leave.
Mix mix_of(const lastref_target& target, const CheckOptions& options) {
  return Mix(target.capabilities & ~options.without, options.mix);
}

// Contexts that a worker is forked with, about as many as the programs of a chunk free for good. To
// make one takes 90 us on OpenSSL; of one that was made before the fork pages are copied.
constexpr int kContextsOfAChunk = 64;

// What a worker process holds once it is warm. Made in each process that is forked for it.
struct Worker {
  TargetProcess process;
  std::unique_ptr<Mix> mix;
  Program program;

  std::string start(const CheckOptions& options) {
    std::string error = process.start(options.target, options.hazards);
    if (!error.empty()) return error;
    process.lockstep().warm(kContextsOfAChunk);
    mix = std::make_unique<Mix>(mix_of(process.target(), options));
    return {};
  }
};

class Check {
 public:
  explicit Check(const CheckOptions& options)
      : options_(options),
        replay_(options.target, options.hazards,
                serve_redraw([&options](const lastref_target& target) {
                  return mix_of(target, options);
                })) {}

  CheckReport run() {
    report_.target = options_.target;
    replay_.set_memory(std::max(options_.memory, MemoryTier::kGuard));
    report_.could_not_run = replay_.start();
    if (!report_.could_not_run.empty()) return report_;
    report_.version = replay_.version();
    report_.contract = replay_.contract_text();
    search();
    report_.search_seconds = seconds_since(start_);
    if (report_.could_not_run.empty()) explain_verdicts();
    report_.seconds = seconds_since(start_);
    return report_;
  }

 private:
  ProgramSeed seed_of(std::uint64_t index) const {
    return {options_.seed, index, options_.operations, options_.faults};
  }

  bool tell(const char* stage, std::uint64_t programs) {
    if (!options_.progress) return true;
    CheckProgress progress;
    progress.programs = programs;
    progress.verdicts = report_.verdicts;
    progress.seconds = seconds_since(start_);
    progress.stage = stage;
    const bool on = options_.progress(progress);
    if (!on) report_.stopped = true;
    return on;
  }

  void search() {
    // Filled after the fork, in each warm process of its own.
    const auto worker = std::make_shared<Worker>();
    Job job;
    job.warm = [this, worker] { return worker->start(options_); };
    job.work = [this, worker](std::uint64_t first, std::uint64_t end, SharedProgress& progress) {
      worker->process.lockstep().on_operation = [&progress](int index, const Operation& operation) {
        progress.begin_operation(pack_operation(index, operation.code));
      };
      for (std::uint64_t index = first; index < end && !progress.stopping(); ++index) {
        progress.begin_program(index);
        const ProgramSeed seed = seed_of(options_.first + index);
        const Symptoms symptoms = search_random_program(worker->process.lockstep(), *worker->mix,
                                                        seed, worker->program, options_.memory);
        if (!symptoms.empty()) {
          convict(progress, symptoms);
          return;
        }
        progress.end_program(static_cast<std::uint32_t>(worker->process.lockstep().operations()));
      }
    };
    SupervisorOptions options;
    options.jobs = options_.jobs;
    if (options_.budget.programs > 0) options.programs = options_.budget.programs;
    options.time =
        std::chrono::milliseconds(static_cast<std::int64_t>(options_.budget.seconds * 1000));
    options.limits.hang = kFastHang;
    options.on_verdict = [this](const VerdictRecord& record) {
      ++report_.verdicts;
      const Symptoms symptoms = symptoms_of(record);
      groups_.add(symptoms, options_.first + record.program);
      return true;
    };
    options.on_progress = [this](const RunTotals& totals) {
      return tell("search", totals.programs);
    };
    const RunReport run = supervise(job, options);
    report_.programs = run.totals.programs;
    report_.operations = run.totals.operations;
    if (run.end == RunEnd::kInterrupted || run.end == RunEnd::kStopped) report_.stopped = true;
    if (run.end == RunEnd::kCouldNotStart) report_.could_not_run = run.error;
    if (run.end == RunEnd::kInternalError) report_.internal_error = run.error;
  }

  // Replays, shrinks and groups what the search met.
  void explain_verdicts() {
    ExplanationOptions options;
    options.target = options_.target;
    options.program_of = [this](std::uint64_t index, Program& program) {
      return redraw(replay_, seed_of(index), program);
    };
    options.name_of = [this](std::uint64_t index) {
      return fmt::format("program {} of seed {}", index, options_.seed);
    };
    options.progress = [this] { return tell("shrink", report_.programs); };
    Explanation explanation = explain(groups_, replay_, options);
    report_.findings = std::move(explanation.findings);
    report_.unreproduced = std::move(explanation.unreproduced);
    if (!explanation.internal_error.empty()) report_.internal_error = explanation.internal_error;
  }

  const CheckOptions& options_;
  CheckReport report_;
  Replay replay_;
  VerdictGroups groups_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

std::vector<std::string> lacking(const Replay& replay, const Program& program) {
  const std::uint64_t capabilities = replay.capabilities();
  std::vector<std::string> lacks;
  for (const Operation& operation : program.view()) {
    const OperationRow& of = row(operation.code);
    if ((of.capability & capabilities) == of.capability) continue;
    const std::string text = fmt::format("{} (capability {})", of.name, of.capability_name);
    if (std::find(lacks.begin(), lacks.end(), text) == lacks.end()) lacks.push_back(text);
  }
  std::uint64_t of_faults = 0;
  for (const Operation& operation : program.view()) of_faults |= capability_of(operation.fault);
  for (const std::string& name : capability_names(of_faults & ~capabilities)) {
    lacks.push_back("capability " + name);
  }
  for (const std::string& word : program.contract.unmet(replay.contract())) {
    lacks.push_back("contract " + word);
  }
  return lacks;
}

Verdict verdict_of(Misuse misuse) {
  switch (misuse) {
    case Misuse::kDoubleFree:
      return Verdict::kDoubleFree;
    case Misuse::kBorrowedFree:
      return Verdict::kBorrowedFree;
    case Misuse::kUseAfterFree:
      return Verdict::kUseAfterFree;
    case Misuse::kLeak:
      return Verdict::kLeak;
    case Misuse::kTwoContexts:
      return Verdict::kDanglingCache;
    default:
      return Verdict::kNone;
  }
}

CheckReport check(const CheckOptions& options) { return Check(options).run(); }

std::string target_version(const std::string& target, std::string* error) {
  Replay replay(target, Hazards{});
  *error = replay.start();
  return replay.version();
}

std::string target_contract(const std::string& target, Contract* contract) {
  Replay replay(target, Hazards{});
  if (std::string error = replay.start(); !error.empty()) return error;
  *contract = replay.contract();
  return {};
}

ProgramReport run_program(const std::string& target, const Program& program, Hazards hazards,
                          const ContractMarks& instead, MemoryTier memory) {
  ProgramReport report;
  Replay replay(target, hazards, {}, instead);
  replay.set_memory(memory);
  report.could_not_run = replay.start();
  if (!report.could_not_run.empty()) return report;
  report.version = replay.version();
  report.lacks = lacking(replay, program);
  if (!report.lacks.empty()) return report;
  const Replay::Outcome outcome = replay.run(program, Replay::Until::kConsequences);
  report.internal_error = outcome.internal_error;
  report.symptoms = outcome.run.symptoms;
  report.memory = replay.evidence(program, outcome);
  report.struck = outcome.struck;
  report.illegal_operation = outcome.run.illegal_operation;
  if (report.illegal_operation >= 0) {
    report.illegal_reason = name(outcome.run.legality);
    report.meets_hazard = outcome.run.legality == Legality::kHazard;
    report.beyond_model = outcome.run.legality == Legality::kTooMany;
    report.broken = misuse_of(outcome.run.legality);
    report.misuse_verdict = verdict_of(report.broken);
  }
  return report;
}

ShrinkReport shrink_program(const std::string& target, const Program& program, Hazards hazards,
                            const std::function<bool(int tried, int size)>& progress) {
  ShrinkReport report;
  report.program = program;
  Replay replay(target, hazards);
  report.could_not_run = replay.start();
  if (!report.could_not_run.empty()) return report;
  const Replay::Outcome first = replay.run(program, Replay::Until::kCause);
  report.internal_error = first.internal_error;
  report.symptoms = first.run.symptoms;
  report.tried = 1;
  if (!report.internal_error.empty() || first.run.symptoms.empty()) return report;
  const Shrunk shrunk = shrink_on(replay, program, first.run, progress);
  report.program = shrunk.program;
  report.symptoms = shrunk.run.symptoms;
  report.tried += shrunk.tried;
  report.complete = shrunk.complete;
  return report;
}

}  // namespace lastref
