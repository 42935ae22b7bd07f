#include "harness/campaign/summary.h"

#include <gtest/gtest.h>

namespace lastref {
namespace {

TEST(CampaignPage, HasEachFuzzerAndEachFindingWithItsOutcome) {
  CampaignRecord record;
  record.seed = 1;
  record.runs = 2;
  record.seconds = 20;
  record.fuzzers["fuzz_a"] = {1000, 20, 2, 33, ""};
  record.fuzzers["fuzz_b"].trouble = "it ended 3 times";
  FindingGroup fresh{"fuzz_a", "leak-x", "a | b", "", 4, 2, {}};
  FindingGroup known{"fuzz_a", "crash-y", "c", "rekey-cached", 0, 1, {}};
  FindingGroup unseen{"fuzz_b", kNotSeenAgain, "d", "", 0, 1, {}};
  EXPECT_EQ(
      campaign_page(record, {{"fuzz_a", {7, 1}}}, {fresh, known, unseen}),
      "# Campaign\n\n20 s in 2 runs, first seed 1.\n\n"
      "| fuzzer | inputs run | seconds | a second | features | corpus | not looked at |\n"
      "|---|---:|---:|---:|---:|---:|---:|\n"
      "| fuzz_a | 1000 | 20 | 50 | 33 | 7 | 1 |\n"
      "| fuzz_b | 0 | 0 | 0 | 0 | 0 | 0 |\n"
      "\nfuzz_b: it ended 3 times\n"
      "\n| finding | outcome | inputs that showed it | smallest program | what it is |\n"
      "|---|---|---:|---|---|\n"
      "| fuzz_a leak-x | new | 2 | findings/fuzz_a/leak-x/program.trace, 4 operations | a   b |\n"
      "| fuzz_a crash-y | known: rekey-cached | 1 | findings/fuzz_a/crash-y/inputs | c |\n"
      "| fuzz_b not-seen-again | not seen again | 1 | findings/fuzz_b/not-seen-again/inputs | "
      "d |\n");
}

TEST(CampaignPage, SaysThatNothingWasFound) {
  EXPECT_NE(campaign_page({}, {}, {}).find("Nothing was found."), std::string::npos);
}

}  // namespace
}  // namespace lastref
