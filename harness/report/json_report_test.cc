#include "harness/report/json_report.h"

#include <gtest/gtest.h>

#include "harness/report/fixtures.h"

namespace lastref {
namespace {

JsonInput input() {
  JsonInput made;
  made.lastref_version = "0.1.0";
  made.options.target = "openssl";
  made.options.seed = 18'446'744'073'709'551'615U;
  made.options.budget.programs = 1000;
  made.options.jobs = 2;
  made.options.hazards.add(Hazard::REPLACE_SILENT);
  made.contract.set("cache-capacity", "one-less");
  made.report.target = "openssl";
  made.report.version = "OpenSSL 3.0.22 25 Aug 2026";
  made.report.programs = 1000;
  made.report.operations = 24000;
  made.report.verdicts = 7;
  made.report.findings = {finding_with(Verdict::kEarlyFree)};
  made.report.unreproduced = {finding_with(Verdict::kCrash)};
  made.report.unreproduced[0].reproduced = false;
  made.report.seconds = 2;
  made.report.search_seconds = 0.5;
  return made;
}

TEST(Json, WholeReport) { expect_golden("report.json", json_text({input()})); }

TEST(Json, AStruckOperationIsToldInItsOrder) {
  JsonInput made = input();
  EXPECT_FALSE(check_json(made)["findings"][0].contains("struck"));
  made.report.findings[0].struck = struck_handshake(5);
  const auto struck = check_json(made)["findings"][0]["struck"];
  EXPECT_EQ(struck["operation"], 5);
  EXPECT_EQ(struck["seen"][2], "an allocation of 32 bytes fails, and the next 1");
  EXPECT_EQ(struck["asked_for_by"].size(), 2U);
}

TEST(Json, NothingOutsideOfRunVaries) {
  JsonInput other = input();
  other.lastref_version = "9";
  other.options.jobs = 64;
  other.report.seconds = 123;
  other.report.search_seconds = 99;
  other.report.version = "OpenSSL 4";
  auto a = check_json(input());
  auto b = check_json(other);
  EXPECT_NE(a, b);
  a.erase("run");
  b.erase("run");
  EXPECT_EQ(a.dump(), b.dump());
}

TEST(Json, RunIsTheLastMember) { EXPECT_EQ(std::prev(check_json(input()).end()).key(), "run"); }

TEST(Json, BudgetOfTimeIsInSeconds) {
  JsonInput made = input();
  made.options.budget = {0, 30};
  EXPECT_EQ(check_json(made)["budget"].dump(), "{\"seconds\":30.0}");
}

TEST(Json, TargetThatCouldNotBeRun) {
  JsonInput made;
  made.report.could_not_run = "no library";
  EXPECT_EQ(check_json(made)["could_not_run"], "no library");
  EXPECT_TRUE(check_json(input())["could_not_run"].is_null());
}

TEST(Json, TextOfALibraryMayHoldAnyBytes) {
  JsonInput made = input();
  made.report.version = "\xff\xfe";
  EXPECT_NO_THROW(json_text({made}));
}

TEST(Json, SeveralTargetsAreAnArray) {
  EXPECT_EQ(nlohmann::json::parse(json_text({input(), input()})).size(), 2U);
}

}  // namespace
}  // namespace lastref
