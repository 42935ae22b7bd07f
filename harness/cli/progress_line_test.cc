#include "harness/cli/progress_line.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

Budget programs(std::uint64_t count) {
  Budget budget;
  budget.programs = count;
  return budget;
}

TEST(Progress, OfABudgetOfPrograms) {
  EXPECT_EQ(progress_text("openssl", {1'200'000, 3, 8.0, "search"}, programs(2'000'000)),
            "openssl: search, 1200000 of 2000000 programs (60%), 150 k/s, 6 s left, 3 failed");
}

TEST(Progress, OfABudgetOfTime) {
  Budget budget;
  budget.seconds = 600;
  EXPECT_EQ(progress_text("openssl", {1000, 0, 60.0, "search"}, budget),
            "openssl: search, 1000 programs (10%), 17/s, 9 min left, 0 failed");
}

TEST(Progress, AtTheStartNoRateIsKnown) {
  EXPECT_EQ(progress_text("x", {0, 0, 0, "search"}, programs(10)),
            "x: search, 0 of 10 programs (0%), 0/s, 0 failed");
}

TEST(Progress, BeyondTheBudgetIsNeverMoreThanAll) {
  Budget budget;
  budget.seconds = 10;
  EXPECT_EQ(progress_text("x", {10, 1, 20.0, "shrink"}, budget),
            "x: shrink, 10 programs (100%), 0/s, 0 s left, 1 failed");
}

TEST(Progress, OfAnExploration) {
  ExploreProgress progress;
  progress.stage = "model";
  progress.states = 12'345;
  progress.depth = 6;
  progress.transitions = 222'222;
  EXPECT_EQ(progress_text("x", progress), "x: model, 12345 states, 222222 transitions, depth 6");
  progress.stage = "target";
  progress.transitions = 50'000;
  progress.all_transitions = 200'000;
  progress.seconds = 0.5;
  progress.verdicts = 2;
  EXPECT_EQ(progress_text("x", progress),
            "x: target, 50000 of 200000 transitions (25%), 100 k/s, 2 s left, 2 failed");
}

}  // namespace
}  // namespace lastref
