// An operation with its body: what a shrinker leaves out as one.
#ifndef LASTREF_HARNESS_SHRINK_UNIT_H_
#define LASTREF_HARNESS_SHRINK_UNIT_H_

#include <vector>

#include "harness/program/program.h"

namespace lastref {

struct Unit {
  Operation operation;
  Operation body;  // of an operation that has one
};

std::vector<Unit> units_of(const Program& program);

// The program of these units, in all else as `like`; with no operation that breaks a rule named,
// since it may stand elsewhere now.
Program with_units(const Program& like, const std::vector<Unit>& units);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SHRINK_UNIT_H_
