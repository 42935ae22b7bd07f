// A state of a model as a search keeps it: a few words, with every field in its bits.
//
// The first word of a packed state is never 0, so that an empty place of a table needs no mark of
// its own. Two states are the same when their words are.
#ifndef LASTREF_HARNESS_EXPLORE_PACKED_STATE_H_
#define LASTREF_HARNESS_EXPLORE_PACKED_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace lastref {

template <int Words>
using PackedState = std::array<std::uint64_t, Words>;

// As ==, which calls memcmp() for arrays of words.
template <int Words>
constexpr bool same(const PackedState<Words>& a, const PackedState<Words>& b) {
  std::uint64_t difference = 0;
  for (std::size_t word = 0; word < Words; ++word) difference |= a[word] ^ b[word];
  return difference == 0;
}

// Spreads one word over all 64 bits, one to one: xor with its upper half and multiply, twice. The
// factors are odd and have about half of their bits set.
constexpr std::uint64_t spread(std::uint64_t word) {
  word = (word ^ (word >> 32)) * 0xd6e8feb86659fd93U;
  return (word ^ (word >> 32)) * 0x9e3779b97f4a7c15U;
}

// The upper bits choose a place in a table.
template <int Words>
constexpr std::uint64_t hash_of(const PackedState<Words>& state) {
  std::uint64_t hash = spread(state[0]);
  for (std::size_t word = 1; word < Words; ++word) hash = spread(hash ^ state[word]);
  return hash;
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_PACKED_STATE_H_
