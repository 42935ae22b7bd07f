// `lastref compare` with a fake engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/tests/harness/cli/lastref-fake";

ProcessResult compare(std::vector<std::string> words) {
  Invocation invocation;
  invocation.words = {kProgram, "compare"};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  return run_program_in_shell(invocation);
}

TEST(CompareVerb, ShowsEachChoiceWithItsSmallestProgram) {
  const ProcessResult result = compare({"clean", "lacking"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr(" programs of 24 operations, legal for all of\n  clean (FakeSSL"));
  EXPECT_THAT(result.out, HasSubstr("1 differences, each run on all of them"));
  EXPECT_THAT(result.out, HasSubstr("switch new-timeout: "));
  EXPECT_THAT(result.out, HasSubstr("    lacking      7200"));
  EXPECT_THAT(result.out, HasSubstr(" = new\n"));
  EXPECT_THAT(result.out, Not(HasSubstr("FOUND INSTEAD")));
}

TEST(CompareVerb, TargetsThatAgreeHaveNoRow) {
  const ProcessResult result = compare({"lacking", "lacking"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("0 differences"));
}

TEST(CompareVerb, WhatATargetDoesInsteadIsAFinding) {
  const ProcessResult result = compare({"clean", "buggy"});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("FOUND INSTEAD: wrong-return/result/add"));
}

TEST(CompareVerb, OneThatDoesNotStartOrAnEngineThatFails) {
  const ProcessResult missing = compare({"clean", "broken"});
  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(missing.err, HasSubstr("broken: the fake library is missing"));
  const ProcessResult failed = compare({"clean", "fails"});
  EXPECT_EQ(failed.code, 4);
  EXPECT_THAT(failed.err, HasSubstr("the fake engine fails"));
}

TEST(CompareVerb, WrongWordsAreRefusedWithWhatIsExpected) {
  const ProcessResult one = compare({"clean"});
  EXPECT_EQ(one.code, 2);
  EXPECT_THAT(one.err, HasSubstr("found one target, expected two or more"));
  const ProcessResult time = compare({"clean", "buggy", "--budget", "3s"});
  EXPECT_EQ(time.code, 2);
  EXPECT_THAT(time.err, HasSubstr("--budget: found '3s', expected a number of programs"));
  const ProcessResult mix = compare({"clean", "buggy", "--mix", "hanshakes"});
  EXPECT_EQ(mix.code, 2);
  EXPECT_THAT(mix.err, HasSubstr("--mix: found 'hanshakes'"));
}

}  // namespace
}  // namespace lastref
