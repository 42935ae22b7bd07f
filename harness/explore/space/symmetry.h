// Which names of a state are interchangeable, so that states that differ only in them are one.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_SYMMETRY_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_SYMMETRY_H_

#include <cstdint>

#include "harness/explore/space/bound.h"

namespace lastref {

// The numbers of sessions, contexts and connections, and what handshakes chose, always are.
struct Symmetry {
  // The application's variables. Not where a get callback looks through them in their order.
  bool handles = true;
  // The ids that have nothing to do with each other: id_a, id_b and id_c. id_d is a prefix of id_a
  // and id_e collides with it, so that with these none is.
  bool ids = true;
};

inline constexpr int kUnrelatedIds = 3;

// All that a bound allows.
inline Symmetry symmetry_of(const Bound& bound) {
  Symmetry symmetry;
  symmetry.handles = !bound.has(Op::HANDSHAKE) || !bound.has(Op::ON_GET);
  symmetry.ids = bound[Limit::kIds] <= kUnrelatedIds;
  return symmetry;
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_SYMMETRY_H_
