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

constexpr const char* kFew = "sessions,set_id,cache,ctx_new";

TEST(Lastref, ExploresABoundAndSaysSoInASentence) {
  const ProcessResult result = lastref({"explore", "reference", "--operations", kFew});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("\nall "));
  EXPECT_THAT(result.out, HasSubstr(" states within the bound handles=2,"));
  EXPECT_THAT(result.out, HasSubstr(" agree on lastref "));
  EXPECT_THAT(result.out, HasSubstr("legal transitions that lead out of the bound"));
}

TEST(Lastref, ExploresAllProgramsUpToALength) {
  const ProcessResult result =
      lastref({"explore", "reference", "--operations", kFew, "--all-programs", "--length", "3"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr(" programs of the bound handles=2,"));
  EXPECT_EQ(lastref({"explore", "reference", "--length", "3"}).code, 2);
}

TEST(Lastref, RefusesABoundThatItDoesNotKnowAndSaysWhichThereAre) {
  const ProcessResult limit = lastref({"explore", "reference", "--bound", "handels=2"});
  EXPECT_EQ(limit.code, 2);
  EXPECT_THAT(limit.err, HasSubstr("did you mean 'handles'?"));
  const ProcessResult number = lastref({"explore", "reference", "--bound", "small,handles=9"});
  EXPECT_EQ(number.code, 2);
  EXPECT_THAT(number.err, HasSubstr("expected a number from 1 to 8"));
  const ProcessResult group = lastref({"explore", "reference", "--operations", "cashe"});
  EXPECT_EQ(group.code, 2);
  EXPECT_THAT(group.err, HasSubstr("did you mean 'cache'?"));
  EXPECT_EQ(lastref({"explore", "reference", "--shard", "3/2"}).code, 2);
}

TEST(Lastref, MergeOfAllShardsIsTheWhole) {
  const ScratchDirectory scratch;
  const auto file = [&scratch](const std::string& name) { return scratch.path() + "/" + name; };
  lastref({"explore", "reference", "--operations", kFew, "--json", file("whole")});
  for (const char* number : {"1", "2"}) {
    lastref({"explore", "reference", "--operations", kFew, "--shard", std::string(number) + "/2",
             "--json", file(number)});
  }
  const ProcessResult merged = lastref({"merge", file("2"), file("1"), "--json", file("merged")});
  EXPECT_EQ(merged.code, 0) << merged.err;
  auto whole = nlohmann::ordered_json::parse(contents(file("whole")));
  const auto joined = nlohmann::ordered_json::parse(contents(file("merged")));
  whole.erase("run");
  EXPECT_EQ(whole.dump(), joined.dump());

  const ProcessResult half = lastref({"merge", file("2")});
  EXPECT_EQ(half.code, 3);
  EXPECT_THAT(half.out, HasSubstr("missing shards: 1"));
  EXPECT_EQ(lastref({"merge", file("2"), file("2")}).code, 2);
  lastref({"explore", "reference", "--operations", "new,free", "--shard", "1/2", "--json",
           file("other")});
  const ProcessResult mixed = lastref({"merge", file("2"), file("other")});
  EXPECT_EQ(mixed.code, 2);
  EXPECT_THAT(mixed.err, HasSubstr("not shards of one exploration"));
}

TEST(Lastref, AnExplorationThatIsStoppedTellsWhatItDidAndGoesOn) {
  const ScratchDirectory scratch;
  const std::string journal = scratch.path() + "/journal";
  Invocation invocation;
  invocation.words = {kProgram,    "explore", "reference",    "--bound", "small,depth=8",
                      "--journal", journal,   "--operations", "common"};
  invocation.interrupt_after_ms = 1500;
  const ProcessResult stopped = run_program_in_shell(invocation);
  EXPECT_EQ(stopped.code, 130) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("\nnot done: "));
  EXPECT_THAT(contents(journal), testing::AnyOf(testing::IsEmpty(), HasSubstr("lastref_journal")));
}

}  // namespace
}  // namespace lastref
