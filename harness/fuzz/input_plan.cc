#include "harness/fuzz/input_plan.h"

#include "harness/execute/program_run.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint32_t kFreesContextsOneIn = 16;
constexpr std::uint32_t kFailsAllocationsOneIn = 4;

}  // namespace

InputPlan plan_of(std::span<const std::uint8_t> input) {
  // The lowest bit of a fingerprint is always set.
  std::uint32_t drawn = fingerprint(input.data(), input.size()) >> 1;
  InputPlan plan;
  plan.encodings = drawn % kEncodingSample == 0;
  drawn /= kEncodingSample;
  plan.frees_contexts = drawn % kFreesContextsOneIn == 0;
  plan.fails_allocations = drawn / kFreesContextsOneIn % kFailsAllocationsOneIn == 0;
  return plan;
}

Program planned(const InputPlan& plan, const Program& program) {
  Program kept = plan.fails_allocations ? program : without_faults(program);
  if (plan.frees_contexts) return kept;
  const Program whole = kept;
  kept.operations.fill(Operation{});
  kept.size = 0;
  for (const Operation& operation : whole.view()) {
    // That of a callback's body stays: the operation before it needs it.
    if (operation.code != Op::CONTEXT_FREE || operation.is_body != 0) kept.append(operation);
  }
  return kept;
}

}  // namespace lastref
