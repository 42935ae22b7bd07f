// How large the pinned model M(S,H,C) is, and which mistake is built into it.
#ifndef LASTREF_HARNESS_EXPLORE_PINNED_PINNED_BOUND_H_
#define LASTREF_HARNESS_EXPLORE_PINNED_PINNED_BOUND_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace lastref {

enum class PinnedBug : std::uint8_t {
  kNone,
  kCacheAdd,  // the cache links a session without acquiring a reference
};

struct PinnedBound {
  int slots = 0;    // sessions alive at once; there are as many ids
  int handles = 0;  // of the application
  int cache = 0;    // entries
  PinnedBug bug = PinnedBug::kNone;
};

// The same, known when the model is compiled, which makes it some times as fast.
template <int Slots, int Handles, int Cache>
struct FixedPinnedBound {
  static constexpr int slots = Slots;
  static constexpr int handles = Handles;
  static constexpr int cache = Cache;
  static constexpr PinnedBug bug = PinnedBug::kNone;

  constexpr operator PinnedBound() const { return {slots, handles, cache, bug}; }
};

// A state has a digit for each owner (handles, cache entries, connection), and a count and an id
// for each slot: sixteen at most. A slot's number and "none" must fit into three bits.
constexpr bool fits(const PinnedBound& bound) {
  return bound.slots >= 1 && bound.slots < 8 && bound.handles >= 1 && bound.cache >= 1 &&
         bound.handles + bound.cache + 1 + 2 * bound.slots <= 16;
}

// "M(3,6,2)".
std::string text(const PinnedBound& bound);

// Reads "3,6,2". False when it is something else or does not fit.
bool read_bound(std::string_view text, PinnedBound& bound);

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PINNED_PINNED_BOUND_H_
