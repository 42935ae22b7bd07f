// How the transitions of a state are put into programs. Each program takes a shortest way to the
// state; then it has either as many loops as a program has room for, or one operation that leads
// on.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_PACKING_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_PACKING_H_

#include <cstdint>

#include "harness/explore/space/space.h"
#include "harness/vocabulary/limits.h"

namespace lastref {

// Says of each transition in turn which of the state's programs it belongs to.
class Packing {
 public:
  // `way`: the operations of the way to the state. Without `packs` every transition has a program
  // of its own.
  Packing(int way, bool packs) : way_(way), packs_(packs) {}

  std::uint32_t program_of(const Move& move, Way where) {
    if (!packs_ || where != Way::kLoop) return programs_++;
    if (left_ < slots(move)) {
      left_ = kMaxOperations - way_;
      loops_ = programs_++;
    }
    left_ -= slots(move);
    return loops_;
  }

  std::uint32_t programs() const { return programs_; }

 private:
  int way_;
  bool packs_;
  std::uint32_t programs_ = 0;
  int left_ = 0;  // in the program that loops are put into
  std::uint32_t loops_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_PACKING_H_
