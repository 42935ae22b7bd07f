#include "harness/inject/callback_coverage.h"

#include <chrono>

#include "harness/execute/replay.h"
#include "harness/generate/explanation.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

ContractMarks any_call() {
  ContractMarks marks;
  marks.set(Switch::CALLBACK_CALLS, callback_calls::kAny);
  marks.set(Switch::CONTEXT_CALLS_IN_REMOVE, context_calls::kAllowed);
  return marks;
}

class Coverage {
 public:
  explicit Coverage(const CallbackOptions& options)
      : options_(options),
        replay_(options.target, options.hazards),
        unnamed_(options.target, options.hazards, {}, any_call()) {}

  CallbackReport run() {
    CheckReport& check = report_.check;
    check.target = options_.target;
    for (Replay* replay : {&replay_, &unnamed_}) {
      check.could_not_run = replay->start();
      if (!check.could_not_run.empty()) return report_;
    }
    check.version = replay_.version();
    check.contract = replay_.contract_text();
    const auto cells = matrix_programs(replay_.contract(), replay_.capabilities());
    const auto pairs = reentry_programs(replay_.contract(), replay_.capabilities());
    all_ = cells.size() + pairs.size();
    for (const CallbackProgram& made : cells) report_.cells.push_back(row_of(made));
    for (const CallbackProgram& made : pairs) report_.pairs.push_back(row_of(made));
    check.search_seconds = seconds_since(start_);
    explain_findings();
    check.seconds = seconds_since(start_);
    return report_;
  }

 private:
  CallbackRow row_of(const CallbackProgram& made) {
    CallbackRow row;
    row.made = made;
    if (!report_.check.stopped && made.program.size > 0) run_program(row);
    ++done_;
    if (options_.progress && !options_.progress(done_, all_)) report_.check.stopped = true;
    return row;
  }

  void run_program(CallbackRow& row) {
    CheckReport& check = report_.check;
    const bool named = row.made.verdict == Reentry::ALLOWED;
    Replay& replay = named ? replay_ : unnamed_;
    const Replay::Outcome outcome = replay.run(row.made.program, Replay::Until::kCause);
    if (!outcome.internal_error.empty()) {
      check.internal_error = row.made.name + ": " + outcome.internal_error;
      return;
    }
    row.run = true;
    const std::uint64_t index = check.programs++;
    if (outcome.run.symptoms.empty()) return;
    const Signature found = signature(outcome.run.symptoms.cause());
    row.failed = text(found);
    if (!named) return;
    ++check.verdicts;
    failed_.emplace(index, row.made);
    groups_.add(outcome.run.symptoms, index);
  }

  void explain_findings() {
    ExplanationOptions options;
    options.target = options_.target;
    options.program_of = [this](std::uint64_t index, Program& program) {
      program = failed_.at(index).program;
      return true;
    };
    options.name_of = [this](std::uint64_t index) { return failed_.at(index).name; };
    options.progress = [this] { return !options_.progress || options_.progress(done_, all_); };
    const Explanation found = explain(groups_, replay_, options);
    report_.check.findings = found.findings;
    report_.check.unreproduced = found.unreproduced;
    if (!found.internal_error.empty()) report_.check.internal_error = found.internal_error;
  }

  const CallbackOptions& options_;
  CallbackReport report_;
  Replay replay_;
  Replay unnamed_;  // where any call is taken for one that a source allows
  VerdictGroups groups_;
  std::map<std::uint64_t, CallbackProgram> failed_;
  std::size_t done_ = 0;
  std::size_t all_ = 0;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

CallbackReport cover_callbacks(const CallbackOptions& options) { return Coverage(options).run(); }

}  // namespace lastref
