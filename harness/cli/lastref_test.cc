// The real program with the adapters of the build tree: what a fake engine cannot show.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

using testing::HasSubstr;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/bin/lastref";

ProcessResult lastref(std::vector<std::string> words, const std::string& input = "") {
  Invocation invocation;
  invocation.words = {kProgram};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  invocation.input = input;
  return run_program_in_shell(invocation);
}

TEST(Lastref, ListsTheReference) {
  const ProcessResult result = lastref({"targets"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("reference"));
}

TEST(Lastref, ReferenceIsClean) {
  const ProcessResult result = lastref({"check", "reference", "--budget", "2000"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
}

TEST(Lastref, ProgramBudgetsGiveOneReportForAnyNumberOfJobs) {
  const ScratchDirectory scratch;
  const std::string one = scratch.path() + "/1.json";
  const std::string two = scratch.path() + "/2.json";
  lastref({"check", "reference", "--budget", "20000", "--jobs", "1", "--json", one});
  lastref({"check", "reference", "--budget", "20000", "--jobs", "2", "--json", two});
  auto a = nlohmann::ordered_json::parse(contents(one));
  auto b = nlohmann::ordered_json::parse(contents(two));
  EXPECT_EQ(a["programs"], 20000);
  a.erase("run");
  b.erase("run");
  EXPECT_EQ(a.dump(), b.dump());
}

TEST(Lastref, RunsAWrittenTrace) {
  const ProcessResult result =
      lastref({"run", "-", "--target", "reference"}, "lastref 1\ns0 = new\nfree s0\n");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(": clean\n"));
}

TEST(Lastref, NamesTheRuleThatAMisuseBreaks) {
  const ProcessResult result =
      lastref({"run", "-", "--target", "reference"}, "lastref 1\ns0 = new\nfree s0\nfree s0\n");
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("breaks a rule at operation 3 (free s0)"));
}

TEST(Lastref, FileThatIsNoAdapterCannotBeRun) {
  const ScratchDirectory scratch;
  const ProcessResult result = lastref({"check", scratch.write("x.so", "no ELF"), "--budget", "1"});
  EXPECT_EQ(result.code, 3) << result.out;
}

TEST(Lastref, FindsTheBaselineOfTheBuildTree) {
  const ProcessResult result = lastref({"check", "reference", "--budget", "1"});
  EXPECT_THAT(result.err, testing::Not(HasSubstr("no baseline")));
}

TEST(Lastref, PrintsAContract) {
  const ProcessResult result = lastref({"contract", "reference"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("cache-capacity = "));
}

}  // namespace
}  // namespace lastref
