#include "harness/score/curves.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

ScoreRow search(const std::string& engine, double seconds, bool found) {
  ScoreRow row{"a", engine, 1, found, 1, seconds};
  return row;
}

TEST(SurvivalTest, IsTheShareThatIsLeftWhenNoneWasGivenUp) {
  EXPECT_EQ(survival({search("x", 2, true), search("x", 1, true), search("y", 1, true)}, "x"),
            (std::vector<SurvivalStep>{{0, 1}, {1, 0.5}, {2, 0}}));
}

TEST(SurvivalTest, WhatIsGivenUpLeavesThoseAtRiskAndMakesNoStep) {
  EXPECT_EQ(survival({search("x", 1, true), search("x", 2, false), search("x", 3, true),
                      search("x", 9, false)},
                     "x"),
            (std::vector<SurvivalStep>{{0, 1}, {1, 0.75}, {3, 0.375}}));
}

TEST(SurvivalTest, SearchesThatEndTogetherAreOneStepAndPrecedeWhatIsGivenUpThen) {
  EXPECT_EQ(survival({search("x", 1, false), search("x", 1, true), search("x", 1, true),
                      search("x", 2, false)},
                     "x"),
            (std::vector<SurvivalStep>{{0, 1}, {1, 0.5}}));
}

TEST(SurvivalTest, OfNoSearchesIsTheWhole) {
  EXPECT_EQ(survival({}, "x"), (std::vector<SurvivalStep>{{0, 1}}));
}

TEST(SurvivalSvgTest, HasACurveAndANameForEachEngine) {
  const std::string svg =
      survival_svg({search("x", 0.01, true), search("y", 1, false), search("x", 0.1, true)});
  EXPECT_NE(svg.find(">x: 0.0 % left<"), std::string::npos);
  EXPECT_NE(svg.find(">y: 100.0 % left<"), std::string::npos);
  // From 1 ms at the whole, down by half at 10 ms and to nothing at 100 ms.
  EXPECT_NE(svg.find("d='M60.0 20.0H213.3V185.0H366.7V350.0H366.7'"), std::string::npos) << svg;
}

}  // namespace
}  // namespace lastref
