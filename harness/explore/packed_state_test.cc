#include "harness/explore/packed_state.h"

#include <gtest/gtest.h>

#include <set>

namespace lastref {
namespace {

TEST(PackedState, IsTheSameWhenEveryWordIs) {
  const PackedState<2> state = {1, 2};
  EXPECT_TRUE(same<2>(state, {1, 2}));
  EXPECT_FALSE(same<2>(state, {1, 3}));
  EXPECT_FALSE(same<2>(state, {3, 2}));
}

TEST(PackedState, EveryWordDecidesTheHash) {
  EXPECT_NE(hash_of<2>({1, 2}), hash_of<2>({1, 3}));
  EXPECT_NE(hash_of<2>({1, 2}), hash_of<2>({2, 2}));
  EXPECT_NE(hash_of<2>({1, 2}), hash_of<2>({2, 1}));
}

// States that differ in one field of bits would otherwise crowd in one part of a table.
TEST(PackedState, StatesThatDifferInFewBitsSpreadOverTheUpperBits) {
  std::set<std::uint64_t> places;
  for (int low = 0; low < 16; ++low) {
    for (int high = 0; high < 16; ++high) {
      const std::uint64_t word = std::uint64_t{1} << 40 | static_cast<std::uint64_t>(low) |
                                 static_cast<std::uint64_t>(high) << 56;
      places.insert(hash_of<1>({word}) >> 52);
    }
  }
  // 256 balls in 4096 boxes meet about eight times.
  EXPECT_GT(places.size(), 225U);
}

}  // namespace
}  // namespace lastref
