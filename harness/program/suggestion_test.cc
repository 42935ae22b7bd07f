#include "harness/program/suggestion.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

constexpr std::string_view kNames[] = {"new", "dup", "free", "forget", "up_ref", "set_id"};

TEST(Nearest, ForgivesOneLetterMissing) { EXPECT_EQ(nearest("fre", kNames), "free"); }
TEST(Nearest, ForgivesOneLetterTooMany) { EXPECT_EQ(nearest("freee", kNames), "free"); }
TEST(Nearest, ForgivesOneLetterWrong) { EXPECT_EQ(nearest("fred", kNames), "free"); }
TEST(Nearest, ForgivesNeighboursSwapped) { EXPECT_EQ(nearest("nwe", kNames), "new"); }
TEST(Nearest, ForgivesTwoSlipsInSixLetters) { EXPECT_EQ(nearest("upxreg", kNames), "up_ref"); }
TEST(Nearest, ForgivesNoThreeSlipsInSixLetters) { EXPECT_EQ(nearest("upxxeg", kNames), ""); }
TEST(Nearest, IsTheFirstOfSeveral) {
  constexpr std::string_view kAlike[] = {"s1", "s2"};
  EXPECT_EQ(nearest("s9", kAlike), "s1");
}
TEST(Nearest, IsNothingWhenNoLetterIsRight) {
  constexpr std::string_view kShort[] = {"1", "2"};
  EXPECT_EQ(nearest("x", kShort), "");
}
TEST(Nearest, IsNothingForNoWord) { EXPECT_EQ(nearest("", kNames), ""); }
TEST(Nearest, IsNothingForAWordOfTheWrongLength) {
  EXPECT_EQ(nearest(std::string(100'000, 'e'), kNames), "");
}
TEST(DidYouMean, IsAQuestion) { EXPECT_EQ(did_you_mean("fre", kNames), "did you mean 'free'?"); }
TEST(DidYouMean, IsEmptyWhenNothingIsNear) { EXPECT_EQ(did_you_mean("xyzzy", kNames), ""); }

}  // namespace
}  // namespace lastref
