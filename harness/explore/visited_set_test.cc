#include "harness/explore/visited_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace lastref {
namespace {

TEST(VisitedSet, AStateIsNewOnce) {
  VisitedSet<1> set;
  EXPECT_FALSE(set.contains({7}));
  EXPECT_TRUE(set.insert({7}));
  EXPECT_FALSE(set.insert({7}));
  EXPECT_TRUE(set.contains({7}));
  EXPECT_EQ(set.size(), 1U);
}

TEST(VisitedSet, HoldsWhatAnOrderedSetHoldsThroughAllItsGrowth) {
  std::mt19937_64 random(1);
  VisitedSet<2> set;
  std::set<PackedState<2>> expected;
  for (int i = 0; i < 200'000; ++i) {
    const PackedState<2> state = {1 + random() % 300, random() % 300};
    ASSERT_EQ(set.insert(state), expected.insert(state).second) << i;
  }
  ASSERT_EQ(set.size(), expected.size());
  std::set<PackedState<2>> found;
  set.for_each([&](const PackedState<2>& state) { found.insert(state); });
  EXPECT_EQ(found, expected);
}

TEST(VisitedSet, TellsStatesOfOneHashApart) {
  VisitedSet<1> set;
  constexpr std::uint64_t kHash =
      ~std::uint64_t{0};  // the last place: probing goes on at the first
  for (std::uint64_t word = 1; word < 100; ++word) EXPECT_TRUE(set.insert({word}, kHash));
  for (std::uint64_t word = 1; word < 100; ++word) EXPECT_FALSE(set.insert({word}, kHash));
  EXPECT_EQ(set.size(), 99U);
}

TEST(VisitedSet, TakesAtMostThirtyBytesAStateWhenItGrows) {
  VisitedSet<1> set;
  std::uint64_t word = 0;
  const auto bytes_a_state = [&] {
    return static_cast<double>(set.peak_bytes()) / static_cast<double>(set.size());
  };
  while (set.size() < 100'000) {
    const std::size_t before = set.bytes();
    set.insert({++word});
    if (set.bytes() != before) {
      // Three parts of which the smaller table is one, at four fifths; limits are whole numbers.
      EXPECT_LE(bytes_a_state(), 30.1) << set.size();
    }
  }
  EXPECT_GE(set.peak_bytes(), set.bytes() / 2 * 3) << "the old table beside the new one";
}

}  // namespace
}  // namespace lastref
