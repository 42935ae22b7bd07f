// `lastref faults` with a fake engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

using testing::HasSubstr;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/tests/harness/cli/lastref-fake";

ProcessResult lastref(std::vector<std::string> words) {
  Invocation invocation;
  invocation.words = {kProgram, "faults"};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  invocation.input = "lastref 1\ns0 = new\n";
  return run_program_in_shell(invocation);
}

TEST(FaultsVerb, TellsThePointsOfEachTrace) {
  const ProcessResult result = lastref({"-", "--target", "clean"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("standard input: 2 allocations, 4 points, 0.5 s, 0 failed\n"));
}

TEST(FaultsVerb, ReportsFindingsAsACheckDoes) {
  const ProcessResult result = lastref({"-", "--target", "buggy"});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("buggy: wrong-return [wrong-return/result/add]\n"));
  EXPECT_THAT(lastref({"-", "--target", "buggy", "--json", "-"}).out,
              HasSubstr("\"signature\": \"wrong-return/result/add\""));
}

TEST(FaultsVerb, WithAnEngineThatFailsOrATargetThatDoesNotStart) {
  EXPECT_EQ(lastref({"-", "--target", "fails"}).code, 4);
  EXPECT_EQ(lastref({"-", "--target", "broken"}).code, 3);
}

TEST(FaultsVerb, WantsTracesOrTheCorpus) {
  const ProcessResult none = lastref({"--target", "clean"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("found no TRACE, expected traces, or --corpus"));
  const ProcessResult corpus = lastref({"--corpus", "--target", "clean"});
  EXPECT_EQ(corpus.code, 2);
  EXPECT_THAT(corpus.err, HasSubstr("found no seed corpus beside the program"));
  EXPECT_EQ(lastref({"-", "--target", "clean", "--points", "0"}).code, 2);
}

TEST(FaultsVerb, TellsWhatTheProgramsOfCallbacksCover) {
  const ProcessResult result = lastref({"--callbacks", "--target", "clean"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("matrix-none-keep-internal  as the model has it\n"));
  EXPECT_THAT(result.out, HasSubstr("reentry-new-free           allowed, as the model has it\n"));
  EXPECT_THAT(result.out, HasSubstr("clean: 1 of 1 cells; 1 of 1 pairs: 1 of 1 allowed, "));
  const ProcessResult buggy = lastref({"--callbacks", "--target", "buggy"});
  EXPECT_EQ(buggy.code, 1) << buggy.err;
  EXPECT_THAT(buggy.out, HasSubstr("allowed, departs: wrong-return/result/add\n"));
  const std::string json = lastref({"--callbacks", "--target", "clean", "--json", "-"}).out;
  EXPECT_THAT(json, HasSubstr("\"name\": \"reentry-new-free\""));
  EXPECT_THAT(json, HasSubstr("\"totals\": {"));
}

TEST(FaultsVerb, MakesTheProgramsOfCallbacksItself) {
  const ProcessResult both = lastref({"-", "--callbacks", "--target", "clean"});
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, HasSubstr("TRACE excludes --callbacks"));
  EXPECT_EQ(lastref({"-", "--programs", "there", "--target", "clean"}).code, 2);
}

TEST(FaultsVerb, LetsTheClockJumpInsteadWhenItIsToldTo) {
  const ProcessResult result = lastref({"-", "--target", "clean", "--clock"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("1 traces; the clock jumps once, between any two operations\n"));
  EXPECT_THAT(result.out, HasSubstr("standard input: 4 points, 0.5 s, 0 failed\n"));
  EXPECT_EQ(lastref({"--clock", "--encodings", "--target", "clean"}).code, 2);
}

TEST(FaultsVerb, DamagesEncodingsInsteadWhenItIsToldTo) {
  const ProcessResult clean = lastref({"--encodings", "--target", "clean", "--budget", "2k"});
  EXPECT_EQ(clean.code, 0) << clean.err;
  EXPECT_THAT(clean.out,
              HasSubstr("a session: 100 bytes, 40 systematic blobs\n"
                        "another: left out, the target makes none\n"
                        "clean: 2000 blobs, of them 30 of 40 systematic ones; 5 became"));
  const ProcessResult buggy = lastref({"--encodings", "--target", "buggy", "--json", "-"});
  EXPECT_EQ(buggy.code, 1);
  EXPECT_THAT(buggy.out, HasSubstr("\"signature\": \"wrong-return/result/add\""));
  EXPECT_EQ(lastref({"--encodings", "--target", "fails"}).code, 4);
  EXPECT_EQ(lastref({"--encodings", "--target", "broken"}).code, 3);
}

TEST(FaultsVerb, TakesNoTracesWithEncodingsAndNoTime) {
  const ProcessResult time = lastref({"--encodings", "--target", "clean", "--budget", "10s"});
  EXPECT_EQ(time.code, 2);
  EXPECT_THAT(time.err, HasSubstr("--budget: found 10s, expected a number of blobs"));
  EXPECT_EQ(lastref({"--encodings", "--corpus", "--target", "clean"}).code, 2);
  EXPECT_EQ(lastref({"-", "--target", "clean", "--budget", "10"}).code, 2);
}

}  // namespace
}  // namespace lastref
