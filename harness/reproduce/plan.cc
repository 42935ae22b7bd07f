#include "harness/reproduce/plan.h"

#include <optional>

#include "harness/model/model.h"

namespace lastref {

namespace {

// What an operation comes to in which an allocation fails is the library's choice: from there on
// nothing is expected.
void expect_nothing_behind_faults(Timeline& plan) {
  bool struck = false;
  for (TimelineStep& step : plan.steps) {
    struck = struck || step.operation.fault.any();
    if (struck) step.judged = false;
  }
}

}  // namespace

Timeline make_plan(const Contract& contract, const Program& program) {
  Timeline plan = make_timeline(contract, program);
  if (has_faults(program)) {
    expect_nothing_behind_faults(plan);
    return plan;
  }
  if (plan.steps.empty() || plan.steps.back().judged) {
    const bool broken = !plan.steps.empty() && plan.steps.back().legality != Legality::kLegal;
    if (!broken) return plan;
  }
  // The model follows as far as it can, as the harness does.
  const Model model(contract);
  State state;
  Expectation ignored;
  for (const TimelineStep& step : plan.steps) {
    const State before = state;
    if (model.step(state, step.operation, step.body, ignored) != Legality::kLegal) state = before;
  }
  TeardownWalk walk(program.teardown);
  for (int index = program.size; const auto operation = walk.next(state); ++index) {
    TimelineStep step;
    step.index = index;
    step.teardown = true;
    step.operation = *operation;
    step.judged = false;
    step.before = state;
    if (model.step(state, *operation, Operation{}, ignored) != Legality::kLegal) break;
    step.after = state;
    plan.steps.push_back(step);
  }
  return plan;
}

}  // namespace lastref
