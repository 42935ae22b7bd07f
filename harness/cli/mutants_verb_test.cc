// `lastref mutants` with a fake engine, of which `quick` finds every bug, `slow` no leak, and
// `bare` has neither handshakes nor failures.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/cli/subprocess.h"
#include "harness/score/sheet.h"

namespace lastref {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kProgram = LASTREF_BINARY_DIR "/tests/harness/cli/lastref-fake";

class MutantsVerb : public ::testing::Test {
 protected:
  MutantsVerb() : folder_(testing::TempDir() + "mutants-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
    patch("a-crash", "crash");
    patch("a-leak", "leak");
  }
  ~MutantsVerb() override { std::filesystem::remove_all(folder_); }

  void patch(const std::string& name, const std::string& verdict) const {
    std::ofstream(folder_ / (name + ".patch"))
        << "name: " << name << "\nsource: lib/a.cc:1:2\nverdict: " << verdict
        << "\noperation: 2 add\n\ndiff --git\n";
  }

  ProcessResult mutants(std::vector<std::string> words) const {
    Invocation invocation;
    invocation.words = {kProgram, "mutants", "--patches", folder_.string(), "--seeds", seeds_};
    invocation.words.insert(invocation.words.end(), words.begin(), words.end());
    return run_program_in_shell(invocation);
  }

  std::string sheet() const { return (folder_ / "sheet.csv").string(); }
  std::string sheet_text() const {
    std::ifstream file(sheet());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
  std::string seeds_ = "2";
};

TEST_F(MutantsVerb, PrintsATableOfAllBugsAndEngines) {
  const ProcessResult result = mutants({});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("| a-crash | 2 of 2 | 15 [10, 20] |"));
  EXPECT_THAT(result.out, HasSubstr("| slow | 4 | 0 | - | 2 | 2 | 50.0 % | 1 of 2 | 1 of 2 | - |"));
  EXPECT_THAT(result.out, HasSubstr("with every seed: 100.0 % of 2 bugs\n"));
}

TEST_F(MutantsVerb, ABugThatNoEngineFoundIsAFindingUnlessTheThresholdAllowsIt) {
  EXPECT_EQ(mutants({"--engines", "slow"}).code, 1);
  EXPECT_EQ(mutants({"--engines", "slow", "--threshold", "50"}).code, 0);
}

TEST_F(MutantsVerb, AnEngineIsAskedForWhatThoseBeforeItDidNotFind) {
  const ProcessResult result = mutants({"--engines", "slow,quick", "--until-found"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("| slow | 4 | "));
  EXPECT_THAT(result.out, HasSubstr("| quick | 2 | "));
}

TEST_F(MutantsVerb, AFalseAlarmOnTheCodeAsItIsIsAFindingWhateverTheThreshold) {
  const ProcessResult quiet = mutants({"--engines", "quick"});
  EXPECT_THAT(quiet.out, HasSubstr("false alarms on the code as it is, in 60 programs and 2 s of "
                                   "the same engines and seeds: 0\n  - quick: 0 in 60 programs "));
  seeds_ = "3";
  const ProcessResult loud = mutants({"--engines", "quick", "--threshold", "0"});
  EXPECT_EQ(loud.code, 1);
  EXPECT_THAT(loud.out, HasSubstr("- false alarm of quick, seed 3\n"));
}

TEST_F(MutantsVerb, WhatIsEquivalentIsScoredApartAndMayNotBeFound) {
  const std::string equivalents = (folder_ / "equivalents").string();
  std::ofstream(equivalents) << "a-leak: nobody can tell\n";
  const ProcessResult apart = mutants({"--engines", "slow", "--equivalents", equivalents});
  EXPECT_EQ(apart.code, 0) << apart.out;
  EXPECT_THAT(apart.out,
              HasSubstr("50.0 % of 2 bugs\n- without 1 that are equivalent: 100.0 % of"));
  EXPECT_THAT(apart.out, HasSubstr("| a-leak | lib/a.cc:1:2 |  | not known | nobody can tell |"));
  const ProcessResult found = mutants({"--engines", "quick", "--equivalents", equivalents});
  EXPECT_EQ(found.code, 1);
  EXPECT_THAT(found.out, HasSubstr("- a-leak is said to be equivalent, and quick found it\n"));
  std::ofstream(equivalents) << "gone: nobody can tell\n";
  EXPECT_EQ(mutants({"--equivalents", equivalents}).code, 2);
}

TEST_F(MutantsVerb, MakesOnlyTheSearchesThatAreNotOnTheSheet) {
  // Of the first row only this tells where it comes from; the last is what a stopped run left.
  std::ofstream(sheet()) << score_header() << "a-crash,quick,1,1,7777,0.1,1,1,4\na-crash,qu";
  const ProcessResult result = mutants({"--sheet", sheet(), "--engines", "quick"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(sheet_text(), score_header() +
                              "a-crash,quick,1,1,7777,0.1,1,1,4\n"
                              "a-crash,quick,2,1,20,0.500000,0,-,0\n"
                              "a-leak,quick,1,1,10,0.500000,0,-,0\n"
                              "a-leak,quick,2,1,20,0.500000,0,-,0\n"
                              "none,quick,1,0,7787,1.000000,0,-,0\n"
                              "none,quick,2,0,40,1.000000,0,-,0\n");
  EXPECT_THAT(result.out, HasSubstr("[20, 7777]"));
}

TEST_F(MutantsVerb, AnEngineWhoseProgramsCannotShowABugIsLeftOutAndOneOfAFixedListSearchesOnce) {
  std::ofstream(folder_ / "a-leak.trace")
      << "lastref 1\nc0 = ctx_new\nn0 = ssl_new c0\nn1 = ssl_new c0\nhandshake n0 n1 complete\n";
  const ProcessResult result =
      mutants({"--engines", "bare,quick", "--traces", folder_.string(), "--sheet", sheet()});
  EXPECT_EQ(result.code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("| a-leak | left out |  |  | 2 of 2 |"));
  EXPECT_THAT(result.out, HasSubstr("| a-crash | 1 of 1 |"));
  EXPECT_THAT(sheet_text(), Not(HasSubstr("a-leak,bare")));
}

TEST_F(MutantsVerb, APageOfTheSheetAloneIsMadeWithoutASearch) {
  const std::string rows = score_header() + "a-crash,slow,2,1,7777,0.100000,1,1,4\n";
  std::ofstream(sheet()) << rows;
  const ProcessResult result = mutants({"--sheet", sheet(), "--sheet-only", "--threshold", "50"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("| a-crash | 1 of 1 | 7777 [7777, 7777] |"));
  EXPECT_EQ(sheet_text(), rows);
  EXPECT_EQ(mutants({"--sheet-only"}).code, 2);
}

TEST_F(MutantsVerb, WrongWordsAreWrongUsage) {
  EXPECT_THAT(mutants({"--engines", "quik"}).err, HasSubstr("expected one of quick, slow"));
  EXPECT_THAT(mutants({"a-leek"}).err, HasSubstr("a-leak"));
  EXPECT_EQ(mutants({"--patches", "/nowhere"}).code, 2);
  patch("bad", "leek");
  const ProcessResult result = mutants({});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("bad.patch: verdict: found 'leek'"));
}

TEST_F(MutantsVerb, ASheetThatIsNoneIsNotWrittenTo) {
  std::ofstream(sheet()) << "something else\n";
  const ProcessResult result = mutants({"--sheet", sheet()});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("sheet.csv:1:1: found 'something else'"));
  EXPECT_EQ(sheet_text(), "something else\n");
}

TEST_F(MutantsVerb, KeepsWhatWasFoundBeforeAnAdapterDidNotStart) {
  patch("broken", "leak");
  const ProcessResult result = mutants({"--sheet", sheet(), "--engines", "quick"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("broken: it is broken"));
  EXPECT_THAT(sheet_text(), HasSubstr("a-leak,quick,2,"));
}

TEST_F(MutantsVerb, WhatMayShowInAnyWayShowsWhenItsAdapterDoesNotStart) {
  patch("broken", "any");
  std::ofstream(folder_ / "lastref-target-mutant-broken.so") << "there";
  const ProcessResult result =
      mutants({"broken", "--adapters", folder_.string(), "--engines", "slow"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("| broken | 2 of 2 |"));
}

TEST_F(MutantsVerb, LooksForEachKnownFindingOfATargetWithTheOthersGoneRound) {
  const std::string baseline = (folder_ / "known.txt").string();
  const std::string entry =
      "target = clean\nversions = 3.0.0..3.0.99\noutcome = library bug\nbreaks = a sentence\n"
      "cites = somewhere\ndate = 2026-11-25\n";
  const std::string one = "\n[a-bug]\n" + entry +
                          "hazard = rekey-cached\nsignature = crash/signal/add\n"
                          "signature = leak/missing-death/free\n";
  std::ofstream(baseline) << "lastref-baseline 1\n" << one;
  const ProcessResult alone = mutants({"--known", "clean", "--baseline", baseline});
  EXPECT_EQ(alone.code, 0) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("| a-bug | 2 of 2 |"));
  EXPECT_THAT(alone.out, HasSubstr("| quick | 2 | 0 | - |"));
  std::ofstream(baseline) << "lastref-baseline 1\n"
                          << one << "\n[b-bug]\n"
                          << entry
                          << "hazard = replace-silent\nsignature = leak/missing-death/add\n";
  const ProcessResult both = mutants({"--known", "clean", "--baseline", baseline});
  EXPECT_THAT(both.out, HasSubstr("| b-bug | 2 of 2 |"));
  EXPECT_THAT(both.out, HasSubstr("| quick | 4 | 0 | 4 |"));
  std::ofstream(baseline, std::ios::app) << "behind = a-bug\n";
  const ProcessResult behind = mutants({"--known", "clean", "--baseline", baseline});
  EXPECT_THAT(behind.out, HasSubstr("| quick | 4 | 0 | - |")) << "b-bug goes round nothing";
}

}  // namespace
}  // namespace lastref
