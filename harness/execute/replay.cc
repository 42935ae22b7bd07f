#include "harness/execute/replay.h"

#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "harness/memory/heap.h"
#include "harness/memory/heap_valgrind.h"
#include "harness/program/binary.h"

namespace lastref {
namespace {

// The first byte of a request.
enum class Request : std::uint8_t { kRun, kRunOn, kAbout, kExtra };

// What a run's answer is made of: a letter, then plain data.
constexpr std::uint8_t kIllegal = 'I';
constexpr std::uint8_t kFailed = 'F';

struct Illegal {
  std::int32_t operation;
  Legality legality;
};

template <typename T>
std::span<const std::uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

template <typename T>
void append(SharedBytes& answer, std::uint8_t letter, const T& value) {
  answer.append(std::span<const std::uint8_t>(&letter, 1));
  answer.append(bytes_of(value));
}

template <typename T>
bool read(std::span<const std::uint8_t>& bytes, T& value) {
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes = bytes.subspan(sizeof value);
  return true;
}

void serve_run(TargetProcess& process, std::span<const std::uint8_t> request, bool consequences,
               SharedProgress& progress, SharedBytes& answer) {
  const auto tier = static_cast<MemoryTier>(request[0]);
  heap().set_thorough(tier != MemoryTier::kCount);
  heap().set_stacks(consequences);
  Lockstep& lockstep = process.lockstep();
  lockstep.tell_struck(consequences ? &progress.struck : nullptr);
  lockstep.on_operation = [&progress](int index, const Operation& operation) {
    progress.begin_operation(pack_operation(index, operation.code));
    valgrind_operation(index + 1);
  };
  RunListener listener;
  listener.illegal = [&answer](int operation, Legality legality) {
    append(answer, kIllegal, Illegal{operation, legality});
  };
  listener.failed = [&](const Symptoms& symptoms) {
    append(answer, kFailed, symptoms);
    progress.memory = lockstep.memory_fault();
  };
  Watch watch;
  watch.memory = tier;
  watch.encodings = true;
  watch.quarantine = true;
  watch.consequences = consequences;
  const ProgramRun run = run_checked(lockstep, decode_program(request.subspan(1)), watch, listener);
  if (progress.memory.empty()) progress.memory = lockstep.memory_fault();
  if (!run.symptoms.empty()) convict(progress, run.symptoms);
}

}  // namespace

void convict(SharedProgress& progress, const Symptoms& symptoms) {
  const Symptom& cause = symptoms.cause();
  progress.convict(cause.verdict, pack_operation(cause.operation, cause.code),
                   {reinterpret_cast<const char*>(&symptoms), sizeof symptoms});
}

std::string internal_error(const VerdictRecord& record) {
  if (record.internal_error != 0) return std::string(record.detail_text());
  if (record.where != Where::kHarness) return {};
  return fmt::format(
      "{} in lastref's own code, at operation {} of program {} ({}); a mistake in lastref, or the "
      "library wrote where it must not: build the asan preset and run the program again",
      name(record.kind), (record.operation & kOperationIndex) + 1, record.program,
      record.detail_text());
}

Symptoms symptoms_of(const VerdictRecord& record) {
  Symptoms symptoms;
  if (record.kind == Verdict::kNone) return symptoms;
  const std::string_view detail = record.detail_text();
  Symptom symptom;
  symptom.verdict = record.kind;
  symptom.operation = static_cast<std::uint16_t>(record.operation);
  symptom.code = static_cast<Op>(record.operation >> 16);
  switch (record.kind) {
    case Verdict::kHang:
      symptom.what = Discrepancy::kTimeUsedUp;
      break;
    case Verdict::kDeadlock:
      symptom.what = Discrepancy::kAsleep;
      break;
    case Verdict::kRunawayMemory:
      symptom.what = Discrepancy::kMemoryUsedUp;
      symptom.found = static_cast<std::int64_t>(kHeapBound);  // it asked for more
      break;
    case Verdict::kCrash:
      symptom.what = Discrepancy::kSignal;
      symptom.found = record.signal;
      break;
    default:
      if (detail.size() == sizeof symptoms) {
        std::memcpy(&symptoms, detail.data(), sizeof symptoms);
        return symptoms;
      }
      // A sanitizer ended the process: the verdict is all that it said.
      symptom.what = Discrepancy::kSignal;
      symptom.found = record.signal;
      break;
  }
  symptoms.add(symptom);
  return symptoms;
}

Replay::Replay(std::string target, Hazards hazards, Extra extra, const ContractMarks& instead,
               const Patience& patience)
    : target_(std::move(target)),
      hazards_(hazards),
      instead_(instead),
      extra_(std::move(extra)),
      process_(std::make_unique<TargetProcess>()),
      service_([this] { return process_->start(target_, hazards_, instead_); },
               [this](std::span<const std::uint8_t> request, SharedProgress& progress,
                      SharedBytes& answer) {
                 const auto kind = static_cast<Request>(request[0]);
                 const auto rest = request.subspan(1);
                 switch (kind) {
                   case Request::kRun:
                   case Request::kRunOn:
                     serve_run(*process_, rest, kind == Request::kRunOn, progress, answer);
                     break;
                   case Request::kAbout:
                     answer.append(bytes_of(process_->target().capabilities));
                     answer.append(process_->contract_text() + "\n" + process_->target().version());
                     break;
                   case Request::kExtra:
                     extra_(*process_, rest, progress, answer);
                     break;
                 }
               },
               [&patience] {
                 WorkerLimits limits;
                 limits.hang = patience.hang;
                 limits.deadlock = patience.deadlock;
                 return limits;
               }()) {}

std::string Replay::start() {
  if (std::string error = service_.start(); !error.empty()) return error;
  return ask_about_target();
}

std::string Replay::ask_about_target() {
  const auto kind = static_cast<std::uint8_t>(Request::kAbout);
  const Answer answer = service_.call({&kind, 1});
  std::span<const std::uint8_t> bytes = answer.bytes;
  if (answer.record.kind != Verdict::kNone || answer.record.internal_error != 0 ||
      !read(bytes, capabilities_)) {
    return "the target's process ended while it was asked for its version: " +
           std::string(answer.record.detail_text());
  }
  const std::string text(bytes.begin(), bytes.end());
  const std::size_t end = text.find('\n');
  contract_text_ = text.substr(0, end);
  version_ = end == std::string::npos ? "" : text.substr(end + 1);
  contract_.hazards = hazards_;
  return contract_.set_words(contract_text_);
}

// A fault ends an operation before it can be judged. Where a session died in that same operation
// the death may have been the mistake, and the fault what followed: the quarantine lets the
// operation come to its end.
Replay::Outcome Replay::run(const Program& program, Until until) {
  Outcome outcome = run_under(memory_, program, until);
  const MemoryFault& fault = outcome.memory.fault;
  const bool guarded = memory_ >= MemoryTier::kGuard;
  if (!guarded || outcome.run.symptoms.empty() || fault.released_at == 0 ||
      fault.released_at != fault.touched_at) {
    return outcome;
  }
  Outcome whole = run_under(MemoryTier::kQuarantine, program, until);
  if (!whole.internal_error.empty() || whole.run.symptoms.empty()) return outcome;
  const Symptom fault_itself = outcome.run.symptoms.cause();
  const Symptom& cause = whole.run.symptoms.cause();
  if (cause.operation > fault_itself.operation || !precedes(cause.verdict, fault_itself.verdict)) {
    return outcome;
  }
  whole.run.symptoms.add(fault_itself);
  whole.memory = outcome.memory;
  return whole;
}

Replay::Outcome Replay::run_under(MemoryTier memory, const Program& program, Until until) {
  std::vector<std::uint8_t> request = encode_program(program);
  request.insert(request.begin(), static_cast<std::uint8_t>(memory));
  const Request kind = until == Until::kCause ? Request::kRun : Request::kRunOn;
  request.insert(request.begin(), static_cast<std::uint8_t>(kind));
  const Answer answer = service_.call(request);
  Outcome outcome;
  if (answer.record.internal_error != 0) {
    outcome.internal_error = internal_error(answer.record);
    return outcome;
  }
  const Symptoms last = symptoms_of(answer.record);
  std::span<const std::uint8_t> bytes = answer.bytes;
  std::uint8_t letter = 0;
  while (read(bytes, letter)) {
    Illegal illegal{};
    if (letter == kIllegal && read(bytes, illegal)) {
      outcome.run.illegal_operation = illegal.operation;
      outcome.run.legality = illegal.legality;
    } else if (letter == kFailed) {
      read(bytes, outcome.run.symptoms);
    }
  }
  // What has come to damage before may damage us as well; a program without fault may not.
  if (outcome.run.symptoms.empty() && outcome.run.illegal_operation < 0) {
    outcome.internal_error = internal_error(answer.record);
    if (!outcome.internal_error.empty()) return outcome;
  }
  // A worker that lived to its end convicts with everything; one that died of the consequences left
  // the cause in the answer.
  const bool died = answer.record.ended != 0 ||
                    (last.count == 1 && (last.cause().what == Discrepancy::kSignal ||
                                         last.cause().what == Discrepancy::kTimeUsedUp ||
                                         last.cause().what == Discrepancy::kAsleep ||
                                         last.cause().what == Discrepancy::kMemoryUsedUp));
  if (!died) {
    outcome.run.symptoms = last;
  } else {
    outcome.run.symptoms.add(last.cause());
  }
  outcome.run.symptoms.settle();
  outcome.memory = answer.memory;
  outcome.struck = answer.struck;
  return outcome;
}

MemoryEvidence Replay::evidence(const Program& program, const Outcome& of) {
  if (of.run.symptoms.empty()) return {};
  const Symptom& cause = of.run.symptoms.cause();
  const bool looked_up =
      cause.verdict == Verdict::kHeapCorruption || cause.what == Discrepancy::kBlocks;
  if (!looked_up || memory_ == MemoryTier::kCount) return of.memory;
  const Outcome closer = run_under(MemoryTier::kGuardAll, program, Until::kConsequences);
  return closer.memory.empty() ? of.memory : closer.memory;
}

Answer Replay::ask(std::span<const std::uint8_t> request) {
  std::vector<std::uint8_t> whole(request.begin(), request.end());
  whole.insert(whole.begin(), static_cast<std::uint8_t>(Request::kExtra));
  return service_.call(whole);
}

}  // namespace lastref
