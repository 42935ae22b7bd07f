// Which findings are damage to memory: what shows of it by itself is a crash, or nothing.
#ifndef LASTREF_HARNESS_REPRODUCE_MEMORY_DAMAGE_H_
#define LASTREF_HARNESS_REPRODUCE_MEMORY_DAMAGE_H_

#include "harness/execute/symptom.h"

namespace lastref {

constexpr bool is_memory_damage(Discrepancy what) {
  switch (what) {
    case Discrepancy::kDoubleRelease:
    case Discrepancy::kForeignRelease:
    case Discrepancy::kInteriorRelease:
    case Discrepancy::kOverrun:
    case Discrepancy::kInputOverrun:
    case Discrepancy::kPoisonOverwritten:
    case Discrepancy::kReadAfterRelease:
      return true;
    default:
      return false;
  }
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPRODUCE_MEMORY_DAMAGE_H_
