#include "harness/fuzz/input_plan.h"

#include <algorithm>
#include <array>

#include "harness/execute/program_run.h"
#include "harness/generate/shape.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

constexpr std::uint32_t kLosesContextsOneIn = 32;
constexpr std::uint32_t kFailsAllocationsOneIn = 4;
// Of those that lose contexts.
constexpr std::uint32_t kContextsFirstOneIn = 4;
constexpr std::uint32_t kUnflushedOneIn = 16;
// A crowd comes to the same whatever was before it.
constexpr std::uint32_t kCrowdsOneIn = 32;

// Whether a context may be worse for an allocation that fails in it.
bool is_about_contexts(Op code) {
  const Shape& shape = shape_of(code);
  return (shape.needs & (kNeedsContext | kNeedsConnection)) != 0 || shape.result == Result::CONTEXT;
}

// The order with `first` moved to just before `second` where it comes behind it.
std::uint8_t with_first(TeardownStage first, TeardownStage second, std::uint8_t order) {
  std::array<TeardownStage, 3> wanted = stages(Teardown{.order = order});
  const auto from = std::ranges::find(wanted, first);
  const auto to = std::ranges::find(wanted, second);
  if (from < to) return order;
  std::rotate(to, from, from + 1);
  std::uint8_t other = 0;
  while (stages(Teardown{.order = other}) != wanted) ++other;
  return other;
}

void plan_end(const InputPlan& plan, Teardown& end) {
  if (!plan.loses_contexts) {
    end.order = with_first(TeardownStage::kConnections, TeardownStage::kContexts, end.order);
    end.unflushed = 0;
    return;
  }
  if (plan.contexts_first) {
    end.order = with_first(TeardownStage::kContexts, TeardownStage::kConnections, end.order);
  }
  if (plan.unflushed) end.unflushed = 1;
}

}  // namespace

InputPlan plan_of(std::span<const std::uint8_t> input) {
  // The lowest bit of a fingerprint is always set.
  std::uint32_t drawn = fingerprint(input.data(), input.size()) >> 1;
  InputPlan plan;
  plan.encodings = drawn % kEncodingSample == 0;
  drawn /= kEncodingSample;
  plan.loses_contexts = drawn % kLosesContextsOneIn == 0;
  drawn /= kLosesContextsOneIn;
  plan.fails_allocations = drawn % kFailsAllocationsOneIn == 0;
  drawn /= kFailsAllocationsOneIn;
  plan.contexts_first = plan.loses_contexts && drawn % kContextsFirstOneIn == 0;
  drawn /= kContextsFirstOneIn;
  plan.unflushed = plan.loses_contexts && drawn % kUnflushedOneIn == 0;
  drawn /= kUnflushedOneIn;
  plan.crowds = drawn % kCrowdsOneIn == 0;
  return plan;
}

Program planned(const InputPlan& plan, const Program& program) {
  Program kept = program;
  keep_planned(plan, kept);
  return kept;
}

void keep_planned(const InputPlan& plan, Program& program) {
  plan_end(plan, program.teardown);
  std::uint8_t kept = 0;
  for (std::uint8_t i = 0; i < program.size; ++i) {
    Operation operation = program.operations[i];
    // What a callback's body does stays: the operation before it needs it.
    const bool frees = operation.code == Op::CONTEXT_FREE && operation.is_body == 0;
    if (frees && !plan.loses_contexts) continue;
    if (operation.code == Op::CROWD && operation.is_body == 0 && !plan.crowds) continue;
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
