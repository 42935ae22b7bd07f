// The command with a fake engine: usage, errors, exit codes.

#include "harness/cli/command_line.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/tests/harness/cli/lastref-fake";

ProcessResult lastref(std::vector<std::string> words, const std::string& input = "") {
  Invocation invocation;
  invocation.words = {kProgram};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  invocation.input = input;
  return run_program_in_shell(invocation);
}

void expect_usage(std::vector<std::string> words, const std::string& message) {
  const ProcessResult result = lastref(std::move(words));
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_THAT(result.err, HasSubstr(message));
  EXPECT_THAT(result.err, StartsWith("lastref: "));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(Help, PrintsTheVerbsAndTheExitCodes) {
  const ProcessResult result = lastref({"--help"});
  EXPECT_EQ(result.code, 0);
  for (const char* verb :
       {"check", "run", "shrink", "targets", "operations", "format", "contract", "build-adapter"}) {
    EXPECT_THAT(result.out, HasSubstr(fmt::format("\n  {} ", verb)));
  }
  EXPECT_THAT(result.out, HasSubstr("130  stopped by Ctrl-C"));
}

TEST(Help, EachVerbHasItsOwn) {
  for (const char* verb :
       {"check", "run", "shrink", "targets", "operations", "format", "contract", "build-adapter"}) {
    const ProcessResult result = lastref({verb, "--help"});
    EXPECT_EQ(result.code, 0) << verb;
    EXPECT_THAT(result.out, HasSubstr("Usage: ")) << verb;
  }
}

TEST(Version, IsPrinted) {
  const ProcessResult result = lastref({"--version"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "lastref 0.0.0-fake\n");
}

TEST(Usage, WithoutAVerb) { expect_usage({}, "--help"); }

TEST(Usage, UnknownVerbGetsTheNearest) { expect_usage({"chek"}, "did you mean 'check'?"); }

TEST(Usage, UnknownVerbThatIsNearNothingGetsTheList) {
  expect_usage({"xyzzy"}, "the verbs are check, explore");
}

TEST(Usage, UnknownOptionGetsTheNearest) {
  expect_usage({"check", "clean", "--bugdet=3"}, "did you mean '--budget'?");
}

TEST(Usage, UnknownOptionOfTheProgram) { expect_usage({"--frobnicate"}, "--help"); }

TEST(Usage, SurplusWord) { expect_usage({"targets", "openssl"}, "found 'openssl'"); }

TEST(Usage, MissingTarget) { expect_usage({"check"}, "TARGET"); }

TEST(Usage, UnknownTargetGetsTheNearest) {
  expect_usage({"check", "claen"}, "found 'claen', expected a target; did you mean 'clean'?");
}

TEST(Usage, UnknownTargetStopsTheOthersBeforeTheyRun) {
  expect_usage({"check", "clean", "nonesuch"}, "found 'nonesuch'");
}

TEST(Usage, AdapterThatIsNotThere) {
  expect_usage({"check", "./nonesuch.so"}, "./nonesuch.so: found No such file or directory");
}

TEST(Usage, AbsurdNumbers) {
  expect_usage({"check", "clean", "--budget", "0"}, "--budget: found '0'");
  expect_usage({"check", "clean", "--budget=-5"}, "--budget: found '-5'");
  expect_usage({"check", "clean", "--budget", "99999999999999999999999"}, "at most");
  expect_usage({"check", "clean", "--budget", "ten"}, "--budget: found 'ten'");
  expect_usage({"check", "clean", "--seed", "18446744073709551616"}, "--seed: found");
  expect_usage({"check", "clean", "--seed=-1"}, "--seed: found '-1'");
  expect_usage({"check", "clean", "--jobs", "10000"}, "--jobs: found '10000'");
  expect_usage({"check", "clean", "--jobs", "0"}, "--jobs: found '0'");
  expect_usage({"check", "clean", "--operations", "97"}, "--operations: found '97'");
}

TEST(Usage, LargestSeedIsOne) {
  EXPECT_EQ(lastref({"check", "clean", "--seed", "18446744073709551615"}).code, 0);
}

TEST(Usage, UnknownHazardGetsTheNearest) {
  expect_usage({"check", "clean", "--hazards", "rekey-cahced"}, "did you mean 'rekey-cached'?");
}

TEST(Usage, MisspeltBaselineFile) {
  expect_usage({"check", "clean", "--baseline", "/nonesuch"}, "/nonesuch: found No such file");
}

TEST(InternalError, SaysSoAndHowToReport) {
  const ProcessResult result = lastref({"check", "throws"});
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.err, HasSubstr("internal error: the fake engine throws"));
  EXPECT_THAT(result.err, HasSubstr("please report"));
}

TEST(FullDisk, OfTheStandardOutputIsNoticed) {
  Invocation invocation;
  invocation.words = {kProgram, "operations"};
  invocation.output_path = "/dev/full";
  const ProcessResult result = run_program_in_shell(invocation);
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("the standard output: found No space left on device"));
}

TEST(Targets, AreListedWithTheirVersions) {
  const ProcessResult result = lastref({"targets"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("clean    FakeSSL 3.0.22 25 Aug 2026\n"));
  EXPECT_THAT(result.out, HasSubstr("broken   cannot be started: the fake library is missing\n"));
}

TEST(Contract, NamesEachSwitchWithItsSource) {
  const ProcessResult result = lastref({"contract", "clean"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("cache-capacity = one-less  (default: exact)\n"));
  EXPECT_THAT(result.out, HasSubstr("new-timeout = 304\n"));
  EXPECT_THAT(result.out, HasSubstr("SSL_CTX_sess_set_cache_size(3)"));
}

TEST(Contract, OfATargetThatDoesNotStart) {
  const ProcessResult result = lastref({"contract", "broken"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("broken: the fake library is missing"));
}

TEST(Format, PrintsTheCanonicalForm) {
  const ProcessResult result = lastref({"format", "-"}, "lastref   1\n\ns0=new  # one\n");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "lastref 1\n\ns0 = new  # one\n");
}

TEST(Format, MalformedTraceNamesLineAndColumn) {
  const ProcessResult result = lastref({"format", "-"}, "lastref 1\ns0 = new\nfre s0\n");
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("standard input:3:1: found 'fre'"));
  EXPECT_THAT(result.err, HasSubstr("did you mean 'free'?"));
}

TEST(Format, CheckNamesTheFilesThatAreNot) {
  const ScratchDirectory scratch;
  scratch.write("good.trace", "lastref 1\ns0 = new\n");
  scratch.write("bad.trace", "lastref 1\ns0=new\n");
  const ProcessResult result = lastref({"format", "--check", scratch.path()});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("bad.trace: not in canonical form"));
  EXPECT_THAT(result.out, testing::Not(HasSubstr("good.trace")));
}

TEST(Format, WriteChangesTheFileAndKeepsItsComments) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("a.trace", "# why\nlastref 1\ns0=new\n");
  EXPECT_EQ(lastref({"format", "--write", path}).code, 0);
  EXPECT_EQ(contents(path), "# why\nlastref 1\ns0 = new\n");
}

TEST(Format, CheckAndWriteExcludeEachOther) {
  expect_usage({"format", "--check", "--write", "-"}, "--write");
}

TEST(Operations, PrintsTheManual) {
  const ProcessResult result = lastref({"operations"});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("SSL_SESSION_up_ref"));
}

}  // namespace
}  // namespace lastref
