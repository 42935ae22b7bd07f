// `lastref run` and `lastref shrink` with a fake engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/cli/subprocess.h"

namespace lastref {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/tests/harness/cli/lastref-fake";
constexpr const char* kLegal = "lastref 1\ns0 = new\n";
constexpr const char* kMisuse = "lastref 1\ns0 = new\nfree s0\nfree s0\n";
constexpr const char* kDeclared =
    "lastref 1\nmisuse double-free at 3\ns0 = new\nfree s0\nfree s0\n";
constexpr const char* kFalselyDeclared = "lastref 1\nmisuse double-free at 2\ns0 = new\nfree s0\n";

ProcessResult lastref(std::vector<std::string> words, const std::string& input) {
  Invocation invocation;
  invocation.words = {kProgram};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  invocation.input = input;
  return run_program_in_shell(invocation);
}

TEST(Run, CleanTrace) {
  const ProcessResult result = lastref({"run", "-", "--target", "clean"}, kLegal);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "standard input on clean (FakeSSL 3.0.22 25 Aug 2026): clean\n");
}

TEST(Run, FindingOnOneOfTwoTargets) {
  const ProcessResult result =
      lastref({"run", "-", "--target", "clean", "--target", "buggy"}, kLegal);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("on clean (FakeSSL 3.0.22 25 Aug 2026): clean\n"));
  EXPECT_THAT(result.out, HasSubstr("on buggy (FakeSSL 3.0.22 25 Aug 2026): wrong-return\n"));
}

TEST(Run, UndeclaredMisuseIsAFinding) {
  const ProcessResult result = lastref({"run", "-", "--target", "clean"}, kMisuse);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("breaks a rule at operation 3 (free s0)"));
  EXPECT_THAT(result.out, HasSubstr("no bug of the library"));
}

TEST(Run, IsJudgedByTheContractThatTheCommandLineNames) {
  const std::string trace =
      "lastref 1\nc0 = ctx_new\nc1 = ctx_new\ns0 = new\nadd c0 s0\nremove c0 s0\nadd c1 s0\n";
  EXPECT_EQ(lastref({"run", "-", "--target", "clean"}, trace).code, 1);
  EXPECT_EQ(
      lastref({"run", "-", "--target", "clean", "--contract", "one-context=free"}, trace).code, 0);
  EXPECT_EQ(
      lastref({"run", "-", "--target", "clean", "--contract", "one-context=never"}, trace).code, 2);
}

TEST(Run, DeclaredMisuseIsNone) {
  EXPECT_EQ(lastref({"run", "-", "--target", "clean"}, kDeclared).code, 0);
}

TEST(Run, MisuseDeclaredWhereThereIsNoneIsAFinding) {
  const ProcessResult result = lastref({"run", "-", "--target", "clean"}, kFalselyDeclared);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("The trace declares double-free"));
}

TEST(Run, MisuseDeclaredElsewhereIsAFinding) {
  const ProcessResult result =
      lastref({"run", "-", "--target", "clean"},
              "lastref 1\nmisuse double-free at 2\ns0 = new\nfree s0\nfree s0\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("The trace declares double-free at operation 2; the first rule "
                                    "broken is double-free at operation 3.\n"));
}

TEST(Run, WhatLiesBehindAKnownBugIsNotJudged) {
  const std::string rekeyed =
      "lastref 1\nc0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nset_id s0 id_b\n";
  const ProcessResult result =
      lastref({"run", "-", "--target", "clean", "--hazards", "rekey-cached"}, rekeyed);
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("on clean (FakeSSL 3.0.22 25 Aug 2026): not judged\n"));
  EXPECT_THAT(result.out, HasSubstr("operation 5 (set_id s0 id_b)"));
  EXPECT_EQ(lastref({"run", "-", "--target", "buggy"}, rekeyed).code, 1);
}

TEST(Run, WhatIsBeyondTheModelCouldNotBeRun) {
  const ProcessResult result =
      lastref({"run", "-", "--target", "clean", "--quiet"},
              "lastref 1\nc0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\ns0 = new\n"
              "set_id s0 id_a\nset_session n0 s0\nhandshake n0 n1 complete\n");
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.out, HasSubstr("not judged"));
}

TEST(Run, TargetThatLacksWhatTheTraceNeeds) {
  const ProcessResult result = lastref({"run", "-", "--target", "lacking"}, kLegal);
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.out, HasSubstr("left out, the target has no SESSION"));
}

TEST(Run, TargetThatDoesNotStartDoesNotStopTheOthers) {
  const ProcessResult result =
      lastref({"run", "-", "--target", "broken", "--target", "clean"}, kLegal);
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.out, HasSubstr("on clean"));
}

TEST(Run, FailureOfItsOwnExitsWithFour) {
  const ProcessResult result = lastref({"run", "-", "--target", "fails"}, kLegal);
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.err, HasSubstr("on fails: internal error: the fake engine fails"));
  EXPECT_EQ(lastref({"shrink", "-", "--target", "fails"}, kLegal).code, 4);
}

TEST(Run, MalformedTraceRunsNothing) {
  const ProcessResult result = lastref({"run", "-", "--target", "clean"}, "lastref 1\ns0 = nw\n");
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("standard input:2:6: found 'nw'"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(Run, EmptyAndBinaryInputAreErrors) {
  EXPECT_EQ(lastref({"run", "-", "--target", "clean"}, "").code, 2);
  EXPECT_EQ(lastref({"run", "-", "--target", "clean"}, std::string("\0\xff\x80", 3)).code, 2);
}

TEST(Run, FileThatIsNotThereAndDirectoryWithoutTraces) {
  const ScratchDirectory scratch;
  EXPECT_THAT(lastref({"run", scratch.path() + "/x.trace", "--target", "clean"}, "").err,
              HasSubstr("x.trace: found No such file or directory"));
  const ProcessResult empty = lastref({"run", scratch.path(), "--target", "clean"}, "");
  EXPECT_EQ(empty.code, 2);
  EXPECT_THAT(empty.err, HasSubstr("without any *.trace"));
}

TEST(Run, DirectoryMeansItsTraces) {
  const ScratchDirectory scratch;
  scratch.write("b.trace", kLegal);
  scratch.write("a.trace", kLegal);
  scratch.write("notes.txt", "none");
  const ProcessResult result = lastref({"run", scratch.path(), "--target", "clean"}, "");
  EXPECT_EQ(result.code, 0);
  EXPECT_LT(result.out.find("a.trace"), result.out.find("b.trace"));
  EXPECT_EQ(result.out.find("notes"), std::string::npos);
}

TEST(Run, QuietPrintsFindingsAlone) {
  EXPECT_THAT(lastref({"run", "-", "--target", "clean", "--quiet"}, kLegal).out, IsEmpty());
}

TEST(Shrink, WritesTheTrace) {
  const ProcessResult result = lastref({"shrink", "-", "--target", "buggy"}, kLegal);
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "lastref 1\nc0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\n");
}

TEST(Shrink, CleanTraceLeavesNoFile) {
  const ScratchDirectory scratch;
  const std::string path = scratch.path() + "/small.trace";
  const ProcessResult result = lastref({"shrink", "-", "--target", "clean", "-o", path}, kLegal);
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.err, HasSubstr("nothing to shrink"));
  EXPECT_EQ(contents(path), "");
  EXPECT_NE(access(path.c_str(), F_OK), 0);
}

TEST(Shrink, OutputFileIsKeptWhenThereIsNothingToWrite) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("small.trace", "precious");
  EXPECT_EQ(lastref({"shrink", "-", "--target", "clean", "-o", path}, kLegal).code, 0);
  EXPECT_EQ(contents(path), "precious");
}

TEST(Shrink, FullDiskIsNoticed) {
  EXPECT_EQ(lastref({"shrink", "-", "--target", "buggy", "-o", "/dev/full"}, kLegal).code, 3);
}

TEST(Reproduce, WritesCInTheDialectThatIsNamed) {
  const ProcessResult result =
      lastref({"reproduce", "-", "--target", "clean", "--dialect", "openssl"}, kLegal);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("s0 = born(SSL_SESSION_new());"));
  EXPECT_THAT(result.err, HasSubstr("the C program shows nothing"));
}

TEST(Reproduce, NamesTheDialectsWhereTheTargetHasNone) {
  const ProcessResult result = lastref({"reproduce", "-", "--target", "clean"}, kLegal);
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("boringssl, gnutls, mbedtls, openssl, reference, wolfssl"));
  const ProcessResult near =
      lastref({"reproduce", "-", "--target", "clean", "--dialect", "opensl"}, kLegal);
  EXPECT_EQ(near.code, 2);
  EXPECT_THAT(near.err, HasSubstr("did you mean 'openssl'"));
}

TEST(Reproduce, TargetThatCannotBeStarted) {
  const ProcessResult result =
      lastref({"reproduce", "-", "--target", "broken", "--dialect", "openssl"}, kLegal);
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("the fake library is missing"));
}

}  // namespace
}  // namespace lastref
