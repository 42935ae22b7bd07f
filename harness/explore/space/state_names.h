// Names within a state: which variables stand for the same, which ids somebody has.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_STATE_NAMES_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_STATE_NAMES_H_

#include <cstdint>

#include "harness/model/state.h"

namespace lastref {

// What a variable holds that names a session which is gone.
inline constexpr std::uint8_t kGoneSession = 0xfe;

// The session that the variable names, kNobody or kGoneSession.
inline std::uint8_t named_by(const State& state, std::uint8_t handle) {
  const std::uint8_t number = state.handles[handle];
  return number == kNobody || state.is_live(number) ? number : kGoneSession;
}

// What the bodies of remove callbacks do with a variable: two bits for each context.
unsigned use_in_bodies(const State& state, std::uint8_t handle);

// Whether a variable before it stands for the same and is used by the same bodies.
bool is_like_an_earlier(const State& state, std::uint8_t handle);

// The ids of the pool that a session, a key of a cache, an encoding or a ticket has, a bit each.
std::uint8_t ids_in_use(const State& state);

// The index of an id in its pool, or -1.
int pool_index(std::uint32_t id);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_STATE_NAMES_H_
