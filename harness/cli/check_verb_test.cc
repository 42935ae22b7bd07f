// `lastref check` with a fake engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/tests/harness/cli/lastref-fake";

constexpr const char* kBaseline =
    "lastref-baseline 1\n"
    "[silent]\n"
    "target = buggy\n"
    "versions = 3.0.0..3.0.99\n"
    "hazard = replace-silent\n"
    "outcome = library bug\n"
    "breaks = page(3): \"a sentence\"\n"
    "cites = report 42\n"
    "date = 2026-01-31\n"
    "signature = wrong-return/result/add\n";

ProcessResult check(std::vector<std::string> words) {
  Invocation invocation;
  invocation.words = {kProgram, "check", "--budget", "1000"};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  return run_program_in_shell(invocation);
}

TEST(Check, CleanExitsWithZero) {
  const ProcessResult result = check({"clean"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("seed 1, 1000 programs of 24 operations"));
}

TEST(Check, FindingExitsWithOne) {
  const ProcessResult result = check({"buggy"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("buggy: wrong-return [wrong-return/result/add]"));
}

TEST(Check, TargetThatDoesNotStartExitsWithThree) {
  const ProcessResult result = check({"broken"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("broken could not be run: the fake library is missing"));
}

TEST(Check, OneThatFailsToRunDoesNotStopTheOthers) {
  const ProcessResult result = check({"broken", "clean"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.out, HasSubstr("clean   FakeSSL"));
}

TEST(Check, FindingsGoBeforeWhatCouldNotRun) { EXPECT_EQ(check({"broken", "buggy"}).code, 1); }

TEST(Check, FailureOfItsOwnExitsWithFourUnlessSomethingWasFound) {
  const ProcessResult result = check({"fails", "broken"});
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.err, HasSubstr("fails: internal error: the fake engine fails"));
  EXPECT_EQ(check({"fails", "buggy"}).code, 1);
}

TEST(Check, WithoutLeavesCapabilitiesOutAndSaysSo) {
  const ProcessResult text = check({"clean", "--without", "connection,i2d"});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("operations without connection,i2d for each target"));
  const ProcessResult json = check({"clean", "--without", "connection", "--json", "-", "--quiet"});
  EXPECT_THAT(json.out, HasSubstr("\"without\": [\n    \"connection\"\n  ]"));
  EXPECT_THAT(check({"clean", "--json", "-", "--quiet"}).out, Not(HasSubstr("without")));
  const ProcessResult wrong = check({"clean", "--without", "conection"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'connection'?"));
}

TEST(Check, QuietPrintsFindingsAlone) {
  const ProcessResult clean = check({"clean", "--quiet"});
  EXPECT_THAT(clean.out, IsEmpty());
  EXPECT_THAT(clean.err, IsEmpty());
  EXPECT_THAT(check({"buggy", "--quiet"}).out, testing::StartsWith("\nbuggy: wrong-return"));
}

TEST(Check, NoProgressInAPipe) { EXPECT_THAT(check({"clean"}).err, Not(HasSubstr("\r"))); }

TEST(Baseline, HazardsOfKnownFindingsAreOnAndTheGatePasses) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("b.txt", kBaseline);
  const ProcessResult result = check({"buggy", "--baseline", path});
  EXPECT_EQ(result.code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("silent (library bug, 2026-01-31)"));
  EXPECT_THAT(result.out, HasSubstr("cites  report 42"));
}

TEST(Baseline, WithoutHazardsTheFindingAppearsAsKnownAndCounts) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("b.txt", kBaseline);
  const ProcessResult result = check({"buggy", "--baseline", path, "--hazards", "none"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("Known: silent"));
}

TEST(Baseline, AFindingThatShowsBehindTheHazardAsWellIsNotKnownByItsSignature) {
  const ScratchDirectory scratch;
  std::string other = kBaseline;
  const std::string hazard = "hazard = replace-silent";
  ASSERT_NE(other.find(hazard), other.npos);
  other.replace(other.find(hazard), hazard.size(), "hazard = two-caches");
  const std::string path = scratch.write("b.txt", other);
  const ProcessResult result = check({"buggy", "--baseline", path, "--hazards", "none"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, Not(HasSubstr("Known:")));
}

TEST(Baseline, MalformedOneNamesLineAndColumn) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("b.txt", "lastref-baseline 1\n[a]\nhazrd = x\n");
  const ProcessResult result = check({"buggy", "--baseline", path});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("b.txt:3:1: found 'hazrd'"));
  EXPECT_THAT(result.err, HasSubstr("did you mean 'hazard'?"));
}

TEST(Json, HoldsTheFindingAndRunComesLast) {
  const ScratchDirectory scratch;
  const std::string path = scratch.path() + "/out.json";
  EXPECT_EQ(check({"buggy", "--json", path}).code, 1);
  const auto json = nlohmann::ordered_json::parse(contents(path));
  EXPECT_EQ(json["target"], "buggy");
  EXPECT_EQ(json["findings"][0]["signature"], "wrong-return/result/add");
  EXPECT_EQ(std::prev(json.end()).key(), "run");
}

TEST(Json, ReplacesALongerFile) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("out.json", std::string(100000, 'x'));
  EXPECT_EQ(check({"clean", "--json", path}).code, 0);
  EXPECT_EQ(nlohmann::json::parse(contents(path))["findings"].size(), 0U);
}

TEST(Json, OfSeveralTargetsIsAnArray) {
  const ScratchDirectory scratch;
  const std::string path = scratch.path() + "/out.json";
  EXPECT_EQ(check({"clean", "broken", "--json", path}).code, 3);
  const auto json = nlohmann::json::parse(contents(path));
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[1]["could_not_run"], "the fake library is missing");
}

TEST(Json, DashTakesTheStandardOutput) {
  const ProcessResult result = check({"buggy", "--json", "-"});
  EXPECT_EQ(nlohmann::json::parse(result.out)["programs"], 1000);
  EXPECT_THAT(result.err, HasSubstr("wrong-return"));
}

TEST(Json, UnwritablePathIsRefusedBeforeTheWorkBegins) {
  const ProcessResult result = check({"slow", "--json", "/nonesuch/out.json"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("/nonesuch/out.json: found No such file or directory"));
}

TEST(Json, FullDiskIsNoticed) {
  const ProcessResult result = check({"clean", "--json", "/dev/full"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("/dev/full: found No space left on device"));
}

TEST(CtrlC, ReportsWhatWasDoneUntilThen) {
  Invocation invocation;
  invocation.words = {kProgram, "check", "slow", "clean"};
  invocation.interrupt_after_ms = 500;
  const ProcessResult result = run_program_in_shell(invocation);
  EXPECT_EQ(result.code, 130);
  EXPECT_THAT(result.out, HasSubstr("stopped early"));
  EXPECT_THAT(result.out, HasSubstr("slow: wrong-return"));
  EXPECT_THAT(result.out, Not(HasSubstr("clean   FakeSSL")));
}

TEST(Check, WritesTheTraceOfAFindingToTheDirectory) {
  const ScratchDirectory scratch;
  const std::string directory = scratch.path() + "/found";
  const ProcessResult result = check({"buggy", "--hazards", "none", "--reproducers", directory});
  EXPECT_EQ(result.code, 1) << result.err;
  const std::string trace = directory + "/buggy-wrong-return-result-add.trace";
  EXPECT_THAT(result.out, HasSubstr(trace));
  EXPECT_THAT(contents(trace), HasSubstr("add c0 s0"));
}

}  // namespace
}  // namespace lastref
