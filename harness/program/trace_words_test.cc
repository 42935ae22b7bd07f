#include "harness/program/trace_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lastref {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(std::string_view text) {
  WordLine line(text, 1);
  std::vector<std::string> all;
  while (!line.at_end()) all.emplace_back(line.take().text);
  return all;
}

TEST(WordLine, CutsAtSpacesAndTabs) { EXPECT_THAT(words(" a\tb  c "), ElementsAre("a", "b", "c")); }
TEST(WordLine, EndsAtAComment) { EXPECT_THAT(words("a b#c"), ElementsAre("a", "b")); }
TEST(WordLine, IsEmptyWhenItIsAComment) { EXPECT_THAT(words("# a"), ElementsAre()); }
TEST(WordLine, LetsAnEqualsSignStandAlone) {
  EXPECT_THAT(words("a=b"), ElementsAre("a", "=", "b"));
  EXPECT_THAT(words("=="), ElementsAre("=", "="));
}
TEST(WordLine, EndsAWordWithItsColon) { EXPECT_THAT(words("t1:a"), ElementsAre("t1:", "a")); }
TEST(WordLine, KnowsTheColumnOfEachWordAndOfTheEnd) {
  WordLine line(" ab  c  ", 7);
  EXPECT_EQ(line.take().column, 2);
  EXPECT_EQ(line.take().column, 6);
  EXPECT_EQ(line.peek().column, 7);
  EXPECT_EQ(line.peek().line, 7);
  EXPECT_EQ(line.take().text, "");
}

TEST(Lines, EndWithLfOrCrLf) {
  EXPECT_THAT(lines_of("a\nb\r\n\nc"), ElementsAre("a", "b", "", "c"));
}
TEST(Lines, KeepACarriageReturnInside) {
  EXPECT_THAT(lines_of("a\rb\r\r\n"), ElementsAre("a\rb\r"));
}

TEST(ShownWord, ShowsEveryByte) {
  EXPECT_EQ(show_word(std::string_view("a\0\xff", 3)), "'a\\x00\\xff'");
}
TEST(ShownWord, CutsLongWords) {
  EXPECT_EQ(show_word(std::string(40, 'x')), "'" + std::string(40, 'x') + "'");
  EXPECT_EQ(show_word(std::string(41, 'x')), "'" + std::string(40, 'x') + "...'");
}

}  // namespace
}  // namespace lastref
