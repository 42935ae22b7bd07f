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

}  // namespace
}  // namespace lastref
