// The steps that a C program has: the program's own and those of its teardown, with what the model
// expects of each.
#ifndef LASTREF_HARNESS_REPRODUCE_PLAN_H_
#define LASTREF_HARNESS_REPRODUCE_PLAN_H_

#include "harness/program/program.h"
#include "harness/report/timeline.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// As make_timeline(), with a teardown also for a program that breaks a rule: what the misuse comes
// to may show only there.
Timeline make_plan(const Contract& contract, const Program& program);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_PLAN_H_
