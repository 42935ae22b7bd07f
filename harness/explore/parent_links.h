// From where a search came to each state, in the order of discovery. Kept only when asked for: with
// a word a state it costs as much again as the table of the states.
#ifndef LASTREF_HARNESS_EXPLORE_PARENT_LINKS_H_
#define LASTREF_HARNESS_EXPLORE_PARENT_LINKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "harness/explore/packed_state.h"

namespace lastref {

// A state's number in the order of discovery; the start is 0.
using Ordinal = std::uint32_t;

template <int Words>
class ParentLinks {
 public:
  using Key = PackedState<Words>;

  // The start is its own parent.
  void append(const Key& state, Ordinal parent) {
    states_.push_back(state);
    parents_.push_back(parent);
  }

  // Looks through all of them.
  std::optional<Ordinal> find(const Key& state) const {
    const auto at = std::find(states_.begin(), states_.end(), state);
    if (at == states_.end()) return std::nullopt;
    return static_cast<Ordinal>(at - states_.begin());
  }

  // The states from the start to this one, both included.
  std::vector<Key> path_to(Ordinal state) const {
    std::vector<Key> path = {states_[state]};
    for (; state != 0; state = parents_[state]) path.push_back(states_[parents_[state]]);
    std::reverse(path.begin(), path.end());
    return path;
  }

  std::size_t size() const { return states_.size(); }
  std::size_t bytes() const { return size() * (sizeof(Key) + sizeof(Ordinal)); }

 private:
  std::deque<Key> states_;
  std::deque<Ordinal> parents_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PARENT_LINKS_H_
