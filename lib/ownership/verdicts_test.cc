// Which event each kind of mistake is found at, and what the finding says of it.
#include <gtest/gtest.h>

#include "lastref/ownership.h"

namespace {

constexpr int kIds[8] = {};
const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, &kIds[0], nullptr};
const lastref_owner kCache{LASTREF_OWNER_CACHE, &kIds[1], &kIds[5], "sessions"};
const lastref_owner kConnection{LASTREF_OWNER_CONNECTION, &kIds[2], &kIds[6], nullptr};

class Verdicts : public testing::Test {
 protected:
  Verdicts() {
    lastref_ledger_reset();
    lastref_object_begin(&object_);
  }
  static lastref_ledger_finding only() {
    lastref_ledger_finding finding{};
    EXPECT_EQ(lastref_ledger_finding_count(), 1U);
    EXPECT_EQ(lastref_ledger_findings(&finding, 1), 1U);
    return finding;
  }

  long object_ = 0;
};

TEST_F(Verdicts, EndWithACachesReferenceIsADanglingCacheThatNamesTheCache) {
  lastref_acquire(&object_, kApplication);
  lastref_acquire(&object_, kCache);
  EXPECT_EQ(lastref_object_end(&object_), LASTREF_LEDGER_DANGLING_CACHE);
  const lastref_ledger_finding finding = only();
  EXPECT_EQ(finding.owner.id, kCache.id);
  EXPECT_STREQ(finding.owner.name, "sessions");
  EXPECT_EQ(finding.outstanding, 2U);
}

TEST_F(Verdicts, EndWithAConnectionsReferenceIsADanglingConnection) {
  lastref_acquire(&object_, kApplication);
  lastref_acquire(&object_, kConnection);
  EXPECT_EQ(lastref_object_end(&object_), LASTREF_LEDGER_DANGLING_CONNECTION);
  EXPECT_EQ(only().owner.id, kConnection.id);
}

TEST_F(Verdicts, CountOfZeroWhileACacheHoldsIsADanglingCache) {
  lastref_acquire(&object_, kCache);
  EXPECT_EQ(lastref_object_count(&object_, 0), LASTREF_LEDGER_DANGLING_CACHE);
}

TEST_F(Verdicts, CountOfZeroWhileAConnectionHoldsIsADanglingConnection) {
  lastref_acquire(&object_, kConnection);
  EXPECT_EQ(lastref_object_count(&object_, 0), LASTREF_LEDGER_DANGLING_CONNECTION);
}

TEST_F(Verdicts, CountThatIsNotThatOfTheReferencesIsAMiscount) {
  lastref_acquire(&object_, kApplication);
  EXPECT_EQ(lastref_object_count(&object_, 1), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_object_count(&object_, 2), LASTREF_LEDGER_MISCOUNT);
  const lastref_ledger_finding finding = only();
  EXPECT_EQ(finding.count, 2U);
  EXPECT_EQ(finding.outstanding, 1U);
}

TEST_F(Verdicts, CountOfZeroWhileTheApplicationHoldsIsAMiscount) {
  lastref_acquire(&object_, kApplication);
  EXPECT_EQ(lastref_object_count(&object_, 0), LASTREF_LEDGER_MISCOUNT);
}

TEST_F(Verdicts, CountAfterTheEndIsZero) {
  lastref_object_end(&object_);
  EXPECT_EQ(lastref_object_count(&object_, 0), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_object_count(&object_, 1), LASTREF_LEDGER_MISCOUNT);
}

TEST_F(Verdicts, ReleaseOfWhatWasHeldAtTheEndIsAUseAfterFreeAndNoBorrowedFree) {
  lastref_acquire(&object_, kCache);
  lastref_object_end(&object_);
  EXPECT_EQ(lastref_release(&object_, kCache), LASTREF_LEDGER_USE_AFTER_FREE);
  EXPECT_EQ(lastref_release(&object_, kCache), LASTREF_LEDGER_DOUBLE_FREE);
}

TEST_F(Verdicts, WhatFollowsFromAFindingIsMarkedAsItsConsequence) {
  lastref_acquire(&object_, kApplication);
  lastref_acquire(&object_, kCache);
  lastref_release(&object_, kApplication);
  lastref_release(&object_, kApplication);
  lastref_object_end(&object_);
  lastref_ledger_finding findings[2] = {};
  ASSERT_EQ(lastref_ledger_findings(findings, 2), 2U);
  EXPECT_EQ(findings[0].verdict, LASTREF_LEDGER_DOUBLE_FREE);
  EXPECT_EQ(findings[0].consequence, 0);
  EXPECT_EQ(findings[1].verdict, LASTREF_LEDGER_DANGLING_CACHE);
  EXPECT_EQ(findings[1].consequence, 1);
}

TEST_F(Verdicts, UseAndSecondEndOfAnEndedObjectAreUsesAfterFree) {
  EXPECT_EQ(lastref_object_use(&object_), LASTREF_LEDGER_OK);
  lastref_object_end(&object_);
  EXPECT_EQ(lastref_object_use(&object_), LASTREF_LEDGER_USE_AFTER_FREE);
  EXPECT_EQ(lastref_object_end(&object_), LASTREF_LEDGER_USE_AFTER_FREE);
  EXPECT_EQ(lastref_object_use(&kIds[7]), LASTREF_LEDGER_UNKNOWN);
}

TEST_F(Verdicts, TeardownFindsALeakInEveryObjectThatLivesAndSaysWhoHoldsIt) {
  lastref_acquire(&object_, kConnection);
  EXPECT_EQ(lastref_ledger_check(), 0U);
  EXPECT_EQ(lastref_ledger_teardown(), 1U);
  const lastref_ledger_finding finding = only();
  EXPECT_EQ(finding.verdict, LASTREF_LEDGER_LEAK);
  EXPECT_EQ(finding.owner.id, kConnection.id);
  EXPECT_EQ(finding.owner.site, kConnection.site);
}

TEST_F(Verdicts, ADoubleFreeListsTheLatestReferencesOfItsOwnerTheOldestFirst) {
  const int sites[6] = {};
  lastref_acquire(&object_, kCache);
  for (const int& site : sites) {
    lastref_owner owner = kApplication;
    owner.site = &site;
    lastref_acquire(&object_, owner);
    lastref_release(&object_, owner);
  }
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_DOUBLE_FREE);
  const lastref_ledger_finding finding = only();
  ASSERT_EQ(finding.candidate_count, LASTREF_LEDGER_REMEMBERED);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(finding.candidates[i].acquired.site, &sites[i + 2]);
    EXPECT_EQ(finding.candidates[i].released.site, &sites[i + 2]);
  }
  EXPECT_EQ(finding.released_from, &sites[5]);
}

TEST_F(Verdicts, ACookiesDoubleFreeListsThatReferenceOnly) {
  const lastref_cookie cookie = lastref_acquire(&object_, kApplication);
  lastref_acquire(&object_, kApplication);
  lastref_release_cookie(cookie, &kIds[3]);
  EXPECT_EQ(lastref_release_cookie(cookie, &kIds[4]), LASTREF_LEDGER_DOUBLE_FREE);
  const lastref_ledger_finding finding = only();
  EXPECT_EQ(finding.candidate_count, 1U);
  EXPECT_EQ(finding.released_from, &kIds[3]);
  EXPECT_EQ(finding.owner.site, &kIds[4]);
}

TEST_F(Verdicts, ATransferMovesOneReferenceAndItsCookieStaysGood) {
  const lastref_cookie cookie = lastref_acquire(&object_, kApplication);
  EXPECT_EQ(lastref_transfer(&object_, kApplication, kCache), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_held(&object_, kApplication), 0U);
  EXPECT_EQ(lastref_held(&object_, kCache), 1U);
  EXPECT_EQ(lastref_transfer_cookie(cookie, kConnection), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_held(&object_, kConnection), 1U);
  EXPECT_EQ(lastref_release_cookie(cookie, nullptr), LASTREF_LEDGER_LAST);
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
}

TEST_F(Verdicts, WhoTransferredAReferenceAndReleasesItFreesTwice) {
  lastref_acquire(&object_, kApplication);
  lastref_transfer(&object_, kApplication, kCache);
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_DOUBLE_FREE);
  EXPECT_EQ(lastref_release(&object_, kCache), LASTREF_LEDGER_LAST);
}

TEST_F(Verdicts, ATransferOfWhatIsNotHeldIsJudgedAsARelease) {
  EXPECT_EQ(lastref_transfer(&object_, kApplication, kCache), LASTREF_LEDGER_BORROWED_FREE);
  const lastref_cookie cookie = lastref_acquire(&object_, kApplication);
  lastref_release(&object_, kApplication);
  EXPECT_EQ(lastref_transfer_cookie(cookie, kCache), LASTREF_LEDGER_DOUBLE_FREE);
}

TEST_F(Verdicts, ManyReferencesOfManyOwnersBalance) {
  constexpr int kEach = 5;  // of each of three: more than have a slot
  for (int i = 0; i < kEach; ++i) {
    for (const lastref_owner& owner : {kApplication, kCache, kConnection}) {
      EXPECT_NE(lastref_acquire(&object_, owner), 0U);
    }
  }
  EXPECT_EQ(lastref_held(&object_, kCache), 5U);
  for (const lastref_owner& owner : {kCache, kApplication, kConnection}) {
    for (int i = 0; i < kEach; ++i) {
      const bool last = owner.kind == LASTREF_OWNER_CONNECTION && i == kEach - 1;
      EXPECT_EQ(lastref_release(&object_, owner), last ? LASTREF_LEDGER_LAST : LASTREF_LEDGER_OK);
    }
    EXPECT_EQ(lastref_release(&object_, owner), LASTREF_LEDGER_DOUBLE_FREE);
  }
}

}  // namespace
