// What the ledger answers to each event, right and wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "lastref/ownership.h"

namespace {

using testing::UnorderedElementsAre;

constexpr int kSites[4] = {};
const lastref_owner kApplication{LASTREF_OWNER_APPLICATION, nullptr, &kSites[0], nullptr};
const lastref_owner kCache{LASTREF_OWNER_CACHE, &kSites[1], nullptr, nullptr};
const lastref_owner kConnection{LASTREF_OWNER_CONNECTION, &kSites[2], nullptr, nullptr};

class Ledger : public testing::Test {
 protected:
  Ledger() { lastref_ledger_reset(); }

  static std::vector<lastref_ledger_verdict> found() {
    std::vector<lastref_ledger_finding> findings(LASTREF_LEDGER_FINDINGS);
    findings.resize(lastref_ledger_findings(findings.data(), findings.size()));
    std::vector<lastref_ledger_verdict> verdicts;
    verdicts.reserve(findings.size());
    for (const lastref_ledger_finding& finding : findings) verdicts.push_back(finding.verdict);
    return verdicts;
  }

  long object_ = 0;  // only its address matters
};

TEST_F(Ledger, OneReferenceIsTheLast) {
  EXPECT_EQ(lastref_object_begin(&object_), LASTREF_LEDGER_OK);
  EXPECT_NE(lastref_acquire(&object_, kApplication), 0U);
  EXPECT_EQ(lastref_outstanding(&object_), 1U);
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_LAST);
  EXPECT_EQ(lastref_object_end(&object_), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
}

TEST_F(Ledger, SecondReleaseOfOneOwnerIsADoubleFreeAlthoughOthersHold) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  lastref_acquire(&object_, kCache);
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_DOUBLE_FREE);
  EXPECT_EQ(lastref_outstanding(&object_), 1U);
  lastref_ledger_finding finding{};
  ASSERT_EQ(lastref_ledger_findings(&finding, 1), 1U);
  EXPECT_EQ(finding.object, &object_);
  EXPECT_EQ(finding.released_from, &kSites[0]);
  EXPECT_EQ(finding.event, 4U);
  EXPECT_EQ(finding.outstanding, 1U);
}

TEST_F(Ledger, ReleaseWithoutAnyAcquireIsABorrowedFree) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kConnection);
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_BORROWED_FREE);
}

TEST_F(Ledger, OwnersOfOneKindAreToldApartByTheirId) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kConnection);
  const lastref_owner other{LASTREF_OWNER_CONNECTION, &kSites[3], nullptr, nullptr};
  EXPECT_EQ(lastref_release(&object_, other), LASTREF_LEDGER_BORROWED_FREE);
  EXPECT_EQ(lastref_release(&object_, kConnection), LASTREF_LEDGER_LAST);
}

TEST_F(Ledger, ReleaseAfterTheEndIsJudgedByWhatTheOwnerDid) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  lastref_release(&object_, kApplication);
  lastref_object_end(&object_);
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_DOUBLE_FREE);
  EXPECT_EQ(lastref_release(&object_, kCache), LASTREF_LEDGER_BORROWED_FREE);
  EXPECT_EQ(lastref_acquire(&object_, kCache), 0U);
  EXPECT_THAT(found(),
              UnorderedElementsAre(LASTREF_LEDGER_DOUBLE_FREE, LASTREF_LEDGER_BORROWED_FREE,
                                   LASTREF_LEDGER_USE_AFTER_FREE));
}

TEST_F(Ledger, EndWithReferencesIsAnEarlyFree) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  EXPECT_EQ(lastref_object_end(&object_), LASTREF_LEDGER_EARLY_FREE);
}

TEST_F(Ledger, AddressUsedAnewWithoutAnEndIsAnEarlyFree) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  EXPECT_EQ(lastref_object_begin(&object_), LASTREF_LEDGER_EARLY_FREE);
  EXPECT_EQ(lastref_outstanding(&object_), 0U);
}

TEST_F(Ledger, AddressUsedAnewAfterAnEndHasNoPast) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  lastref_release(&object_, kApplication);
  lastref_object_end(&object_);
  EXPECT_EQ(lastref_object_begin(&object_), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_BORROWED_FREE);
}

TEST_F(Ledger, NotEndedWithoutReferencesIsALeak) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  EXPECT_EQ(lastref_ledger_check(), 0U);
  lastref_release(&object_, kApplication);
  EXPECT_EQ(lastref_ledger_check(), 1U);
  EXPECT_THAT(found(), UnorderedElementsAre(LASTREF_LEDGER_LEAK));
}

TEST_F(Ledger, UnknownObjectsAreNeverAccused) {
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_UNKNOWN);
  EXPECT_EQ(lastref_object_end(&object_), LASTREF_LEDGER_UNKNOWN);
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
}

TEST_F(Ledger, CookieNamesTheReferenceThatWasReleasedTwice) {
  lastref_object_begin(&object_);
  const lastref_cookie first = lastref_acquire(&object_, kApplication);
  const lastref_cookie second = lastref_acquire(&object_, kApplication);
  EXPECT_NE(first, second);
  EXPECT_EQ(lastref_release_cookie(first, nullptr), LASTREF_LEDGER_OK);
  EXPECT_EQ(lastref_release_cookie(first, nullptr), LASTREF_LEDGER_DOUBLE_FREE);
  EXPECT_EQ(lastref_release_cookie(second, nullptr), LASTREF_LEDGER_LAST);
}

TEST_F(Ledger, CookieStaysVoidAfterItsRecordWasGivenOutAgain) {
  lastref_object_begin(&object_);
  const lastref_cookie old = lastref_acquire(&object_, kApplication);
  lastref_release_cookie(old, nullptr);
  for (int i = 0; i < 3; ++i) {
    lastref_acquire(&object_, kApplication);
    EXPECT_EQ(lastref_release_cookie(old, nullptr), LASTREF_LEDGER_DOUBLE_FREE);
    lastref_release(&object_, kApplication);
  }
}

TEST_F(Ledger, CookiesThatAreNoneAreUnknown) {
  EXPECT_EQ(lastref_release_cookie(0, nullptr), LASTREF_LEDGER_UNKNOWN);
  EXPECT_EQ(lastref_release_cookie(~lastref_cookie{0}, nullptr), LASTREF_LEDGER_UNKNOWN);
}

TEST_F(Ledger, ReportListsWhatIsOutstanding) {
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  lastref_acquire(&object_, kCache);
  lastref_acquire(&object_, kConnection);
  lastref_release(&object_, kCache);
  std::vector<lastref_owner_kind> kinds;
  const auto visit = [](void* argument, const lastref_ledger_reference* reference) {
    static_cast<std::vector<lastref_owner_kind>*>(argument)->push_back(reference->owner.kind);
  };
  EXPECT_EQ(lastref_ledger_report(visit, &kinds), 2U);
  EXPECT_THAT(kinds, UnorderedElementsAre(LASTREF_OWNER_APPLICATION, LASTREF_OWNER_CONNECTION));
}

TEST_F(Ledger, ManyOwnersThatComeAndGoTakeNoRoom) {
  const std::vector<char> ids(3 * LASTREF_LEDGER_REFERENCES / 64);
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  for (const char& id : ids) {
    const lastref_owner passing{LASTREF_OWNER_CONNECTION, &id, nullptr, nullptr};
    EXPECT_NE(lastref_acquire(&object_, passing), 0U);
    EXPECT_EQ(lastref_release(&object_, passing), LASTREF_LEDGER_OK);
  }
  EXPECT_EQ(lastref_ledger_dropped(), 0U);
}

TEST_F(Ledger, MoreReferencesThanItHoldsAreDroppedAndNobodyIsAccused) {
  lastref_object_begin(&object_);
  for (unsigned i = 0; i < LASTREF_LEDGER_REFERENCES; ++i) lastref_acquire(&object_, kApplication);
  EXPECT_GT(lastref_ledger_dropped(), 0U);
  EXPECT_EQ(lastref_release(&object_, kCache), LASTREF_LEDGER_UNKNOWN);
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
}

TEST_F(Ledger, MoreObjectsThanItHoldsForgetsTheEndedOnes) {
  const std::vector<long> objects(4 * LASTREF_LEDGER_OBJECTS);
  for (const long& object : objects) {
    EXPECT_EQ(lastref_object_begin(&object), LASTREF_LEDGER_OK);
    lastref_acquire(&object, kApplication);
    lastref_release(&object, kApplication);
    EXPECT_EQ(lastref_object_end(&object), LASTREF_LEDGER_OK);
  }
  EXPECT_EQ(lastref_ledger_dropped(), 0U);
  EXPECT_EQ(lastref_release(&objects.front(), kApplication), LASTREF_LEDGER_UNKNOWN);
  EXPECT_EQ(lastref_release(&objects.back(), kApplication), LASTREF_LEDGER_DOUBLE_FREE);
}

TEST_F(Ledger, MoreLiveObjectsThanItHoldsAreUnknown) {
  const std::vector<long> objects(2 * LASTREF_LEDGER_OBJECTS);
  for (const long& object : objects) lastref_object_begin(&object);
  EXPECT_GT(lastref_ledger_dropped(), 0U);
}

TEST_F(Ledger, FindingsBeyondTheBoundAreCounted) {
  lastref_object_begin(&object_);
  for (unsigned i = 0; i < 2 * LASTREF_LEDGER_FINDINGS; ++i) lastref_release(&object_, kCache);
  EXPECT_EQ(lastref_ledger_finding_count(), 2 * LASTREF_LEDGER_FINDINGS);
  EXPECT_EQ(found().size(), LASTREF_LEDGER_FINDINGS);
}

class LedgerOfThreads : public Ledger, public testing::WithParamInterface<lastref_ledger_trace> {
 protected:
  ~LedgerOfThreads() override { lastref_ledger_set_trace(LASTREF_LEDGER_TRACE_CALLER); }
};

TEST_P(LedgerOfThreads, EventsOnOneObjectBalance) {
  lastref_ledger_set_trace(GetParam());
  lastref_object_begin(&object_);
  lastref_acquire(&object_, kApplication);
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this] {
      for (int n = 0; n < 5'000; ++n) {
        lastref_acquire(&object_, kApplication);
        EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_OK);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lastref_release(&object_, kApplication), LASTREF_LEDGER_LAST);
  EXPECT_EQ(lastref_ledger_finding_count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Traces, LedgerOfThreads,
                         testing::Values(LASTREF_LEDGER_TRACE_OFF, LASTREF_LEDGER_TRACE_CALLER,
                                         LASTREF_LEDGER_TRACE_STACK));

TEST(LedgerVerdict, HasTheWordsOfTheVocabulary) {
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_DOUBLE_FREE), "double-free");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_BORROWED_FREE), "borrowed-free");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_EARLY_FREE), "early-free");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_LEAK), "leak");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_OK), "ok");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_LAST), "last");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_UNKNOWN), "unknown");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_USE_AFTER_FREE), "use-after-free");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_DANGLING_CACHE), "dangling-cache");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_DANGLING_CONNECTION),
               "dangling-connection");
  EXPECT_STREQ(lastref_ledger_verdict_name(LASTREF_LEDGER_MISCOUNT), "miscount");
  EXPECT_STREQ(lastref_ledger_verdict_name(static_cast<lastref_ledger_verdict>(15)), "?");
}

}  // namespace
