#include "harness/fuzz/fuzzed_target.h"

#include "harness/execute/program_run.h"
#include "harness/fuzz/assembly.h"
#include "harness/program/binary.h"
#include "harness/program/trace.h"
#include "harness/report/text_report.h"

namespace lastref {

std::string FuzzedTarget::start(const lastref_target& target, const FuzzOptions& options) {
  std::string error = process_.start(target, options.hazards);
  capabilities_ = target.capabilities & ~options.without;
  fitter_ = Fitter(capabilities_);
  return error;
}

void FuzzedTarget::run_once(const Watch& watch) {
  Lockstep& lockstep = process_.lockstep();
  ProgramWriter writer(program_);
  program_.teardown = wanted_.teardown;
  lockstep.begin_program(watch);
  if (!given_.empty()) lockstep.give_blob(0, given_);
  features_.begin_program(lockstep.state());
  for (std::size_t i = 0; i < wanted_.size && !lockstep.failed() && lockstep.sure(); ++i) {
    Draft draft;
    draft.operation = wanted_.operations[i];
    if (has_body(draft.operation)) draft.body = wanted_.operations[++i];
    if (!fitter_.fit(lockstep.state(), draft) || !writer.append(draft)) continue;
    features_.begin_operation(lockstep.state(), draft.operation);
    if (lockstep.step(draft.operation, draft.body) != Legality::kLegal) {
      writer.take_back();
      continue;
    }
    if (has_body(draft.operation)) lockstep.skip_body();
    features_.end_operation(lockstep.state());
  }
  if (!lockstep.failed()) lockstep.finish(wanted_.teardown);
}

const Symptoms& FuzzedTarget::run(std::span<const std::uint8_t> bytes) {
  const InputPlan plan = plan_of(bytes);
  decode_program(bytes, wanted_);
  keep_planned(plan, wanted_);
  given_ = {};
  return run_wanted(plan);
}

const Symptoms& FuzzedTarget::run_with_blob(const Program& wanted,
                                            std::span<const std::uint8_t> bytes) {
  wanted_ = wanted;
  given_ = bytes;
  return run_wanted(plan_of(bytes));
}

const Symptoms& FuzzedTarget::run_wanted(const InputPlan& plan) {
  Watch watch;
  watch.reuse_contexts = reuse_contexts_;
  watch.encodings = plan.encodings;
  for (int i = 0; i < kLeakRuns; ++i) {
    run_once(watch);
    if (!only_blocks(process_.lockstep().symptoms())) break;
  }
  symptoms_ = process_.lockstep().symptoms();
  symptoms_.settle();
  return symptoms_;
}

std::string FuzzedTarget::report() const { return report(symptoms_); }

std::string FuzzedTarget::report(Discrepancy what, std::int64_t found) const {
  Symptom symptom;
  symptom.verdict = verdict_of(what);
  symptom.what = what;
  symptom.found = found;
  if (program_.size > 0) {
    symptom.operation = static_cast<std::uint16_t>(program_.size - 1);
    symptom.code = program_.operations[symptom.operation].code;
  }
  Symptoms symptoms;
  symptoms.add(symptom);
  return report(symptoms);
}

std::string FuzzedTarget::report(const Symptoms& symptoms) const {
  RunOutcome outcome;
  outcome.trace = "the input";
  outcome.target = process_.target().name;
  outcome.program = program_;
  outcome.report.version = process_.target().version();
  outcome.report.symptoms = symptoms;
  return run_text(outcome, process_.contract()) + "\n  Trace:\n\n" + print_trace(program_);
}

}  // namespace lastref
