#include "harness/score/page.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lastref {
namespace {

TEST(PageTest, HasATableAndTheRatioOverWhatBothFind) {
  const std::vector<ScoreRow> rows = {
      {"a", "random", 1, true, 10, 0.1}, {"a", "random", 2, true, 30, 0.3},
      {"a", "random", 3, true, 20, 0.2}, {"a", "other", 1, true, 100, 0.4},
      {"a", "other", 2, true, 200, 0.6}, {"a", "other", 3, false, 999, 5},
      {"b", "random", 1, true, 1, 0.01}, {"b", "random", 2, false, 9, 5},
      {"b", "random", 3, false, 9, 5},   {"b", "other", 1, false, 9, 5, true},
  };
  EXPECT_EQ(score_page(rows),
            "| bug | random: found | programs | seconds | other: found | programs | seconds |\n"
            "|---|---:|---:|---:|---:|---:|---:|\n"
            "| a | 3 of 3 | 20 [10, 30] | 0.200 [0.100, 0.300] | 2 of 3 | 200 [100, -] | 0.600 "
            "[0.400, -] |\n"
            "| b | 1 of 3 | - [1, -] | - [0.010, -] | 0 of 1 | - [-, -] | - [-, -] |\n"
            "\n"
            "- random: 1 of 2 bugs by every search, 2 by any, 0 more showed as something else\n"
            "- other: 0 of 2 bugs by every search, 1 by any, 1 more showed as something else\n"
            "- other against random, over the 1 bugs of which both have a median: 10.00 [10.00, "
            "10.00] times the programs, 3.00 [3.00, 3.00] times the seconds\n");
}

TEST(PageTest, SaysSoWhenTwoEnginesFindNoBugInCommon) {
  const std::vector<ScoreRow> rows = {{"a", "random", 1, true, 10, 0.1},
                                      {"a", "other", 1, false, 9, 5}};
  EXPECT_NE(score_page(rows).find("- other and random: no bug that both find\n"),
            std::string::npos);
}

}  // namespace
}  // namespace lastref
