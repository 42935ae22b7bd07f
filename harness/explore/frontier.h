// The states whose successors are still to be looked at, first in, first out, level by level: a
// level is the states that are equally many steps from the start.
#ifndef LASTREF_HARNESS_EXPLORE_FRONTIER_H_
#define LASTREF_HARNESS_EXPLORE_FRONTIER_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "harness/explore/packed_state.h"

namespace lastref {

template <int Words>
class Frontier {
 public:
  using Key = PackedState<Words>;

  void push(const Key& state) {
    states_.push_back(state);
    peak_ = std::max(peak_, states_.size());
  }

  // The next state. It and those pushed before the next pop() are one level apart.
  Key pop() {
    assert(!states_.empty());
    if (left_ == 0) {
      left_ = states_.size();
      widths_.push_back(left_);
    }
    --left_;
    const Key state = states_.front();
    states_.pop_front();
    return state;
  }

  bool empty() const { return states_.empty(); }
  // Steps from the start to the state that pop() gave last.
  int depth() const { return static_cast<int>(widths_.size()) - 1; }
  // How many states each level has, of those that pop() has begun.
  const std::vector<std::uint64_t>& widths() const { return widths_; }
  std::size_t peak_size() const { return peak_; }
  // Blocks of the queue, of 512 bytes each, have a pointer each beside the states; two are begun.
  std::size_t peak_bytes() const { return peak_ * sizeof(Key) / 64 * 65 + 2 * 512; }

 private:
  std::deque<Key> states_;
  std::vector<std::uint64_t> widths_;
  std::size_t left_ = 0;  // of the level that is being popped
  std::size_t peak_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_FRONTIER_H_
