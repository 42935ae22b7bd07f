#include "harness/score/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
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
  EXPECT_EQ(
      score_page(rows),
      "| bug | random: found | programs | seconds | other: found | programs | seconds |\n"
      "|---|---:|---:|---:|---:|---:|---:|\n"
      "| a | 3 of 3 | 20 [10, 30] | 0.200 [0.100, 0.300] | 2 of 3 | 200 [100, -] | 0.600 "
      "[0.400, -] |\n"
      "| b | 1 of 3 | - [1, -] | - [0.010, -] | 0 of 1 | - [-, -] | - [-, -] |\n"
      "\n"
      "| engine | searches | left out | reached | triggered | detected | share | bugs by every "
      "search | by any | operations |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
      "| random | 6 | 0 | - | 4 | 4 | 66.7 % | 1 of 2 | 2 of 2 | - |\n"
      "| other | 4 | 0 | - | 3 | 2 | 33.3 % | 0 of 2 | 1 of 2 | - |\n"
      "\n"
      "- other detects 33.3 %, random 66.7 %; over the 1 bugs of which both have a median 10.00 "
      "[10.00, 10.00] times the programs, 3.00 [3.00, 3.00] times the seconds\n");
}

TEST(PageTest, CountsABugThatAnEngineIsLeftOutForAsOneThatItDoesNotDetect) {
  ScoreRow left_out{"b", "other"};
  left_out.left_out = true;
  const std::string page = score_page({{"a", "other", 1, true, 10, 0.1}, left_out});
  EXPECT_THAT(page, ::testing::HasSubstr("| b | left out |  |  |\n"));
  EXPECT_THAT(
      page, ::testing::HasSubstr("| other | 1 | 1 | - | 1 | 1 | 50.0 % | 1 of 2 | 1 of 2 | - |\n"));
}

TEST(PageTest, SaysSoWhenTwoEnginesFindNoBugInCommon) {
  const std::vector<ScoreRow> rows = {{"a", "random", 1, true, 10, 0.1},
                                      {"a", "other", 1, false, 9, 5}};
  EXPECT_NE(score_page(rows).find("- other detects 0.0 %, random 100.0 %; no bug that both find\n"),
            std::string::npos);
}

ScoreRow search(const char* bug, bool shown, std::optional<bool> reached, int operations) {
  return {bug, "random", 1, operations > 0, 9, 5, shown, reached, operations};
}

TEST(PageTest, TellsWhatWasReachedFromWhatWasTriggeredAndDetected) {
  EXPECT_THAT(
      score_page({search("a", false, false, 0), search("b", false, true, 0),
                  search("c", true, true, 0), search("d", true, true, 5)}),
      ::testing::HasSubstr("| random | 4 | 0 | 3 | 2 | 1 | 25.0 % | 1 of 4 | 1 of 4 | 5 |\n"));
}

Bug bug(const char* name) {
  Bug made;
  made.name = name;
  made.place = "lib/a.cc:1:2";
  made.about = "negated: a || b";
  return made;
}

TEST(PageTest, ListsWhatNoEngineFoundByItsPlaceAndHowFarItCame) {
  const std::vector<ScoreRow> rows = {search("a", false, false, 0), search("b", false, true, 0),
                                      search("c", true, true, 0), search("d", true, true, 5)};
  EXPECT_EQ(survivor_page(rows, {bug("a"), bug("b"), bug("c"), bug("d")}, {{"b", "both are so"}}),
            "\n| no engine found | where | what | came to | equivalent, for |\n"
            "|---|---|---|---|---|\n"
            "| a | lib/a.cc:1:2 | negated: a \\|\\| b | not reached |  |\n"
            "| b | lib/a.cc:1:2 | negated: a \\|\\| b | reached | both are so |\n"
            "| c | lib/a.cc:1:2 | negated: a \\|\\| b | triggered |  |\n");
  EXPECT_EQ(survivor_page(rows, {bug("d")}, {}), "");
}

}  // namespace
}  // namespace lastref
