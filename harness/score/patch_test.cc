#include "harness/score/patch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "harness/program/trace.h"

namespace lastref {
namespace {

const std::string kHeader =
    "name: dup-cuts\nclass: shallow dup\nabout: a line\n  and the next\nverdict: wrong-content\n"
    "operation: 9 get_ticket\n\ndiff --git a/x b/x\nname: of no header\n";

TEST(PatchTest, AHeaderEndsWhereTheDiffBegins) {
  EXPECT_THAT(patch_header(kHeader),
              ::testing::ElementsAre(::testing::Pair("about", "a line and the next"),
                                     ::testing::Pair("class", "shallow dup"),
                                     ::testing::Pair("name", "dup-cuts"),
                                     ::testing::Pair("operation", "9 get_ticket"),
                                     ::testing::Pair("verdict", "wrong-content")));
}

TEST(PatchTest, ABugIsShownByItsVerdictAtItsOperation) {
  Bug bug;
  ASSERT_EQ(bug_of_patch(kHeader, "m.so", bug), "");
  EXPECT_EQ(bug.name + " " + bug.target, "dup-cuts m.so");
  EXPECT_TRUE(bug.shown_by({Verdict::kWrongContent, Discrepancy::kNone, Op::GET_TICKET}));
  EXPECT_FALSE(bug.shown_by({Verdict::kWrongContent, Discrepancy::kNone, Op::SESSION_DUP}));
  EXPECT_FALSE(bug.shown_by({Verdict::kCrash, Discrepancy::kNone, Op::GET_TICKET}));
}

TEST(PatchTest, ABugThatMayShowInAnyWayIsShownByEach) {
  Bug bug;
  ASSERT_EQ(bug_of_patch("name: a\nverdict: any\noperation: any\n", "", bug), "");
  EXPECT_TRUE(bug.shown_by({Verdict::kCrash, Discrepancy::kNone, Op::GET_TICKET}));
}

TEST(PatchTest, AnyOfSeveralSignaturesShowsABug) {
  Bug bug;
  ASSERT_EQ(read_signature("crash/signal/add", bug.signs.emplace_back()), "");
  ASSERT_EQ(read_signature("leak/missing-death/free", bug.signs.emplace_back()), "");
  EXPECT_TRUE(bug.shown_by({Verdict::kCrash, Discrepancy::kSignal, Op::CACHE_ADD}));
  EXPECT_TRUE(bug.shown_by({Verdict::kLeak, Discrepancy::kMissingDeath, Op::SESSION_FREE}));
  EXPECT_FALSE(bug.shown_by({Verdict::kLeak, Discrepancy::kBlocks, Op::SESSION_FREE}));
  EXPECT_NE(read_signature("leak/free", bug.signs.emplace_back()), "");
}

Means needed(const std::string& lines) {
  const auto parsed = parse_trace("lastref 1\nc0 = ctx_new\nn0 = ssl_new c0\n" + lines);
  EXPECT_TRUE(std::holds_alternative<Program>(parsed));
  return means_of(std::get<Program>(parsed));
}

TEST(PatchTest, ABugNeedsWhatTheProgramThatShowsItHas) {
  EXPECT_EQ(needed(""), Means{});
  EXPECT_EQ(needed("fail_alloc 1: s0 = new\n"), Means{.failures = true});
  const Means shakes = needed("n1 = ssl_new c0\nhandshake n0 n1 complete\n");
  EXPECT_EQ(shakes, Means{.handshakes = true});
  EXPECT_FALSE(Means{}.suffice(shakes));
  EXPECT_TRUE(shakes.suffice(Means{}));
}

TEST(PatchTest, SaysWhatIsWrongWithAHeader) {
  Bug bug;
  const auto error = [&bug](const std::string& header) { return bug_of_patch(header, "", bug); };
  EXPECT_EQ(error("verdict: leak\n"), "name: not there, expected the file's name");
  EXPECT_EQ(error("name: a\nverdict: leek\n"), "verdict: found 'leek', expected a kind of finding");
  EXPECT_EQ(error("name: a\nverdict: leak\noperation: 3 fly\n"),
            "operation: found '3 fly', expected a number and an operation");
}

}  // namespace
}  // namespace lastref
