#include "harness/corpus/bug_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lastref {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kHead =
    "# Bugs\n"
    "\n"
    "| Bug | Where | Public as | What went wrong | Traces |\n"
    "|---|---|---|---|---|\n";

std::string error_of(const std::string& rows) {
  const auto parsed = parse_bug_table(kHead + rows);
  const auto* error = std::get_if<CorpusError>(&parsed);
  return error == nullptr ? "none" : error->text("bugs.md");
}

TEST(BugTable, IsRead) {
  const auto parsed = parse_bug_table(
      kHead +
      "| O04 | a library | #1 | of two one is lost | [o04-a](regressions/o04-a.trace), "
      "[o04-b](regressions/o04-b.trace) |\n"
      "| O29 | a library | #1 | it is not copied | [o29-a](regressions/o29-a.trace); missing: x |\n"
      "| O30 | a library | #1 | it is shared | missing: x, y z |\n"
      "\n"
      "| Missing | Bugs that need it | What it is |\n"
      "|---|---|---|\n"
      "| x | 2 | something |\n"
      "| y z | 1 | something else |\n"
      "\n"
      "Of 3 bugs 2 have a trace, 1 of these in part; 1 cannot be said yet.\n");
  ASSERT_TRUE(std::holds_alternative<BugTable>(parsed));
  const auto& table = std::get<BugTable>(parsed);
  ASSERT_EQ(table.bugs.size(), 3U);
  EXPECT_EQ(table.bugs[0].id, "O04");
  EXPECT_EQ(table.bugs[0].line, 5);
  EXPECT_THAT(table.bugs[0].traces, ElementsAre("regressions/o04-a", "regressions/o04-b"));
  EXPECT_THAT(table.bugs[0].missing, IsEmpty());
  EXPECT_THAT(table.bugs[1].traces, ElementsAre("regressions/o29-a"));
  EXPECT_THAT(table.bugs[1].missing, ElementsAre("x"));
  EXPECT_THAT(table.bugs[2].traces, IsEmpty());
  EXPECT_THAT(table.bugs[2].missing, ElementsAre("x", "y z"));
  EXPECT_EQ(table.missing.size(), 2U);
  EXPECT_EQ(table.missing.at("y z"), 1);
  EXPECT_EQ(table.summary, summary_of(table.bugs));
}

TEST(BugTable, ErrorsNameTheLine) {
  EXPECT_THAT(error_of("| O4 | a | c | b | missing: x |\n"), HasSubstr("bugs.md:5: found 'O4'"));
  EXPECT_THAT(error_of("| O04 | a | b | missing: x |\n"), HasSubstr("bugs.md:5: found 'O04'"));
  EXPECT_THAT(error_of("| O04 | a | c | b | missing: x |\n| O04 | a | c | b | missing: x |\n"),
              HasSubstr("bugs.md:6: found 'O04' a second time"));
  EXPECT_THAT(error_of("| O04 | a | c | b | o04-a |\n"),
              HasSubstr("found 'o04-a', expected [NAME]"));
  EXPECT_THAT(error_of("| O04 | a | c | b | [o04-a](regressions/o04-b.trace) |\n"),
              HasSubstr("expected [NAME](regressions/NAME.trace)"));
  EXPECT_THAT(error_of("| O04 | a | c | b |  |\n"), HasSubstr("found a bug without a trace"));
  EXPECT_THAT(error_of("\n| Other | b |\n"), HasSubstr("bugs.md:6: found 'Other'"));
  EXPECT_THAT(error_of("\n| Missing | n | w |\n| x | many | w |\n"), HasSubstr("bugs.md:7: found"));
  EXPECT_THAT(error_of("\n| Missing | n | w |\n| x | 1 | w |\n| x | 1 | w |\n"),
              HasSubstr("bugs.md:8: found 'x' a second time"));
}

}  // namespace
}  // namespace lastref
