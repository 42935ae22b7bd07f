#include "harness/generate/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include "harness/generate/explanation.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

const char* const kFaulty =
    LASTREF_BINARY_DIR "/tests/harness/execute/adapters/lastref-target-faulty.so";

class CheckTest : public ::testing::Test {
 protected:
  CheckTest() {
    options_.target = kFaulty;
    options_.budget.programs = 1000;
  }
  ~CheckTest() override { unsetenv("LASTREF_TEST_FAULT"); }
  static void fault(const char* name) { setenv("LASTREF_TEST_FAULT", name, 1); }

  // Everything that two runs must agree on.
  static std::string deterministic(const CheckReport& report) {
    std::string text = std::to_string(report.programs) + " " + std::to_string(report.verdicts);
    for (const Finding& finding : report.findings) {
      text += "\n" + lastref::text(signature(finding.symptoms.cause())) + " " +
              std::to_string(finding.index) + " " + std::to_string(finding.occurrences) + "\n" +
              print_trace(finding.program) + print_trace(finding.original);
    }
    return text;
  }

  CheckOptions options_;
};

// Of two programs the first was seen to fail in the search alone.
TEST_F(CheckTest, AFindingIsOfTheFirstProgramThatFailsInAFreshProcessToo) {
  fault("early-free");
  Replay replay(kFaulty, Hazards{});
  ASSERT_EQ(replay.start(), "");
  VerdictGroups groups;
  for (const std::uint64_t index : {9U, 4U, 9U}) {
    groups.add({Verdict::kEarlyFree, Discrepancy::kUnexpectedDeath, Op::SESSION_FREE}, index);
  }
  const auto explained = [&](std::uint64_t failing) {
    ExplanationOptions options;
    options.program_of = [failing](std::uint64_t index, Program& program) {
      const char* const lines =
          index == failing ? "lastref 1\ns0 = new\nup_ref s0\nfree s0\n" : "lastref 1\ns0 = new\n";
      program = std::get<Program>(parse_trace(lines));
      return true;
    };
    return explain(groups, replay, options);
  };
  const Explanation second = explained(9);
  ASSERT_EQ(second.findings.size(), 1U);
  EXPECT_EQ(second.findings[0].index, 9U);
  EXPECT_EQ(second.findings[0].occurrences, 3U);
  EXPECT_TRUE(second.unreproduced.empty());
  const Explanation none = explained(5);
  ASSERT_EQ(none.unreproduced.size(), 1U);
  EXPECT_EQ(none.unreproduced[0].index, 4U);
}

TEST_F(CheckTest, ASoundTargetHasNoFindings) {
  const CheckReport report = check(options_);
  EXPECT_EQ(report.could_not_run, "");
  EXPECT_EQ(report.programs, 1000U);
  EXPECT_THAT(report.findings, ::testing::IsEmpty());
  EXPECT_THAT(report.unreproduced, ::testing::IsEmpty());
}

TEST_F(CheckTest, FindsAMissingReferenceAndShrinksItToTwoOperations) {
  fault("early-free");
  options_.budget.programs = 20;
  const CheckReport report = check(options_);
  const auto found =
      std::find_if(report.findings.begin(), report.findings.end(), [](const Finding& finding) {
        return text(signature(finding.symptoms.cause())) == "early-free/unexpected-death/free";
      });
  ASSERT_NE(found, report.findings.end());
  // The first free, of two that the teardown owes, destroys.
  EXPECT_EQ(print_trace(found->program), "lastref 1\ns0 = new\nup_ref s0\n");
  EXPECT_GT(found->occurrences, 1U);
}

TEST_F(CheckTest, SurvivesATargetThatCrashesAgainAndAgain) {
  fault("abort");
  const CheckReport report = check(options_);
  EXPECT_EQ(report.programs, 1000U);
  EXPECT_GT(report.verdicts, 300U);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().program.size, 2);
  for (const Finding& finding : report.findings) {  // in an up_ref, or in a callback's body
    EXPECT_EQ(finding.symptoms.cause().verdict, Verdict::kCrash);
  }
}

TEST_F(CheckTest, ReportsTheSameForOneAndForTwoJobs) {
  fault("wrong-callback");
  options_.budget.programs = 4500;  // more than one chunk of the supervisor's
  const std::string one = deterministic(check(options_));
  options_.jobs = 2;
  EXPECT_EQ(deterministic(check(options_)), one);
}

TEST_F(CheckTest, AnotherSeedIsAnotherRun) {
  fault("early-free");
  options_.budget.programs = 10;
  const std::string one = deterministic(check(options_));
  options_.seed = 2;
  EXPECT_NE(deterministic(check(options_)), one);
}

TEST_F(CheckTest, ARunFromAProgramOnMeetsItAgainUnderItsNumber) {
  fault("abort");
  const CheckReport whole = check(options_);
  ASSERT_FALSE(whole.findings.empty());
  const Finding& last = whole.findings.back();
  ASSERT_GT(last.index, 0U);
  options_.first = last.index;
  options_.budget.programs = 1;
  const CheckReport one = check(options_);
  ASSERT_EQ(one.findings.size(), 1U);
  EXPECT_EQ(one.findings[0].index, last.index);
  EXPECT_EQ(print_trace(one.findings[0].original), print_trace(last.original));
}

TEST_F(CheckTest, WhatIsNotSeenAgainIsToldAsTheSearchSawIt) {
  fault("early-free-late");
  const CheckReport report = check(options_);
  EXPECT_TRUE(report.findings.empty());
  ASSERT_FALSE(report.unreproduced.empty());
  const Finding& doubted = report.unreproduced[0];
  EXPECT_FALSE(doubted.reproduced);
  const Symptom& cause = doubted.symptoms.cause();
  EXPECT_EQ(cause.what, Discrepancy::kUnexpectedDeath);
  EXPECT_GT(cause.operation, 0) << "it shows where the session dies, not at the first operation";
  EXPECT_NE(cause.subject, kNoSubject);
}

TEST_F(CheckTest, StopsEarlyWhenToldTo) {
  options_.budget.programs = 100'000'000;
  options_.progress = [](const CheckProgress&) { return false; };
  const CheckReport report = check(options_);
  EXPECT_TRUE(report.stopped);
  EXPECT_LT(report.programs, 100'000'000U);
}

TEST_F(CheckTest, ATimeBudgetEnds) {
  options_.budget.programs = 0;
  options_.budget.seconds = 0.3;
  const CheckReport report = check(options_);
  EXPECT_GT(report.programs, 0U);
  EXPECT_LT(report.seconds, 20);
}

TEST_F(CheckTest, ATargetThatIsNotThereCannotBeRun) {
  options_.target = "./no-such-target.so";
  EXPECT_THAT(check(options_).could_not_run, ::testing::HasSubstr("no-such-target"));
}

TEST_F(CheckTest, AWrittenMisuseProgramIsNamedAndNotChargedToTheTarget) {
  const auto parsed = parse_trace("lastref 1\ns0 = new\nfree s0\nfree s0\n");
  const ProgramReport report = run_program(kFaulty, std::get<Program>(parsed), Hazards{});
  EXPECT_EQ(report.illegal_operation, 2);
  EXPECT_EQ(report.misuse_verdict, Verdict::kDoubleFree);
}

TEST_F(CheckTest, SaysWhatATargetLacks) {
  const auto parsed = parse_trace("lastref 1\nc0 = ctx_new\nset_protocol c0 tls1.3\n");
  const ProgramReport report = run_program(kFaulty, std::get<Program>(parsed), Hazards{});
  EXPECT_THAT(report.lacks, ::testing::ElementsAre("set_protocol (capability TLS13)"));
}

TEST_F(CheckTest, LeavesATraceToTargetsOfItsContract) {
  const auto parsed = parse_trace("lastref 1\ncontract one-context=free\ns0 = new\n");
  const ProgramReport report = run_program(kFaulty, std::get<Program>(parsed), Hazards{});
  EXPECT_THAT(report.lacks, ::testing::ElementsAre("contract one-context=free"));
}

TEST_F(CheckTest, ShrinksAWrittenProgram) {
  fault("early-free");
  const auto parsed = parse_trace(
      "lastref 1\nc0 = ctx_new\ns3 = new\nset_timeout s3 1\nup_ref s3\nadd c0 s3\nremove c0 s3\n"
      "free s3\nfree s3\n");
  const ShrinkReport report = shrink_program(kFaulty, std::get<Program>(parsed), Hazards{}, {});
  EXPECT_EQ(print_trace(report.program), "lastref 1\ns0 = new\nup_ref s0\n");
}

}  // namespace
}  // namespace lastref
