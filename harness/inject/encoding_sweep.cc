#include "harness/inject/encoding_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

#include "harness/execute/program_run.h"
#include "harness/execute/replay.h"
#include "harness/execute/supervisor.h"
#include "harness/generate/explanation.h"
#include "harness/inject/damaged_blobs.h"
#include "harness/inject/decoding.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

// Counted over all workers.
enum Tally : std::uint8_t { kDecoded };

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Watch watch_of(MemoryTier memory) {
  Watch watch;
  watch.reuse_contexts = true;
  watch.memory = memory;
  return watch;
}

template <typename T>
std::span<const std::uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

std::uint64_t number_of(std::span<const std::uint8_t> request) {
  std::uint64_t number = 0;
  std::memcpy(&number, request.data(), sizeof number);
  return number;
}

Program program_of(const EncodedSource& source) {
  return std::get<Program>(parse_trace("lastref 1\n" + std::string(source.trace)));
}

// Runs a source and answers what it encoded its session to.
void serve_source(TargetProcess& process, std::span<const std::uint8_t> request, SharedProgress&,
                  SharedBytes& answer) {
  Lockstep& lockstep = process.lockstep();
  Program as_run;
  run_fitted(lockstep, process.target().capabilities,
             program_of(encoded_sources()[number_of(request)]), watch_of(MemoryTier::kQuarantine),
             as_run);
  const auto encodes = [](const Operation& operation) { return operation.code == Op::I2D; };
  if (std::ranges::any_of(as_run.view(), encodes)) {
    answer.append(lockstep.blob(0));
  }
}

class Sweep {
 public:
  explicit Sweep(const EncodingSweepOptions& options)
      : options_(options),
        blobs_(options.seed, options.blobs),
        replay_(options.target, options.hazards,
                [this](TargetProcess& process, std::span<const std::uint8_t> request,
                       SharedProgress& progress, SharedBytes& answer) {
                  serve_redraw(process, number_of(request), progress, answer);
                }) {}

  EncodingSweepReport run() {
    CheckReport& check = report_.check;
    check.target = options_.target;
    replay_.set_memory(std::max(options_.memory, MemoryTier::kGuard));
    check.could_not_run = encode_sessions();
    if (check.could_not_run.empty()) check.could_not_run = replay_.start();
    if (!check.could_not_run.empty()) return report_;
    check.version = replay_.version();
    check.contract = replay_.contract_text();
    report_.systematic = blobs_.systematic();
    report_.all_systematic = blobs_.all_systematic();
    search();
    check.search_seconds = seconds_since(start_);
    if (check.could_not_run.empty()) explain_verdicts();
    check.seconds = seconds_since(start_);
    return report_;
  }

 private:
  bool tell(const char* stage) {
    if (!options_.progress) return true;
    const bool on =
        options_.progress({blobs_done_, report_.check.verdicts, seconds_since(start_), stage});
    if (!on) report_.check.stopped = true;
    return on;
  }

  // Empty on success, else why there is nothing to damage.
  std::string encode_sessions() {
    Replay encoder(options_.target, options_.hazards, serve_source);
    if (std::string error = encoder.start(); !error.empty()) return error;
    constexpr std::uint64_t kNeeded = LASTREF_CAN_I2D | LASTREF_CAN_D2I;
    if ((encoder.capabilities() & kNeeded) != kNeeded) {
      return "the target has no d2i (capability D2I), or no i2d (I2D)";
    }
    std::vector<std::vector<std::uint8_t>> known;
    for (std::uint64_t i = 0; i < encoded_sources().size(); ++i) {
      const EncodedSource& source = encoded_sources()[i];
      const Answer answer = encoder.ask(bytes_of(i));
      EncodedSession session;
      session.name = source.name;
      session.bytes = answer.bytes.size();
      if (answer.bytes.empty()) {
        session.left_out = "the target makes none";
      } else if (answer.bytes.size() > kMaxGivenBytes) {
        session.left_out = fmt::format("more than {} bytes", kMaxGivenBytes);
      } else if (std::ranges::find(known, answer.bytes) != known.end()) {
        session.left_out = "as one before it";
      } else {
        const std::uint64_t before = blobs_.all_systematic();
        blobs_.add(answer.bytes, source.certificate);
        known.push_back(answer.bytes);
        session.changes = blobs_.all_systematic() - before;
      }
      report_.sessions.push_back(std::move(session));
    }
    return blobs_.empty() ? "the target encoded no session" : "";
  }

  // What a worker process holds once it is warm.
  struct Worker {
    TargetProcess process;
    Program wanted;
    Program as_run;
  };

  // Blocks are a leak if each of so many runs leaves some.
  Symptoms run_blob(Worker& worker) const {
    Lockstep& lockstep = worker.process.lockstep();
    for (int i = 0; i < kLeakRuns; ++i) {
      run_fitted(lockstep, worker.process.target().capabilities, worker.wanted,
                 watch_of(options_.memory), worker.as_run);
      if (!only_blocks(lockstep.symptoms())) break;
    }
    Symptoms symptoms = lockstep.symptoms();
    symptoms.settle();
    return symptoms;
  }

  // Whether the last blob became a session that was not there before.
  static bool decoded_one(Worker& worker) {
    const auto made = std::ranges::count_if(worker.as_run.view(), [](const Operation& operation) {
      return operation.code == Op::SESSION_NEW || operation.code == Op::SESSION_NEW_WITH_ID;
    });
    return worker.process.lockstep().state().born > made;
  }

  void search() {
    const auto worker = std::make_shared<Worker>();
    Job job;
    job.warm = [this, worker] { return worker->process.start(options_.target, options_.hazards); };
    job.work = [this, worker](std::uint64_t first, std::uint64_t end, SharedProgress& progress) {
      Lockstep& lockstep = worker->process.lockstep();
      lockstep.on_operation = [&progress](int index, const Operation& operation) {
        progress.begin_operation(pack_operation(index, operation.code));
      };
      for (std::uint64_t index = first; index < end && !progress.stopping(); ++index) {
        progress.begin_program(index);
        blobs_.fill(index, worker->wanted);
        const Symptoms symptoms = run_blob(*worker);
        if (!symptoms.empty()) {
          convict(progress, symptoms);
          return;
        }
        if (decoded_one(*worker)) progress.count(kDecoded);
        progress.end_program(static_cast<std::uint32_t>(lockstep.operations()));
      }
    };
    SupervisorOptions options;
    options.jobs = options_.jobs;
    options.programs = options_.blobs;
    options.limits.hang = kFastHang;
    options.on_verdict = [this](const VerdictRecord& record) {
      ++report_.check.verdicts;
      groups_.add(symptoms_of(record), record.program);
      return true;
    };
    options.on_progress = [this](const RunTotals& totals) {
      blobs_done_ = totals.programs;
      return tell("search");
    };
    const RunReport run = supervise(job, options);
    CheckReport& check = report_.check;
    blobs_done_ = check.programs = run.totals.programs;
    check.operations = run.totals.operations;
    report_.decoded = run.totals.tallies[kDecoded];
    if (run.end == RunEnd::kInterrupted || run.end == RunEnd::kStopped) check.stopped = true;
    if (run.end == RunEnd::kCouldNotStart) check.could_not_run = run.error;
    if (run.end == RunEnd::kInternalError) check.internal_error = run.error;
  }

  // In a worker of the replay: the program of a blob, written down as it runs.
  void serve_redraw(TargetProcess& process, std::uint64_t index, SharedProgress& progress,
                    SharedBytes& answer) const {
    Program wanted;
    Program as_run;
    blobs_.fill(index, wanted);
    Lockstep& lockstep = process.lockstep();
    lockstep.on_operation = [&](int at, const Operation& operation) {
      progress.begin_operation(pack_operation(at, operation.code));
      answer.clear();
      answer.append(bytes_of(as_run));
    };
    run_fitted(lockstep, process.target().capabilities, wanted, watch_of(options_.memory), as_run);
  }

  bool redraw(std::uint64_t index, Program& program) {
    const Answer answer = replay_.ask(bytes_of(index));
    if (answer.bytes.size() < sizeof program) return false;
    std::memcpy(&program, answer.bytes.data(), sizeof program);
    return true;
  }

  void explain_verdicts() {
    ExplanationOptions options;
    options.target = options_.target;
    options.program_of = [this](std::uint64_t index, Program& program) {
      return redraw(index, program);
    };
    options.name_of = [this](std::uint64_t index) {
      return fmt::format("blob {} of seed {}", index, options_.seed);
    };
    options.progress = [this] { return tell("shrink"); };
    Explanation found = explain(groups_, replay_, options);
    CheckReport& check = report_.check;
    check.findings = std::move(found.findings);
    check.unreproduced = std::move(found.unreproduced);
    if (!found.internal_error.empty()) check.internal_error = found.internal_error;
  }

  const EncodingSweepOptions& options_;
  EncodingSweepReport report_;
  DamagedBlobs blobs_;
  Replay replay_;
  VerdictGroups groups_;
  std::uint64_t blobs_done_ = 0;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

EncodingSweepReport sweep_encodings(const EncodingSweepOptions& options) {
  return Sweep(options).run();
}

}  // namespace lastref
