// How a state is written into a form, once it is settled in which order.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_WRITING_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_WRITING_H_

#include <array>
#include <cstdint>

#include "harness/explore/space/form.h"
#include "harness/explore/space/symmetry.h"
#include "harness/model/state.h"

namespace lastref {

// In which order things are written: their names in a form.
struct WritingOrder {
  std::array<std::uint8_t, kMaxContexts> contexts{};        // numbers, in order
  std::array<std::uint8_t, kMaxConnections> connections{};  // numbers, in order
  std::array<std::uint8_t, kMaxSessions> sessions{};        // those that live
  int count = 0;                                            // of sessions
};

// `plainly`: under the state's own names, so that nothing is merged.
void write_in_order(const State& state, const Symmetry& symmetry, const WritingOrder& order,
                    bool plainly, Form& form);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_WRITING_H_
