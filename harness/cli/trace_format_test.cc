#include "harness/cli/trace_format.h"

#include <gtest/gtest.h>

#include <variant>

#include "harness/program/trace.h"

namespace lastref {
namespace {

std::string format(const std::string& text) {
  const auto parsed = parse_trace(text);
  const auto* program = std::get_if<Program>(&parsed);
  if (program == nullptr) {
    ADD_FAILURE() << std::get<TraceError>(parsed).text("text");
    return {};
  }
  return format_trace(text, *program);
}

TEST(Format, CanonicalTextStaysAsItIs) {
  const std::string text =
      "# what this shows\n"
      "# in two lines\n"
      "lastref 1\n"
      "teardown contexts sessions connections falling\n"
      "\n"
      "# first\n"
      "c0 = ctx_new\n"
      "s0 = new  # here\n"
      "on_remove c0 do up_ref arg\n"
      "add c0 s0\n"
      "# the end\n";
  EXPECT_EQ(format(text), text);
}

TEST(Format, BlanksBecomeSingle) {
  EXPECT_EQ(format("lastref\t1\r\n  s0=new\r\n  free   s0   # done\r\n"),
            "lastref 1\ns0 = new\nfree s0  # done\n");
}

TEST(Format, OfSeveralBlankLinesOneIsKeptAndNoneAtTheEnds) {
  EXPECT_EQ(format("\n\nlastref 1\n\n\n\ns0 = new\n\n\n"), "lastref 1\n\ns0 = new\n");
}

TEST(Format, DefaultsSpeltOutGoAndTheirCommentsStay) {
  EXPECT_EQ(
      format("lastref 1\n# order\nteardown sessions connections contexts # usual\ns0 = new\n"),
      "lastref 1\n# order\n# usual\ns0 = new\n");
}

TEST(Format, HeaderLinesKeepTheirCommentsWhenTheyChangePlaces) {
  EXPECT_EQ(format("lastref 1\n"
                   "teardown contexts sessions connections  # T\n"
                   "misuse double-free at 3  # M\n"
                   "s0 = new\nfree s0\nfree s0\n"),
            "lastref 1\n"
            "misuse double-free at 3  # M\n"
            "teardown contexts sessions connections  # T\n"
            "s0 = new\nfree s0\nfree s0\n");
}

TEST(Format, IsItsOwnFixedPoint) {
  const std::string once = format("# a\n\n#b\nlastref 1\n\n#c\ns0=new#d\n\n\n#e\n");
  EXPECT_EQ(format(once), once);
}

}  // namespace
}  // namespace lastref
