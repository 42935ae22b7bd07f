// The pinned model with states merged that differ in names only.
//
// Handles may be exchanged: no operation looks at a handle's number. So may slots, of which a new
// session takes the first free one, and ids, of which it takes the least unused: after a renaming
// it takes another, but again one that nobody has. A test proves it on the whole space.
#ifndef LASTREF_HARNESS_EXPLORE_PINNED_SYMMETRIC_PINNED_MODEL_H_
#define LASTREF_HARNESS_EXPLORE_PINNED_SYMMETRIC_PINNED_MODEL_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "harness/explore/pinned/pinned_model.h"

namespace lastref {

// What may be exchanged.
struct PinnedSymmetry {
  bool handles = false;
  bool slots = false;
  bool ids = false;
};

template <class Bound = PinnedBound>
class SymmetricPinnedModel : public PinnedModel<Bound> {
  using Base = PinnedModel<Bound>;

 public:
  using State = typename Base::State;

  SymmetricPinnedModel(const Bound& bound, const PinnedSymmetry& symmetry);

  // The least word among the states that a renaming of what is symmetric leads to, where ids are
  // numbered in the order of their slots.
  State canonical(const State& state) const;

 private:
  using Renaming = std::array<std::uint8_t, 8>;  // of slots, and of nothing to itself

  Digits merged(Digits all) const;
  Digits with_sorted_handles(Digits all) const;
  Digits with_ordered_ids(Digits all) const;
  Digits renamed(Digits all, const Renaming& renaming) const;

  PinnedSymmetry symmetry_;
  std::vector<Renaming> renamings_;  // of the slots, all that there are
};

template <class Bound>
SymmetricPinnedModel<Bound>::SymmetricPinnedModel(const Bound& bound,
                                                  const PinnedSymmetry& symmetry)
    : Base(bound), symmetry_(symmetry) {
  if (!symmetry.slots) return;
  Renaming renaming{};
  std::iota(renaming.begin(), renaming.end(), std::uint8_t{0});
  do {
    renamings_.push_back(renaming);
  } while (std::next_permutation(renaming.begin(), renaming.begin() + bound.slots));
}

template <class Bound>
typename PinnedModel<Bound>::State SymmetricPinnedModel<Bound>::canonical(
    const State& state) const {
  if (!symmetry_.slots) return {merged(state.digits)};
  Digits least = ~Digits{0};
  for (const Renaming& renaming : renamings_) {
    least = std::min(least, merged(renamed(state.digits, renaming)));
  }
  return {least};
}

// Under one naming of the slots.
template <class Bound>
Digits SymmetricPinnedModel<Bound>::merged(Digits all) const {
  if (symmetry_.ids) all = with_ordered_ids(all);
  return symmetry_.handles ? with_sorted_handles(all) : all;
}

// The handles in the order of what they hold.
template <class Bound>
Digits SymmetricPinnedModel<Bound>::with_sorted_handles(Digits all) const {
  const Digits mask = low_digits(this->bound().handles);
  const Digits handles = all & mask;
  Digits sorted = 0;
  int place = 0;
  for (int slot = 0; slot <= this->nothing(); ++slot) {
    const int count = count_digits(handles, static_cast<unsigned>(slot), mask & kOnes);
    sorted |= (kOnes & low_digits(count)) * static_cast<unsigned>(slot) << (4 * place);
    place += count;
  }
  return (all & ~mask) | sorted;
}

// Ids numbered as they first appear. A free slot keeps its 0, which is no id.
template <class Bound>
Digits SymmetricPinnedModel<Bound>::with_ordered_ids(Digits all) const {
  constexpr std::uint8_t kUnseen = 0xff;
  std::array<std::uint8_t, 8> number;
  number.fill(kUnseen);
  std::uint8_t seen = 0;
  for (int slot = 0; slot < this->bound().slots; ++slot) {
    if (digit(all, this->count_at() + slot) == 0) continue;
    std::uint8_t& id = number[static_cast<std::size_t>(digit(all, this->id_at() + slot))];
    if (id == kUnseen) id = seen++;
    all = with_digit(all, this->id_at() + slot, id);
  }
  return all;
}

template <class Bound>
Digits SymmetricPinnedModel<Bound>::renamed(Digits all, const Renaming& renaming) const {
  Digits result = 0;
  for (int owner = 0; owner < this->owners(); ++owner) {
    result |= at_digit(renaming[static_cast<std::size_t>(digit(all, owner))], owner);
  }
  for (int slot = 0; slot < this->bound().slots; ++slot) {
    const int name = renaming[static_cast<std::size_t>(slot)];
    result |= at_digit(digit(all, this->count_at() + slot), this->count_at() + name);
    result |= at_digit(digit(all, this->id_at() + slot), this->id_at() + name);
  }
  return result;
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PINNED_SYMMETRIC_PINNED_MODEL_H_
