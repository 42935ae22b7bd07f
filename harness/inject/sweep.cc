#include "harness/inject/sweep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>

#include "harness/execute/replay.h"
#include "harness/generate/explanation.h"
#include "harness/inject/points.h"
#include "harness/inject/sweep_process.h"
#include "harness/model/model.h"
#include "harness/program/capabilities.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

FaultKind kind_of_fault(SweepKind kind) {
  switch (kind) {
    case SweepKind::kRandom:
      return FaultKind::kRandom;
    case SweepKind::kLocks:
      return FaultKind::kLock;
    case SweepKind::kTransport:
      return FaultKind::kFlight;
    default:
      return FaultKind::kAllocation;
  }
}

// The first fault of a kind that an operation can have.
Fault first_of(FaultKind kind) {
  return kind == FaultKind::kFlight ? Fault::of_flight(1, Damage::kFlip, 1) : Fault(1, false, kind);
}

// The capability that a target must have for it; 0 for none.
std::uint64_t needed(SweepKind kind) {
  return kind == SweepKind::kClock ? LASTREF_CAN_CLOCK
                                   : capability_of(first_of(kind_of_fault(kind)));
}

class Sweep {
 public:
  explicit Sweep(const SweepOptions& options)
      : options_(options), replay_(options.target, options.hazards) {}

  SweepReport run() {
    CheckReport& check = report_.check;
    check.target = options_.target;
    check.could_not_run = replay_.start();
    if (!check.could_not_run.empty()) return report_;
    check.version = replay_.version();
    check.contract = replay_.contract_text();
    for (const SweepTrace& trace : options_.traces) {
      if (check.stopped) break;
      const Clock::time_point start = Clock::now();
      TraceSweep swept;
      swept.name = trace.name;
      sweep_trace(without_faults(trace.program), swept);
      swept.seconds = seconds_since(start);
      report_.traces.push_back(swept);
    }
    check.search_seconds = seconds_since(start_);
    explain_verdicts();
    check.seconds = seconds_since(start_);
    return report_;
  }

 private:
  bool tell(const TraceSweep& swept, std::uint64_t of, const char* stage) {
    if (!options_.progress) return true;
    const bool on = options_.progress(
        {swept.name, report_.traces.size(), swept.run, of, report_.check.verdicts, stage});
    if (!on) report_.check.stopped = true;
    return on;
  }

  // Why the program says nothing when an allocation fails in it; empty when it does.
  std::string left_out(const Program& program) {
    if (const std::vector<std::string> lacks = lacking(replay_, program); !lacks.empty()) {
      return fmt::format("the target has no {}", fmt::join(lacks, ", "));
    }
    if (const std::uint64_t lacks = needed(options_.kind) & ~replay_.capabilities(); lacks != 0) {
      return fmt::format("the target has no {}", fmt::join(capability_names(lacks), ", "));
    }
    if (program.misuse != Misuse::kNone) return "it is a program of misuse";
    const Replay::Outcome outcome = replay_.run(program, Replay::Until::kCause);
    if (!outcome.internal_error.empty()) {
      report_.check.internal_error = outcome.internal_error;
      return outcome.internal_error;
    }
    if (outcome.run.illegal_operation >= 0) {
      return fmt::format("operation {} {}", outcome.run.illegal_operation + 1,
                         name(outcome.run.legality));
    }
    if (outcome.run.symptoms.empty()) return {};
    return fmt::format("it fails without a fault: {}",
                       text(signature(outcome.run.symptoms.cause())));
  }

  // Whether a hazard allows no fault in that operation, or the model does not follow it there.
  bool meets_hazard(const Program& program, std::size_t operation, FaultKind kind) const {
    const FaultPoint point{static_cast<std::uint8_t>(operation), first_of(kind)};
    return meets_hazard(with_fault(program, point));
  }
  bool meets_hazard(const Program& harmed) const {
    return judge(Model(replay_.contract()), harmed).legality != Legality::kLegal;
  }

  // With its teardown written out where the target then does what it does without.
  Program ended_by_itself(const Program& program) {
    if (options_.kind != SweepKind::kAllocations) return program;
    const Program whole = with_teardown(Model(replay_.contract()), program);
    return left_out(whole).empty() ? whole : program;
  }

  void sweep_trace(const Program& given, TraceSweep& swept) {
    swept.left_out = given.size == 0 ? "it has no operations" : left_out(given);
    if (!swept.left_out.empty()) return;
    const Program program = ended_by_itself(given);
    SweepProcess process(options_.target, options_.hazards, program);
    swept.left_out = process.start();
    if (!swept.left_out.empty()) return;
    if (options_.kind == SweepKind::kClock) return sweep_clock(process, program, swept);
    std::vector<Requests> requests;
    const SweepProcess::Outcome counted = process.count(requests);
    if (!counted.internal_error.empty() || !counted.symptoms.empty()) {
      // It was clean in the process before.
      report_.check.internal_error =
          fmt::format("{}: counting its requests failed: {}", swept.name,
                      counted.symptoms.empty() ? counted.internal_error
                                               : text(signature(counted.symptoms.cause())));
      swept.left_out = report_.check.internal_error;
      return;
    }
    const std::vector<FaultPoint> all = points_in(program, requests, swept);
    swept.points = all.size();
    const std::vector<FaultPoint> points = sample(all, options_.most_points, options_.seed);
    for (const FaultPoint& point : points) {
      if (!tell(swept, points.size(), "sweep")) return;
      const Program harmed = with_fault(program, point);
      // Some known bugs lie behind one request of an operation only.
      if (meets_hazard(harmed)) continue;
      run_point(process, harmed, program.operations[point.operation].code, swept);
    }
  }

  // All points of the kind that is swept.
  std::vector<FaultPoint> points_in(const Program& program, const std::vector<Requests>& requests,
                                    TraceSweep& swept) const {
    if (options_.kind == SweepKind::kTransport) {
      std::vector<FlightBytes> flights;
      for (std::size_t i = 0; i < requests.size(); ++i) {
        const FlightBytes& of = requests[i].flights;
        const auto bytes = std::accumulate(of.begin(), of.end(), std::uint64_t{0});
        const bool hidden = bytes > 0 && meets_hazard(program, i, FaultKind::kFlight);
        swept.requests += bytes;
        if (hidden) swept.hidden += bytes;
        flights.push_back(hidden ? FlightBytes{} : of);
      }
      return flight_points_of(flights);
    }
    const FaultKind kind = kind_of_fault(options_.kind);
    std::vector<int> counts;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const int count = requests[i].counts[static_cast<std::size_t>(kind)];
      const bool hidden = count > 0 && meets_hazard(program, i, kind);
      swept.requests += static_cast<std::uint64_t>(count);
      if (hidden) swept.hidden += static_cast<std::uint64_t>(count);
      counts.push_back(hidden ? 0 : count);
    }
    return points_of(counts, kind);
  }

  void sweep_clock(SweepProcess& process, const Program& program, TraceSweep& swept) {
    const std::vector<ClockPoint> points = clock_points_of(program);
    swept.points = points.size();
    for (const ClockPoint& point : points) {
      if (!tell(swept, points.size(), "sweep")) return;
      run_point(process, with_clock(program, point), Op::CLOCK_ADVANCE, swept);
    }
  }

  void run_point(SweepProcess& process, const Program& harmed, Op struck, TraceSweep& swept) {
    const SweepProcess::Outcome outcome = process.run(harmed);
    ++swept.run;
    const std::uint64_t index = report_.check.programs++;
    if (!outcome.internal_error.empty()) report_.check.internal_error = outcome.internal_error;
    if (outcome.symptoms.empty() || !outcome.internal_error.empty()) return;
    ++swept.verdicts;
    ++report_.check.verdicts;
    failed_.emplace(index, Failed{harmed, swept.name});
    groups_[struck].add(outcome.symptoms, index);
  }

  // Replays, shrinks and groups what failed, for each operation that was struck.
  void explain_verdicts() {
    ExplanationOptions options;
    options.target = options_.target;
    options.program_of = [this](std::uint64_t index, Program& program) {
      program = failed_.at(index).program;
      return true;
    };
    options.name_of = [this](std::uint64_t index) { return failed_.at(index).trace; };
    options.progress = [this] { return tell({}, 0, "shrink"); };
    CheckReport& check = report_.check;
    for (const auto& [struck, groups] : groups_) {
      Explanation found = explain(groups, replay_, options);
      check.findings.insert(check.findings.end(), found.findings.begin(), found.findings.end());
      check.unreproduced.insert(check.unreproduced.end(), found.unreproduced.begin(),
                                found.unreproduced.end());
      if (!found.internal_error.empty()) check.internal_error = found.internal_error;
    }
  }

  struct Failed {
    Program program;
    std::string trace;
  };

  const SweepOptions& options_;
  SweepReport report_;
  Replay replay_;
  // By the operation whose allocation failed; of the clock, which is everywhere at once, by its
  // own.
  std::map<Op, VerdictGroups> groups_;
  std::map<std::uint64_t, Failed> failed_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

SweepReport sweep(const SweepOptions& options) { return Sweep(options).run(); }

}  // namespace lastref
