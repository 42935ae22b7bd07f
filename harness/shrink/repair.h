// What to do about an operation that is left out and that others need.
#ifndef LASTREF_HARNESS_SHRINK_REPAIR_H_
#define LASTREF_HARNESS_SHRINK_REPAIR_H_

#include <cstddef>
#include <vector>

#include "harness/shrink/unit.h"

namespace lastref {

// `units` without the one at `index`, and repaired where that assigned a variable: once with every
// unit left out that reads the variable before it is assigned again, and once for each other
// variable of its kind, which is read in its place until then. The one that is smallest comes
// first. Nothing when it assigned none or no unit reads it: then there is nothing to repair.
std::vector<std::vector<Unit>> repaired_without(const std::vector<Unit>& units, std::size_t index);

}  // namespace lastref

#endif  // LASTREF_HARNESS_SHRINK_REPAIR_H_
