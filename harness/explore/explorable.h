// What a model must offer to be explored.
//
//   kWords            how many words pack() makes
//   State, Move       values; a move is one operation with its operands
//   initial()         the start
//   pack(), unpack()  one to one; the first word is never 0
//   max_successors()  no state has more
//   successors(state, sink)
//                     calls sink(move, next) for every move that the state allows, in an order that
//                     depends on the state alone
//   holds(state)      the invariant, asked at the end of every transition. Successors are asked
//   only
//                     of states where it holds
//   canonical(state)  may be left out: the one state that stands for all that are equal to this one
//                     but for names. The start stands for itself
#ifndef LASTREF_HARNESS_EXPLORE_EXPLORABLE_H_
#define LASTREF_HARNESS_EXPLORE_EXPLORABLE_H_

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "harness/explore/packed_state.h"

namespace lastref {

template <class M>
struct IgnoreSuccessor {
  void operator()(const typename M::Move&, const typename M::State&) const {}
};

template <class M>
concept Explorable = std::is_trivially_copyable_v<typename M::State> &&
    std::is_trivially_copyable_v<typename M::Move> &&
    requires(const M& model, const typename M::State& state, const PackedState<M::kWords>& packed,
             IgnoreSuccessor<M> sink) {
  { model.initial() } -> std::same_as<typename M::State>;
  { model.pack(state) } -> std::same_as<PackedState<M::kWords>>;
  { model.unpack(packed) } -> std::same_as<typename M::State>;
  { model.max_successors() } -> std::same_as<std::size_t>;
  { model.holds(state) } -> std::same_as<bool>;
  model.successors(state, sink);
};

template <class M>
concept Symmetric = Explorable<M> && requires(const M& model, const typename M::State& state) {
  { model.canonical(state) } -> std::same_as<typename M::State>;
};

// How a search knows the state: packed, after merging it with its equals.
template <Explorable M>
PackedState<M::kWords> key_of(const M& model, const typename M::State& state) {
  if constexpr (Symmetric<M>) {
    return model.pack(model.canonical(state));
  } else {
    return model.pack(state);
  }
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_EXPLORABLE_H_
