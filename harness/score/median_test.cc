#include "harness/score/median.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace lastref {
namespace {

std::vector<double> one_to(int count) {
  std::vector<double> samples(static_cast<std::size_t>(count));
  std::iota(samples.rbegin(), samples.rend(), 1);
  return samples;
}

TEST(MedianTest, IsTheMiddleOne) {
  EXPECT_EQ(median({5, 1, 3}).value, 3);
  EXPECT_EQ(median({4, 1, 3, 2}).value, 2.5);
}

// Ranks and confidence of tables for the sign test: 1 - 2 P(Bin(20, 1/2) <= 5) = 0.9586.
TEST(MedianTest, OfTwentyLiesBetweenTheSixthAndTheFifteenthAtNinetyFivePercent) {
  const Median of = median(one_to(20));
  EXPECT_EQ(of.low, 6);
  EXPECT_EQ(of.high, 15);
  EXPECT_NEAR(of.confidence, 0.9586, 0.0001);
}

TEST(MedianTest, OfFiveLiesBetweenTheLeastAndTheLargestAndSaysHowSureThatIs) {
  const Median of = median(one_to(5));
  EXPECT_EQ(of.low, 1);
  EXPECT_EQ(of.high, 5);
  EXPECT_NEAR(of.confidence, 0.9375, 0.0001);
}

TEST(MedianTest, OfOneIsThatOneAndNothingIsSure) {
  const Median of = median({7});
  EXPECT_EQ(of.value, 7);
  EXPECT_EQ(of.low, 7);
  EXPECT_EQ(of.high, 7);
  EXPECT_EQ(of.confidence, 0);
}

TEST(MedianTest, ASearchThatWasGivenUpIsLongerThanAllOthers) {
  EXPECT_EQ(median({kCensored, 2, 1}).value, 2);
  EXPECT_EQ(median({kCensored, kCensored, 1}).value, kCensored);
  EXPECT_EQ(median({kCensored, kCensored, 1, 2}).value, kCensored);  // half way to it
  EXPECT_EQ(median({kCensored, 1, 2}).high, kCensored);
}

}  // namespace
}  // namespace lastref
