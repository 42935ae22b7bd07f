#include "harness/vocabulary/verdict.h"

#include <gtest/gtest.h>

#include <set>

namespace lastref {
namespace {

TEST(Verdicts, HaveUniqueNamesThatNameThem) {
  std::set<std::string_view> names;
  for (int i = 0; i < kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_FALSE(name(verdict).empty()) << i;
    EXPECT_TRUE(names.insert(name(verdict)).second) << name(verdict);
    EXPECT_EQ(verdict_named(name(verdict)), verdict);
  }
}

TEST(Verdicts, AreNamedAfterTheirConstants) {
  EXPECT_EQ(name(Verdict::kNone), "none");
  EXPECT_EQ(name(Verdict::kDoubleFree), "double-free");
  EXPECT_EQ(name(Verdict::kBorrowedFree), "borrowed-free");
  EXPECT_EQ(name(Verdict::kEarlyFree), "early-free");
  EXPECT_EQ(name(Verdict::kDanglingCache), "dangling-cache");
  EXPECT_EQ(name(Verdict::kDanglingConnection), "dangling-connection");
  EXPECT_EQ(name(Verdict::kUseAfterFree), "use-after-free");
  EXPECT_EQ(name(Verdict::kHeapCorruption), "heap-corruption");
  EXPECT_EQ(name(Verdict::kCrash), "crash");
  EXPECT_EQ(name(Verdict::kHang), "hang");
  EXPECT_EQ(name(Verdict::kRunawayMemory), "runaway-memory");
  EXPECT_EQ(name(Verdict::kDataRace), "data-race");
  EXPECT_EQ(name(Verdict::kDeadlock), "deadlock");
  EXPECT_EQ(name(Verdict::kLeak), "leak");
  EXPECT_EQ(name(Verdict::kMiscount), "miscount");
  EXPECT_EQ(name(Verdict::kWrongCallback), "wrong-callback");
  EXPECT_EQ(name(Verdict::kWrongReturn), "wrong-return");
  EXPECT_EQ(name(Verdict::kWrongContent), "wrong-content");
  EXPECT_EQ(name(Verdict::kWrongStatistics), "wrong-statistics");
}

TEST(Verdicts, HaveAMeaningEach) {
  std::set<std::string_view> meanings;
  for (int i = 0; i < kVerdictCount; ++i) meanings.insert(meaning(static_cast<Verdict>(i)));
  EXPECT_EQ(meanings.size(), static_cast<std::size_t>(kVerdictCount));
  EXPECT_FALSE(meanings.contains(""));
}

TEST(Verdicts, OfOtherNamesDoNotExist) {
  EXPECT_FALSE(verdict_named("double free"));
  EXPECT_FALSE(verdict_named(""));
}

TEST(Precedence, PutsTheWrongReleaseBeforeItsConsequences) {
  EXPECT_TRUE(precedes(Verdict::kDoubleFree, Verdict::kEarlyFree));
  EXPECT_TRUE(precedes(Verdict::kBorrowedFree, Verdict::kEarlyFree));
  EXPECT_TRUE(precedes(Verdict::kEarlyFree, Verdict::kDanglingCache));
  EXPECT_TRUE(precedes(Verdict::kDanglingCache, Verdict::kCrash));
  EXPECT_TRUE(precedes(Verdict::kCrash, Verdict::kLeak));
  EXPECT_FALSE(precedes(Verdict::kLeak, Verdict::kLeak));
}

TEST(Owners, HaveNames) {
  EXPECT_EQ(name(Owner::kApplication), "application");
  EXPECT_EQ(name(Owner::kCache), "cache");
  EXPECT_EQ(name(Owner::kConnection), "connection");
}

}  // namespace
}  // namespace lastref
