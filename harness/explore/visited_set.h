// The states that a search has seen: one open table of packed states, nothing beside it.
//
// Exact: a state is compared word by word, so none is lost to another with the same hash. Linear
// probing keeps a probe within a line or two of the cache; the table doubles when it is full.
#ifndef LASTREF_HARNESS_EXPLORE_VISITED_SET_H_
#define LASTREF_HARNESS_EXPLORE_VISITED_SET_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/explore/large_page_allocator.h"
#include "harness/explore/packed_state.h"

namespace lastref {

template <int Words>
class VisitedSet {
 public:
  using Key = PackedState<Words>;

  VisitedSet() : places_(std::size_t{1} << kFirstBits) {}

  // Begins to fetch the place of a state with this hash; a batch of them waits for memory once.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&places_[hash >> shift_], 1); }

  // Whether the state is new. `hash` is its hash_of(). Throws std::bad_alloc when a larger table
  // cannot be had; the set is then as before.
  bool insert(const Key& state, std::uint64_t hash) {
    assert(state[0] != 0);
    Key* const places = places_.data();
    std::size_t place = hash >> shift_;
    for (; !is_empty(places[place]); place = (place + 1) & mask_) {
      if (same<Words>(places[place], state)) return false;
    }
    if (size_ < limit_) {
      places[place] = state;
    } else {
      grow();
      places_[empty_place(places_, hash)] = state;
    }
    ++size_;
    return true;
  }
  bool insert(const Key& state) { return insert(state, hash_of<Words>(state)); }

  bool contains(const Key& state) const {
    std::size_t place = hash_of<Words>(state) >> shift_;
    for (; !is_empty(places_[place]); place = (place + 1) & mask_) {
      if (same<Words>(places_[place], state)) return true;
    }
    return false;
  }

  // Calls visit(state) for each, in no order that means anything.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const Key& place : places_) {
      if (!is_empty(place)) visit(place);
    }
  }

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return places_.size() * sizeof(Key); }
  // The most there has been at once: the old table and the new one while it grew.
  std::size_t peak_bytes() const { return std::max(peak_, bytes()); }

 private:
  using Table = std::vector<Key, LargePageAllocator<Key>>;

  static constexpr int kFirstBits = 10;
  // At most four fifths of the places are taken: a state that is not there is then missed after 13
  // places on average, of which a line of the cache holds 8.
  static constexpr std::size_t limit_of(std::size_t places) { return places / 5 * 4; }

  static bool is_empty(const Key& place) { return place[0] == 0; }

  std::size_t empty_place(const Table& places, std::uint64_t hash) const {
    std::size_t place = hash >> shift_;
    while (!is_empty(places[place])) place = (place + 1) & mask_;
    return place;
  }

  void grow() {
    Table larger(2 * places_.size());
    peak_ = (places_.size() + larger.size()) * sizeof(Key);
    --shift_;
    mask_ = larger.size() - 1;
    limit_ = limit_of(larger.size());
    for_each([&](const Key& state) { larger[empty_place(larger, hash_of<Words>(state))] = state; });
    places_ = std::move(larger);
  }

  Table places_;
  int shift_ = 64 - kFirstBits;  // of a hash, to its first place
  std::size_t mask_ = (std::size_t{1} << kFirstBits) - 1;
  std::size_t limit_ = limit_of(std::size_t{1} << kFirstBits);
  std::size_t size_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_VISITED_SET_H_
