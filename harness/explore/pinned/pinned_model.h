// The pinned model M(S,H,C): session slots with a count and an id, handles of the application, one
// cache of few entries that drops the least recently added, one connection. On every transition the
// count of each slot must be the number of its owners.
//
// It is the yardstick of the explorer: small enough to be written in any checker's language, and
// measured with several. The same model in Promela: promela.h.
//
// A state is one word of sixteen digits of four bits. From the lowest: who holds which slot (the
// handles, the cache from its front, the connection; the number of slots stands for none), then the
// count of each slot, then the id of each. A free slot has count and id 0.
#ifndef LASTREF_HARNESS_EXPLORE_PINNED_PINNED_MODEL_H_
#define LASTREF_HARNESS_EXPLORE_PINNED_PINNED_MODEL_H_

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "harness/explore/packed_state.h"
#include "harness/explore/pinned/digits.h"
#include "harness/explore/pinned/pinned_bound.h"
#include "harness/explore/pinned/pinned_move.h"

namespace lastref {

// `Bound`: PinnedBound, or FixedPinnedBound for speed.
template <class Bound = PinnedBound>
class PinnedModel {
 public:
  static constexpr int kWords = 1;
  struct State {
    Digits digits;
  };
  using Move = PinnedMove;

  // fits(bound).
  explicit PinnedModel(const Bound& bound) : bound_(bound) { assert(fits(bound)); }

  const Bound& bound() const { return bound_; }

  State initial() const { return {owner_ones() * static_cast<unsigned>(nothing())}; }
  // Never 0: an owner that holds nothing has a digit above 0, and if each holds slot 0, its count
  // has.
  PackedState<1> pack(const State& state) const { return {state.digits}; }
  State unpack(const PackedState<1>& packed) const { return {packed[0]}; }

  std::size_t max_successors() const {
    const auto handles = static_cast<std::size_t>(bound_.handles);
    const auto cache = static_cast<std::size_t>(bound_.cache);
    return handles * (cache + 2 * handles + 6) + 2;
  }

  // Whether the count of every slot is the number of its owners.
  bool holds(const State& state) const {
    Digits owners = 0;
    for (int slot = 0; slot < bound_.slots; ++slot) {
      owners |= at_digit(owners_of(state.digits, slot), slot);
    }
    return owners == (state.digits >> (4 * count_at()) & low_digits(bound_.slots));
  }

  template <class Sink>
  void successors(const State& state, Sink&& sink) const {
    const Digits all = state.digits;
    const Digits empty =
        digits_with(all & low_digits(bound_.handles), static_cast<unsigned>(nothing()),
                    low_digits(bound_.handles) & kOnes);
    const int free_slot = first_free(all);
    const int connected = digit(all, connection_at());
    for (int handle = 0; handle < bound_.handles; ++handle) {
      const auto h = static_cast<std::uint8_t>(handle);
      const int slot = digit(all, handle);
      if (slot == nothing()) {
        if (free_slot != kNoSlot) sink(Move{PinnedOp::kNew, h, 0}, created(all, handle, free_slot));
        if (connected != nothing()) sink(Move{PinnedOp::kGet1, h, 0}, held(all, handle, connected));
        for (int place = 0; place < bound_.cache; ++place) {
          const int found = digit(all, cache_at() + place);
          if (found == nothing()) break;
          sink(Move{PinnedOp::kLookup, h, static_cast<std::uint8_t>(place)},
               held(all, handle, found));
        }
        continue;
      }
      sink(Move{PinnedOp::kFree, h, 0}, State{let_go(all, handle)});
      sink(Move{PinnedOp::kAdd, h, 0}, State{added(all, slot)});
      const int place = place_in_cache(all, slot);
      if (place != bound_.cache) sink(Move{PinnedOp::kRemove, h, 0}, State{uncached(all, place)});
      sink(Move{PinnedOp::kSetSession, h, 0}, connected_to(all, slot));
      for (Digits left = empty; left != 0; left &= left - 1) {
        const int other = std::countr_zero(left) / 4;
        const auto o = static_cast<std::uint8_t>(other);
        sink(Move{PinnedOp::kUpRef, o, h}, held(all, other, slot));
        if (free_slot != kNoSlot) {
          sink(Move{PinnedOp::kDup, o, h}, copied(all, other, slot, free_slot));
        }
      }
    }
    if (digit(all, cache_at()) != nothing()) sink(Move{PinnedOp::kFlush, 0, 0}, flushed(all));
    if (connected != nothing()) {
      sink(Move{PinnedOp::kReset, 0, 0}, State{let_go(all, connection_at())});
    }
  }

  // What a symmetry needs to know of the layout.
  int nothing() const { return bound_.slots; }
  int cache_at() const { return bound_.handles; }
  int connection_at() const { return bound_.handles + bound_.cache; }
  int count_at() const { return owners(); }
  int id_at() const { return owners() + bound_.slots; }
  int owners() const { return bound_.handles + bound_.cache + 1; }
  int owners_of(Digits all, int slot) const {
    return count_digits(all & owner_digits(), static_cast<unsigned>(slot), owner_ones());
  }

 private:
  static constexpr int kNoSlot = -1;

  int first_free(Digits all) const {
    for (int slot = 0; slot < bound_.slots; ++slot) {
      if (digit(all, count_at() + slot) == 0) return slot;
    }
    return kNoSlot;
  }

  Digits acquire(Digits all, int slot) const { return all + at_digit(1, count_at() + slot); }

  // An owner's reference goes; with the last one the slot is free.
  Digits release(Digits all, int slot) const {
    assert(digit(all, count_at() + slot) > 0);
    all -= at_digit(1, count_at() + slot);
    return digit(all, count_at() + slot) == 0 ? with_digit(all, id_at() + slot, 0) : all;
  }

  State held(Digits all, int owner, int slot) const {
    return {acquire(with_digit(all, owner, slot), slot)};
  }

  Digits let_go(Digits all, int owner) const {
    return release(with_digit(all, owner, nothing()), digit(all, owner));
  }

  State copied(Digits all, int handle, int from, int slot) const {
    return held(with_digit(all, id_at() + slot, digit(all, id_at() + from)), handle, slot);
  }

  // The connection takes its new reference before it lets go of the old one.
  State connected_to(Digits all, int slot) const {
    const int before = digit(all, connection_at());
    all = acquire(with_digit(all, connection_at(), slot), slot);
    return {before == nothing() ? all : release(all, before)};
  }

  // The place of the cache that links the slot, or that after the last.
  int place_in_cache(Digits all, int slot) const {
    int place = 0;
    while (place < bound_.cache && digit(all, cache_at() + place) != slot) ++place;
    return place;
  }

  // The id is the least that no session alive has.
  State created(Digits all, int handle, int slot) const {
    unsigned used = 0;
    for (int other = 0; other < bound_.slots; ++other) {
      const unsigned alive = digit(all, count_at() + other) != 0 ? 1U : 0U;
      used |= alive << digit(all, id_at() + other);
    }
    int id = 0;
    while ((used >> id & 1U) != 0) ++id;
    return held(with_digit(all, id_at() + slot, id), handle, slot);
  }

  // To the front of the cache. A session that it links already moves there; one of the same id, or
  // else the last of a full cache, makes room.
  Digits added(Digits all, int slot) const {
    const int place = place_in_cache(all, slot);
    if (place != bound_.cache) return with_front(without_entry(all, place), slot);
    int leaves = bound_.cache - 1;
    for (int twin = 0; twin < bound_.cache; ++twin) {
      const int entry = digit(all, cache_at() + twin);
      if (entry == nothing()) break;
      if (digit(all, id_at() + entry) == digit(all, id_at() + slot)) {
        leaves = twin;
        break;
      }
    }
    if (digit(all, cache_at() + leaves) != nothing()) all = uncached(all, leaves);
    all = with_front(all, slot);
    return bound_.bug == PinnedBug::kCacheAdd ? all : acquire(all, slot);
  }

  Digits uncached(Digits all, int place) const {
    return release(without_entry(all, place), digit(all, cache_at() + place));
  }

  // Those behind the entry move up.
  Digits without_entry(Digits all, int place) const {
    const Digits behind = cache_digits() & ~low_digits(cache_at() + place);
    const Digits moved = all >> 4 & behind & ~at_digit(15, connection_at() - 1);
    return (all & ~behind) | moved | at_digit(nothing(), connection_at() - 1);
  }

  // The last place is empty.
  Digits with_front(Digits all, int slot) const {
    const Digits moved = all << 4 & cache_digits() & ~at_digit(15, cache_at());
    return (all & ~cache_digits()) | moved | at_digit(slot, cache_at());
  }

  State flushed(Digits all) const {
    for (int place = 0; place < bound_.cache && digit(all, cache_at() + place) != nothing();
         ++place) {
      all = let_go(all, cache_at() + place);
    }
    return {all};
  }

  Digits owner_digits() const { return low_digits(owners()); }
  Digits owner_ones() const { return owner_digits() & kOnes; }
  Digits cache_digits() const { return low_digits(bound_.cache) << (4 * cache_at()); }

  Bound bound_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PINNED_PINNED_MODEL_H_
