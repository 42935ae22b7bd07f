#include "harness/explore/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lastref {
namespace {

using testing::ElementsAre;

TEST(Frontier, GivesStatesInTheOrderTheyCame) {
  Frontier<1> frontier;
  for (std::uint64_t word = 1; word <= 1000; ++word) frontier.push({word});
  for (std::uint64_t word = 1; word <= 1000; ++word) ASSERT_EQ(frontier.pop()[0], word);
  EXPECT_TRUE(frontier.empty());
  EXPECT_EQ(frontier.peak_size(), 1000U);
}

TEST(Frontier, WhatIsPushedWhileALevelIsPoppedIsTheNextLevel) {
  Frontier<1> frontier;
  frontier.push({1});
  frontier.pop();
  EXPECT_EQ(frontier.depth(), 0);
  frontier.push({2});
  frontier.push({3});
  frontier.pop();
  EXPECT_EQ(frontier.depth(), 1);
  frontier.push({4});
  frontier.pop();
  EXPECT_EQ(frontier.depth(), 1);
  frontier.pop();
  EXPECT_EQ(frontier.depth(), 2);
  EXPECT_THAT(frontier.widths(), ElementsAre(1, 2, 1));
}

}  // namespace
}  // namespace lastref
