// Fuzzes the ledger with programs that break one rule, their last operation, on the reference: the
// ledger must accuse that operation, and of what the model says.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <variant>

#include "fuzz/entry.h"
#include "fuzz/fuzzer_config.h"
#include "harness/cli/exit_code.h"
#include "harness/fuzz/engine_alarm.h"
#include "harness/fuzz/misuse_trial.h"
#include "harness/fuzz/mutator.h"
#include "harness/program/binary.h"
#include "harness/program/trace.h"

namespace {

using lastref::kFuzzerConfig;
using lastref::Rules;

struct Misuses {
  lastref::MisuseTrial trial{*lastref_target_open(LASTREF_TARGET_ABI)};
  std::uint64_t capabilities = trial.target().capabilities & ~kFuzzerConfig.without;
  lastref::Mix mix{capabilities, kFuzzerConfig.mix};
  lastref::Fitter fitter{capabilities};
  lastref::Mutator mutator{trial.model(), mix, fitter, Rules::kBroken};
};

Misuses& misuses() {
  // Never destroyed, as the adapter is not.
  static Misuses* const made = [] {
    try {
      return new Misuses;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      std::exit(static_cast<int>(lastref::ExitCode::kCouldNotRun));
    }
  }();
  return *made;
}

// Any bytes: those of no misuse, which an engine begins with, are given one if they offer an
// occasion.
lastref::Program program_of(std::span<const std::uint8_t> input) {
  const lastref::Program given = lastref::decode_program(input);
  const auto program = lastref::as_misuse(misuses().trial.model(), misuses().fitter, given);
  return program ? *program : misuses().mutator.mutate(given, 0);
}

}  // namespace

std::string lastref::describe_input(std::span<const std::uint8_t> input) {
  return print_trace(program_of(input));
}

std::vector<lastref::Input> lastref::seeds_of(const std::string& trace) {
  const auto parsed = parse_trace(trace);
  const auto* const program = std::get_if<Program>(&parsed);
  if (program == nullptr) return {};
  return {encode_program(misuses().mutator.mutate(*program, 0))};
}

lastref::Mutator& lastref::mutator() { return misuses().mutator; }

std::string lastref::hazards() { return "none"; }

std::string lastref::dictionary() { return {}; }

int LLVMFuzzerInitialize(int*, char***) {
  misuses();
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lastref::keep_engine_alarm_outside();
  const std::string wrong = misuses().trial.complaint(program_of({data, size}));
  if (!wrong.empty()) {
    std::fprintf(stderr, "%s\n", wrong.c_str());
    std::abort();
  }
  return 0;
}
