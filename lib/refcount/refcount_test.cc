// What holds for every counter, and the limits of the saturating one.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <type_traits>
#include <vector>

#include "lib/refcount/acquire_release.h"
#include "lib/refcount/biased.h"
#include "lib/refcount/locked.h"
#include "lib/refcount/plain.h"
#include "lib/refcount/saturating.h"
#include "lib/refcount/sequentially_consistent.h"
#include "lib/refcount/split.h"

namespace lastref::refcount {
namespace {

template <class T>
class EveryCounter : public testing::Test {};
using Counters = testing::Types<Plain, AcquireRelease, SequentiallyConsistent, Saturating, Locked,
                                Biased, Split>;
TYPED_TEST_SUITE(EveryCounter, Counters, );

TYPED_TEST(EveryCounter, StartsWithTheMakersReference) {
  TypeParam counter;
  EXPECT_EQ(counter.value(), 1U);
  EXPECT_TRUE(counter.release());
}

TYPED_TEST(EveryCounter, OnlyTheLastReleaseAnswersTrue) {
  TypeParam counter;
  counter.acquire();
  counter.acquire();
  EXPECT_EQ(counter.value(), 3U);
  EXPECT_FALSE(counter.release());
  EXPECT_FALSE(counter.release());
  EXPECT_TRUE(counter.release());
}

TYPED_TEST(EveryCounter, ExactlyOneOfManyThreadsIsTheLast) {
  if constexpr (std::is_same_v<TypeParam, Plain>) {
    GTEST_SKIP() << "made for one thread";
  } else {
    constexpr int kThreads = 4;
    constexpr int kPairs = 5'000;
    TypeParam counter;
    int written_by_others[kThreads] = {};  // read by the last owner without further order
    std::atomic<int> last{0};
    for (int i = 1; i < kThreads; ++i) counter.acquire();
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < kPairs; ++n) {
          counter.acquire();
          EXPECT_FALSE(counter.release());
        }
        written_by_others[i] = 1;
        if (!counter.release()) return;
        ++last;
        for (const int written : written_by_others) EXPECT_EQ(written, 1);
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(last, 1);
  }
}

TEST(Saturating, SticksBelowTheZoneAndNeverAnswersTrueAgain) {
  Saturating counter(Saturating::kZone - 1);
  counter.acquire();
  EXPECT_EQ(counter.value(), Saturating::kSaturated);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(counter.release());
  EXPECT_EQ(counter.value(), Saturating::kSaturated);
}

TEST(Saturating, CountsUpToTheZone) {
  Saturating counter(Saturating::kZone - 2);
  counter.acquire();
  EXPECT_EQ(counter.value(), Saturating::kZone - 1);
  EXPECT_FALSE(counter.release());
  EXPECT_EQ(counter.value(), Saturating::kZone - 2);
}

TEST(Saturating, ReleaseOfTheDeadSticks) {
  Saturating counter(0);
  EXPECT_FALSE(counter.release());
  EXPECT_EQ(counter.value(), Saturating::kSaturated);
}

TEST(Saturating, AcquireOfTheDeadSticks) {
  Saturating counter(0);
  counter.acquire();
  EXPECT_EQ(counter.value(), Saturating::kSaturated);
  EXPECT_FALSE(counter.release());
}

}  // namespace
}  // namespace lastref::refcount
