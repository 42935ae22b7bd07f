// What only the counters that scale do: references that are released elsewhere than they were
// acquired, parts that are brought together while others use them, and the places of threads.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "lib/refcount/biased.h"
#include "lib/refcount/split.h"
#include "lib/refcount/thread_place.h"

namespace lastref::refcount {
namespace {

void in_a_thread(const auto& work) { std::thread(work).join(); }

template <class T>
class Scaling : public testing::Test {};
using Counters = testing::Types<Biased, Split>;
TYPED_TEST_SUITE(Scaling, Counters, );

void prepare(Biased&) {}
void prepare(Split& counter) { counter.open(); }

TYPED_TEST(Scaling, WhatOneThreadAcquiredAnotherMayRelease) {
  TypeParam counter;
  prepare(counter);
  for (int i = 0; i < 5; ++i) counter.acquire();
  in_a_thread([&counter] {
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(counter.release());
    EXPECT_EQ(counter.value(), 1U);
    counter.acquire();
  });
  EXPECT_FALSE(counter.release());
  EXPECT_TRUE(counter.release());
}

TYPED_TEST(Scaling, TheMakersReferenceMayGoFirstAndAnyThreadBeTheLast) {
  TypeParam counter;
  prepare(counter);
  in_a_thread([&counter] {
    counter.acquire();
    counter.acquire();
  });
  EXPECT_FALSE(counter.release());
  EXPECT_EQ(counter.value(), 2U);
  in_a_thread([&counter] {
    EXPECT_FALSE(counter.release());
    EXPECT_TRUE(counter.release());
  });
}

TYPED_TEST(Scaling, TheMakersThreadMayHaveEnded) {
  std::optional<TypeParam> counter;
  in_a_thread([&counter] {
    counter.emplace();
    prepare(*counter);
    counter->acquire();
  });
  in_a_thread([&counter] { counter->acquire(); });
  EXPECT_FALSE(counter->release());
  EXPECT_FALSE(counter->release());
  EXPECT_TRUE(counter->release());
}

TYPED_TEST(Scaling, CountsOnWhenItsPartsAreOne) {
  TypeParam counter;
  prepare(counter);
  counter.acquire();
  in_a_thread([&counter] {
    EXPECT_FALSE(counter.release());
    EXPECT_TRUE(counter.release());
    counter.acquire();  // no user may, but now the parts are one
    counter.acquire();
  });
  counter.acquire();
  EXPECT_EQ(counter.value(), 3U);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(counter.release());
  EXPECT_TRUE(counter.release());
}

template <class T>
struct Object {
  static constexpr int kThreads = 4;

  T counter;
  std::atomic<int> deaths{0};
  int by[kThreads] = {};  // read by the last without further order
};

// Acquires and releases at random and lets go of all it has in the end. While it has a reference
// the object lives.
template <class T>
void use(Object<T>& object, int self, std::mt19937& random) {
  int held = 1;
  for (auto steps = random() % 8; steps > 0; --steps) {
    EXPECT_EQ(object.deaths, 0);
    if (held == 1 || random() % 2 == 0) {
      object.counter.acquire();
      ++held;
    } else {
      EXPECT_FALSE(object.counter.release());
      --held;
    }
  }
  object.by[self] = 1;
  for (; held > 0; --held) {
    if (!object.counter.release()) continue;
    EXPECT_EQ(held, 1);
    ++object.deaths;
    for (const int by : object.by) EXPECT_EQ(by, 1);
  }
}

TYPED_TEST(Scaling, NeverDiesWhileHeldAndDiesOnce) {
  constexpr int kThreads = Object<TypeParam>::kThreads;
  constexpr int kRounds = 40;
  std::array<std::optional<Object<TypeParam>>, 16> objects;
  std::barrier sync(kThreads);
  const auto make = [&objects](int self) {
    for (std::size_t i = static_cast<std::size_t>(self); i < objects.size(); i += kThreads) {
      objects[i].emplace();
      if (i % 3 == 0) prepare(objects[i]->counter);
      for (int thread = 1; thread < kThreads; ++thread) objects[i]->counter.acquire();
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int self = 0; self < kThreads; ++self) {
    threads.emplace_back([&, self] {
      std::mt19937 random(static_cast<unsigned>(self));
      for (int round = 0; round < kRounds; ++round) {
        make(self);
        sync.arrive_and_wait();
        for (auto& object : objects) use(*object, self, random);
        sync.arrive_and_wait();
        for (const auto& object : objects) EXPECT_EQ(object->deaths, 1);
        sync.arrive_and_wait();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Split, TakesFromTheCountWhileTwoAreThereAndThenFromOtherCells) {
  Split counter;
  counter.acquire();  // in the count, for the cells are not open
  counter.open();
  in_a_thread([&counter] { counter.acquire(); });
  EXPECT_EQ(counter.value(), 3U);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(counter.release());
  EXPECT_TRUE(counter.release());
}

TEST(Split, CellsOpenOnceOnly) {
  Split counter;
  counter.open();
  EXPECT_TRUE(counter.release());
  counter.open();
  counter.acquire();
  in_a_thread([&counter] { EXPECT_TRUE(counter.release()); });
}

TEST(Place, IsAThreadsOwnAndGivenOnWhenItEnds) {
  Place* first = nullptr;
  in_a_thread([&first] {
    first = here();
    EXPECT_EQ(first, here());
  });
  ASSERT_TRUE(is_own(first));
  EXPECT_NE(first, here());
  in_a_thread([first] { EXPECT_EQ(first, here()); });
}

TEST(Place, ThreadsBeyondTheLastPlaceHaveNoneOfTheirOwnAndCountAllTheSame) {
  constexpr int kThreads = kOwnPlaces + 3;
  std::atomic<int> with_place{0};
  std::barrier all(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      if (is_own(here())) ++with_place;
      Biased biased;
      Split split;
      all.arrive_and_wait();
      biased.acquire();
      split.acquire();
      EXPECT_FALSE(biased.release());
      EXPECT_FALSE(split.release());
      EXPECT_TRUE(biased.release());
      EXPECT_TRUE(split.release());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(with_place, static_cast<int>(kOwnPlaces));
  EXPECT_GT(with_place, static_cast<int>(kOwnPlaces) - 5);
}

}  // namespace
}  // namespace lastref::refcount
