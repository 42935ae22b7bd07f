#include "harness/report/summary_table.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/report/fixtures.h"

namespace lastref {
namespace {

TEST(SummaryTable, OneRowForEachTarget) {
  std::vector<CheckReport> reports(3);
  reports[0].target = "reference";
  reports[0].version = "lastref 0.1.0";
  reports[0].programs = 1'000'000;
  reports[0].operations = 24'000'000;
  reports[1].target = "openssl";
  reports[1].version = "OpenSSL 3.0.22 25 Aug 2026";
  reports[1].programs = 500;
  reports[1].operations = 12'000;
  reports[1].findings = {finding_with(Verdict::kLeak), finding_with(Verdict::kCrash)};
  reports[1].findings[0].known = "entry";
  reports[1].unreproduced = {finding_with(Verdict::kHang)};
  reports[1].stopped = true;
  reports[2].target = "mine";
  reports[2].could_not_run = "no library";
  expect_golden("summary_table.txt", summary_table(reports));
}

TEST(SummaryTable, KnownFindingsAreThoseThatNameAnEntry) {
  CheckReport report;
  report.findings = {finding_with(Verdict::kLeak), finding_with(Verdict::kCrash)};
  EXPECT_EQ(known_findings(report), 0);
  report.findings[1].known = "entry";
  EXPECT_EQ(known_findings(report), 1);
}

}  // namespace
}  // namespace lastref
