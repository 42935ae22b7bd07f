// What an exploration is asked for, and what it comes to.
#ifndef LASTREF_HARNESS_EXPLORE_EXPLORATION_H_
#define LASTREF_HARNESS_EXPLORE_EXPLORATION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace lastref {

struct ExplorationCounts {
  std::uint64_t states = 0;       // discovered, the start included
  std::uint64_t expanded = 0;     // of which every successor has been looked at
  std::uint64_t transitions = 0;  // of those; also such as lead back to the same state
  int depth = 0;                  // steps from the start to the state looked at last
};

// A state has a number of 32 bits, and the successors of one state may go beyond the bound.
inline constexpr std::uint64_t kMaxStates = 4'000'000'000;

struct ExplorationOptions {
  bool keep_links = false;                // for Explorer::program_to()
  std::uint64_t max_states = kMaxStates;  // the search ends when it has found so many or more
  // Asked now and then; the search ends when it says no.
  std::function<bool(const ExplorationCounts&)> keep_going;
};

enum class ExplorationEnd : std::uint8_t {
  kComplete,      // every reachable state and every transition
  kViolation,     // a transition that breaks the invariant
  kEnoughStates,  // as many as asked for
  kStopped,       // keep_going said no
};

template <class Move>
struct Exploration {
  ExplorationEnd end = ExplorationEnd::kComplete;
  ExplorationCounts counts;
  std::vector<std::uint64_t> widths;  // states at each depth, of the levels begun
  std::size_t peak_frontier = 0;      // states
  std::size_t peak_bytes = 0;         // never more than this for states, frontier and links
  // With kViolation: a shortest program whose last move breaks the invariant. Empty when the start
  // does, or when keep_going said no to looking for it.
  std::vector<Move> counterexample;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_EXPLORATION_H_
