#include "harness/fuzz/input_plan.h"

#include <algorithm>

#include "harness/execute/program_run.h"
#include "harness/generate/shape.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint32_t kLosesContextsOneIn = 32;
constexpr std::uint32_t kFailsAllocationsOneIn = 4;

// Whether a context may be worse for an allocation that fails in it.
bool is_about_contexts(Op code) {
  const Shape& shape = shape_of(code);
  return (shape.needs & (kNeedsContext | kNeedsConnection)) != 0 || shape.result == Result::CONTEXT;
}

}  // namespace

InputPlan plan_of(std::span<const std::uint8_t> input) {
  // The lowest bit of a fingerprint is always set.
  std::uint32_t drawn = fingerprint(input.data(), input.size()) >> 1;
  InputPlan plan;
  plan.encodings = drawn % kEncodingSample == 0;
  drawn /= kEncodingSample;
  plan.loses_contexts = drawn % kLosesContextsOneIn == 0;
  plan.fails_allocations = drawn / kLosesContextsOneIn % kFailsAllocationsOneIn == 0;
  return plan;
}

Program planned(const InputPlan& plan, const Program& program) {
  Program kept = program;
  keep_planned(plan, kept);
  return kept;
}

void keep_planned(const InputPlan& plan, Program& program) {
  std::uint8_t kept = 0;
  for (std::uint8_t i = 0; i < program.size; ++i) {
    Operation operation = program.operations[i];
    // That of a callback's body stays: the operation before it needs it.
    const bool frees = operation.code == Op::CONTEXT_FREE && operation.is_body == 0;
    if (frees && !plan.loses_contexts) continue;
    if (operation.fault.any()) {
      const bool fails =
          is_about_contexts(operation.code) ? plan.loses_contexts : plan.fails_allocations;
      if (!fails) operation.fault = Fault();
    }
    program.operations[kept++] = operation;
  }
  std::fill(program.operations.begin() + kept, program.operations.begin() + program.size,
            Operation{});
  program.size = kept;
}

}  // namespace lastref
