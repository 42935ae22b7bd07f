#include "harness/score/sheet.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace lastref {
namespace {

const ScoreRow kRow{"a-bug", "random", 7, true, 1234, 0.25, true, true, 4};

std::string error_of(const std::string& text) {
  const auto parsed = parse_sheet(text);
  const auto* error = std::get_if<ScoreError>(&parsed);
  return error == nullptr ? "" : error->text("s.csv");
}

TEST(SheetTest, ReadsWhatItWrote) {
  const auto rows = std::get<std::vector<ScoreRow>>(parse_sheet(score_header() + score_line(kRow)));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].same_search(kRow));
  EXPECT_TRUE(rows[0].found);
  EXPECT_EQ(rows[0].programs, 1234U);
  EXPECT_EQ(rows[0].seconds, 0.25);
  EXPECT_EQ(score_line(rows[0]), "a-bug,random,7,1,1234,0.250000,1,1,4\n");
}

TEST(SheetTest, DropsALineThatAStoppedRunLeftUnfinished) {
  const std::string line = score_line(kRow);
  for (std::size_t length = 0; length < line.size(); ++length) {
    const auto parsed = parse_sheet(score_header() + line + line.substr(0, length));
    ASSERT_TRUE(std::holds_alternative<std::vector<ScoreRow>>(parsed)) << length;
    EXPECT_EQ(std::get<std::vector<ScoreRow>>(parsed).size(), 1U) << length;
  }
}

TEST(SheetTest, AnErrorNamesLineAndColumnWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(error_of("what,is,this\n"),
            "s.csv:1:1: found 'what,is,this', expected "
            "'bug,engine,seed,found,programs,seconds,shown,reached,operations'");
  EXPECT_EQ(error_of(score_header() + "a,b,1\n"),
            "s.csv:2:1: found 'a,b,1', expected 9 fields: "
            "bug,engine,seed,found,programs,seconds,shown,reached,operations");
  EXPECT_EQ(error_of(score_header() + score_line(kRow) + "a,b,one,1,2,3,1,1,4\n"),
            "s.csv:3:5: found 'one', expected a seed");
  EXPECT_EQ(error_of(score_header() + "a,b,1,yes,2,3,1,1,4\n"),
            "s.csv:2:7: found 'yes', expected 0 or 1");
  EXPECT_EQ(error_of(score_header() + "a,b,1,1,2,-3,1,1,4\n"),
            "s.csv:2:11: found '-3', expected seconds");
  EXPECT_EQ(error_of(score_header() + "a,b,1,1,2,3,-,1,4\n"),
            "s.csv:2:13: found '-', expected 0 or 1");
  EXPECT_EQ(error_of(score_header() + "a,b,1,1,2,3,1,?,4\n"),
            "s.csv:2:15: found '?', expected 0, 1 or -");
  EXPECT_EQ(error_of(score_header() + "a,b,1,1,2,3,1,-,four\n"),
            "s.csv:2:17: found 'four', expected a number of operations");
}

}  // namespace
}  // namespace lastref
