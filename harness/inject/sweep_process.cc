#include "harness/inject/sweep_process.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "harness/execute/program_run.h"
#include "harness/execute/replay.h"
#include "harness/program/binary.h"

namespace lastref {
namespace {

// Destroyed sessions are looked at after each operation, so that what touched one is named.
Watch sweep_watch() {
  Watch watch;
  watch.quarantine = true;
  return watch;
}

WorkerLimits sweep_limits() {
  WorkerLimits limits;
  limits.hang = kFastHang;
  return limits;
}

}  // namespace

SweepProcess::SweepProcess(std::string target, Hazards hazards, const Program& program)
    : program_(program),
      service_(
          [this, name = std::move(target), hazards] {
            std::string error = process_.start(name, hazards);
            if (error.empty()) run_once(process_.lockstep(), program_, sweep_watch());
            return error;
          },
          [this](std::span<const std::uint8_t> request, SharedProgress& progress,
                 SharedBytes& answer) { serve(request, progress, answer); },
          sweep_limits()) {}

std::string SweepProcess::start() { return service_.start(); }

// A request is a program; the one without a fault is to be counted.
void SweepProcess::serve(std::span<const std::uint8_t> request, SharedProgress& progress,
                         SharedBytes& answer) {
  Lockstep& lockstep = process_.lockstep();
  lockstep.on_operation = [&progress](int index, const Operation& operation) {
    progress.begin_operation(pack_operation(index, operation.code));
  };
  const Program program = decode_program(request);
  ProgramRun run;
  if (!(program == program_)) {
    run = run_repeated(lockstep, program, sweep_watch());
  } else {
    lockstep.on_requests = [&answer](const Requests& counted) {
      answer.append({reinterpret_cast<const std::uint8_t*>(&counted), sizeof counted});
    };
    run = run_once(lockstep, program, sweep_watch());
  }
  // With another time something may have become a mistake of the caller's.
  if (run.illegal_operation < 0 && !run.symptoms.empty()) convict(progress, run.symptoms);
}

SweepProcess::Outcome SweepProcess::outcome_of(const Answer& answer) {
  return {symptoms_of(answer.record), internal_error(answer.record)};
}

SweepProcess::Outcome SweepProcess::count(std::vector<Requests>& requests) {
  const Answer answer = service_.call(encode_program(program_));
  requests.assign(program_.size, Requests{});
  for (std::size_t at = 0; at + sizeof(Requests) <= answer.bytes.size(); at += sizeof(Requests)) {
    Requests counted;
    std::memcpy(&counted, answer.bytes.data() + at, sizeof counted);
    const auto index = static_cast<std::size_t>(counted.operation);
    // Behind them come those of the teardown, which no program names.
    if (index < requests.size()) requests[index] = counted;
  }
  return outcome_of(answer);
}

SweepProcess::Outcome SweepProcess::run(const Program& harmed) {
  return outcome_of(service_.call(encode_program(harmed)));
}

}  // namespace lastref
