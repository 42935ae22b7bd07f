#include "harness/report/text_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/report/fixtures.h"

namespace lastref {
namespace {

class EveryVerdict : public testing::TestWithParam<int> {};

TEST_P(EveryVerdict, HasARendering) {
  const auto verdict = static_cast<Verdict>(GetParam());
  const Finding finding = finding_with(verdict);
  if (verdict != Verdict::kNone) {
    ASSERT_EQ(finding.symptoms.cause().verdict, verdict);
  }
  expect_golden(std::string(name(verdict)) + ".txt", finding_text(finding, Contract()));
}

INSTANTIATE_TEST_SUITE_P(TextReport, EveryVerdict, testing::Range(0, kVerdictCount),
                         [](const auto& row) {
                           std::string text(name(static_cast<Verdict>(row.param)));
                           std::erase(text, '-');
                           return text;
                         });

TEST(FindingText, KnownOnesNameTheirEntry) {
  Finding finding = finding_with(Verdict::kWrongCallback);
  finding.known = "replace-silent";
  expect_golden("known.txt", finding_text(finding, Contract()));
}

TEST(FindingText, OnesThatWereNotSeenAgainSaySo) {
  Finding finding = finding_with(Verdict::kLeak);
  finding.reproduced = false;
  EXPECT_THAT(finding_text(finding, Contract()), testing::HasSubstr("it convicts nobody"));
}

TEST(FindingText, AnOperationInWhichSomethingFailsIsToldInTheOrderInWhichItWasSeen) {
  Finding finding = finding_with(Verdict::kEarlyFree);
  finding.program = program_of(
      "c0 = ctx_new\non_new c0 keep\nn0 = ssl_new c0\nn1 = ssl_new c0\ns0 = new\n"
      "fail_alloc 3+: handshake n0 n1 complete\n");
  finding.symptoms = {};
  finding.symptoms.add(symptom_of(Discrepancy::kUnexpectedDeath, 5, Op::HANDSHAKE, 0, 1, 0));
  finding.struck = struck_handshake(6);
  expect_golden("struck.txt", finding_text(finding, Contract()));
}

TEST(FindingText, AnOperationThatTheTargetDidNotEndSaysSo) {
  Finding finding = finding_with(Verdict::kCrash);
  finding.struck.operation.begin(6, FaultKind::kLock);
  finding.struck.operation.refuse(0);
  const std::string text = finding_text(finding, Contract());
  EXPECT_THAT(text, testing::HasSubstr("  !   a request for a lock fails\n"
                                       "      it did not come to its end\n"));
}

TEST(FindingText, SymptomsBeyondTheBoundAreCounted) {
  Finding finding = finding_with(Verdict::kLeak);
  while (finding.symptoms.count < Symptoms::kMax + 2) {
    finding.symptoms.add(symptom_of(Discrepancy::kBlocks, 7, Op::CONTEXT_FREE));
  }
  EXPECT_THAT(finding_text(finding, Contract()), testing::HasSubstr("    and 2 more\n"));
}

RunOutcome outcome(const std::string& operations) {
  RunOutcome made;
  made.trace = "a.trace";
  made.target = "openssl";
  made.program = program_of(operations);
  made.report.version = "OpenSSL 3.0.22 25 Aug 2026";
  return made;
}

TEST(RunText, Clean) {
  EXPECT_EQ(run_text(outcome("s0 = new\n"), Contract()),
            "a.trace on openssl (OpenSSL 3.0.22 25 Aug 2026): clean\n");
}

TEST(RunText, Finding) {
  RunOutcome made = outcome("s0 = new\nset_time s0 1\n");
  made.report.symptoms = finding_with(Verdict::kWrongReturn).symptoms;
  expect_golden("run_finding.txt", run_text(made, Contract()));
}

TEST(RunText, MisuseNamesTheRuleAndItsConsequences) {
  RunOutcome made = outcome(
      "misuse double-free at 6\nc0 = ctx_new\ns0 = new\nset_id s0 id_a\nadd c0 s0\nfree s0\n"
      "free s0\nflush c0 0\n");
  made.report.illegal_operation = 5;
  made.report.illegal_reason = "frees a reference that was given back before";
  made.report.misuse_verdict = Verdict::kDoubleFree;
  made.report.symptoms.add(symptom_of(Discrepancy::kUnexpectedDeath, 5, Op::SESSION_FREE, 0, 1, 0));
  made.report.symptoms.add(
      symptom_of(Discrepancy::kTimeUsedUp, 6, Op::CACHE_FLUSH, kNoSubject, 0, 2000));
  expect_golden("run_misuse.txt", run_text(made, Contract()));
}

TEST(RunText, MisuseWithoutConsequences) {
  RunOutcome made = outcome("s0 = new\nfree s0\nfree s0\n");
  made.report.illegal_operation = 2;
  made.report.illegal_reason = "frees a reference that was given back before";
  EXPECT_THAT(run_text(made, Contract()), testing::HasSubstr("Consequences: none was seen"));
}

}  // namespace
}  // namespace lastref
