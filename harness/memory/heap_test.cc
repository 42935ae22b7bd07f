#include "harness/memory/heap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace lastref {
namespace {

constexpr std::size_t kSession = 928;

class HeapTest : public testing::Test {
 protected:
  HeapTest() { EXPECT_EQ(heap_.reserve(), ""); }
  ~HeapTest() override { heap_.discard(); }
  Heap heap_;
};

TEST_F(HeapTest, GivesAlignedWritableBlocksOfEverySize) {
  for (const std::size_t bytes :
       {0UL, 1UL, 15UL, 16UL, 17UL, 1023UL, 1024UL, 1025UL, 4096UL, 4097UL, 1000000UL}) {
    void* const block = heap_.allocate(bytes);
    ASSERT_NE(block, nullptr) << bytes;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0U) << bytes;
    std::memset(block, 0x5A, bytes);
    EXPECT_EQ(heap_.state(block), BlockState::kLive);
    heap_.release(block);
    EXPECT_EQ(heap_.state(block), BlockState::kReleased);
  }
  EXPECT_EQ(heap_.live_blocks(), 0U);
  EXPECT_EQ(heap_.live_bytes(), 0U);
  EXPECT_FALSE(heap_.faults_pending());
}

TEST_F(HeapTest, ReserveTwiceIsRefused) { EXPECT_NE(heap_.reserve(), ""); }

TEST_F(HeapTest, ReserveOfTooMuchSaysWhy) {
  Heap other;
  EXPECT_THAT(other.reserve(std::size_t{1} << 60), testing::HasSubstr("cannot reserve"));
  EXPECT_EQ(other.allocate(16), nullptr);
}

TEST_F(HeapTest, ReleasedBlocksComeBackLastFirst) {
  void* const a = heap_.allocate(100);
  void* const b = heap_.allocate(100);
  heap_.release(a);
  heap_.release(b);
  EXPECT_EQ(heap_.allocate(97), b);
  EXPECT_EQ(heap_.allocate(112), a);
}

TEST_F(HeapTest, NullIsReleasedWithoutAWord) {
  heap_.release(nullptr);
  EXPECT_FALSE(heap_.faults_pending());
}

// Runs a random sequence and returns every address and every byte count of it.
std::vector<std::size_t> addresses(Heap& heap, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<void*> live;
  std::vector<std::size_t> seen;
  constexpr int kCalls = 20000;
  seen.reserve(2 * kCalls);
  for (int i = 0; i < kCalls; ++i) {
    const auto at = live.empty() ? 0 : random() % live.size();
    switch (live.empty() ? 0 : random() % 3) {
      case 0:
        live.push_back(heap.allocate(random() % 3000));
        break;
      case 1:
        live[at] = heap.reallocate(live[at], 1 + random() % 3000);
        break;
      default:
        heap.release(live[at]);
        live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
    }
    seen.push_back(live.empty() ? 0 : reinterpret_cast<std::size_t>(live.back()));
    seen.push_back(heap.live_bytes());
  }
  for (void* const block : live) heap.release(block);
  return seen;
}

TEST_F(HeapTest, SameCallsGiveSameAddresses) {
  const std::vector<std::size_t> first = addresses(heap_, 1);
  EXPECT_EQ(heap_.live_blocks(), 0U);
  EXPECT_EQ(heap_.live_bytes(), 0U);
  EXPECT_FALSE(heap_.faults_pending());
  heap_.discard();
  ASSERT_EQ(heap_.reserve(), "");
  EXPECT_EQ(addresses(heap_, 1), first);
  heap_.discard();
  ASSERT_EQ(heap_.reserve(), "");
  EXPECT_NE(addresses(heap_, 2), first);
}

TEST_F(HeapTest, BlocksNeverOverlap) {
  std::mt19937_64 random(3);
  std::vector<std::pair<unsigned char*, std::size_t>> live;
  for (int i = 0; i < 2000; ++i) {
    const std::size_t bytes = 1 + random() % 2000;
    auto* const block = static_cast<unsigned char*>(heap_.allocate(bytes));
    std::memset(block, i & 0xFF, bytes);
    live.emplace_back(block, bytes);
  }
  for (std::size_t i = 0; i < live.size(); ++i) {
    for (std::size_t at = 0; at < live[i].second; ++at) {
      ASSERT_EQ(live[i].first[at], i & 0xFF);
    }
  }
}

TEST_F(HeapTest, ReallocateKeepsBytesAndTakesNullAndZero) {
  auto* block = static_cast<char*>(heap_.reallocate(nullptr, 20));
  std::memcpy(block, "nineteen characters", 20);
  block = static_cast<char*>(heap_.reallocate(block, 31));
  block = static_cast<char*>(heap_.reallocate(block, 5000));
  EXPECT_STREQ(block, "nineteen characters");
  block = static_cast<char*>(heap_.reallocate(block, 20));
  EXPECT_STREQ(block, "nineteen characters");
  EXPECT_EQ(heap_.live_blocks(), 1U);
  EXPECT_EQ(heap_.reallocate(block, 0), nullptr);
  EXPECT_EQ(heap_.live_blocks(), 0U);
  EXPECT_EQ(heap_.live_bytes(), 0U);
}

// What an observer was told.
struct Story {
  Heap* heap;
  std::vector<void*> births;
  std::vector<std::pair<void*, std::uint32_t>> deaths;
  std::uint32_t first_byte_at_death = 0;

  static BlockObserver observer(Story* story) {
    return {story,
            [](void* context, void* block) {
              auto* const self = static_cast<Story*>(context);
              self->births.push_back(block);
              self->heap->set_tag(block, static_cast<std::uint32_t>(self->births.size()));
            },
            [](void* context, void* block, std::uint32_t tag) {
              auto* const self = static_cast<Story*>(context);
              self->deaths.emplace_back(block, tag);
              self->first_byte_at_death = *static_cast<unsigned char*>(block);
            }};
  }
};

TEST_F(HeapTest, ObserverSeesBirthsAndDeathsOfSessionsOnly) {
  Story story{&heap_, {}, {}};
  heap_.set_session_size(kSession);
  heap_.set_observer(Story::observer(&story));
  void* const below = heap_.allocate(kSession - 1);
  void* const first = heap_.allocate(kSession);
  void* const second = heap_.allocate(kSession);
  void* const above = heap_.allocate(kSession + 1);
  EXPECT_THAT(story.births, testing::ElementsAre(first, second));
  EXPECT_EQ(heap_.tag(second), 2U);
  EXPECT_TRUE(heap_.is_live_session(second));
  EXPECT_FALSE(heap_.is_live_session(below));
  EXPECT_FALSE(heap_.is_live_session(static_cast<char*>(second) + 16));
  EXPECT_FALSE(heap_.is_live_session(&story));
  EXPECT_FALSE(heap_.is_live_session(nullptr));

  *static_cast<unsigned char*>(second) = 77;
  heap_.release(above);
  heap_.release(second);
  heap_.release(below);
  EXPECT_THAT(story.deaths, testing::ElementsAre(std::pair(second, 2U)));
  EXPECT_EQ(story.first_byte_at_death, 77U) << "poisoned before the observer could look";
  EXPECT_FALSE(heap_.is_live_session(second));
  EXPECT_EQ(heap_.tag(second), 2U);
  EXPECT_EQ(heap_.live_blocks(), 1U);
}

TEST_F(HeapTest, ReallocateMovesInAndOutOfBeingASession) {
  Story story{&heap_, {}, {}};
  heap_.set_session_size(kSession);
  heap_.set_observer(Story::observer(&story));
  void* const block = heap_.allocate(kSession - 1);
  void* const session = heap_.reallocate(block, kSession);
  EXPECT_THAT(story.births, testing::ElementsAre(session));
  EXPECT_NE(heap_.reallocate(session, kSession - 1), session);
  EXPECT_THAT(story.deaths, testing::ElementsAre(std::pair(session, 1U)));
}

TEST_F(HeapTest, WithoutAHandlerTheBoundMakesAllocationsFail) {
  heap_.set_bound(10000);
  void* const most = heap_.allocate(8000);  // a block of 8192, and its header
  ASSERT_NE(most, nullptr);
  EXPECT_EQ(heap_.live_bytes(), 8208U);
  void* const rest = heap_.allocate(1024);
  ASSERT_NE(rest, nullptr);
  EXPECT_EQ(heap_.allocate(1024), nullptr);
  heap_.release(rest);
  EXPECT_EQ(heap_.allocate(1024), rest) << "the fast path counts as well";
  EXPECT_EQ(heap_.allocate(1024), nullptr);
}

TEST_F(HeapTest, BoundHoldsOnTheFastPath) {
  std::array<void*, 100> blocks{};
  for (void*& block : blocks) block = heap_.allocate(1024);
  for (void* const block : blocks) heap_.release(block);
  heap_.set_bound(50 * 1040);
  int got = 0;
  while (heap_.allocate(1024) != nullptr) ++got;
  EXPECT_EQ(got, 50);
}

TEST_F(HeapTest, RunawayHandlerIsCalledAtTheBound) {
  struct Runaway {
    std::size_t bytes;
  };
  heap_.set_bound(100000);
  heap_.set_runaway_handler([](void*, std::size_t bytes) { throw Runaway{bytes}; }, nullptr);
  std::size_t bytes = 0;
  try {
    for (int i = 0; i < 1000; ++i) heap_.allocate(1000);
  } catch (const Runaway& runaway) {
    bytes = runaway.bytes;
  }
  EXPECT_GT(bytes, 100000U);
  EXPECT_LE(bytes, 100000U + 1024);
  EXPECT_LE(heap_.live_bytes(), 100000U);
}

TEST_F(HeapTest, WhatNoBoundCouldHoldIsRefusedAsByMalloc) {
  heap_.set_runaway_handler([](void*, std::size_t) { ADD_FAILURE(); }, nullptr);
  EXPECT_EQ(heap_.allocate(kMaxBlockBytes + 1), nullptr);
  EXPECT_EQ(heap_.allocate(~std::size_t{0}), nullptr);
}

TEST_F(HeapTest, FailAfterFailsOneAllocationOrAllFromThere) {
  heap_.release(heap_.allocate(64));
  heap_.fail_after(3, false);
  EXPECT_NE(heap_.allocate(64), nullptr);
  void* const second = heap_.allocate(64);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(heap_.reallocate(second, 63), nullptr) << "in place counts too";
  EXPECT_NE(heap_.allocate(64), nullptr);
  heap_.fail_after(1, true);
  EXPECT_EQ(heap_.allocate(64), nullptr);
  EXPECT_EQ(heap_.allocate(928), nullptr);
  heap_.fail_after(0, false);
  EXPECT_NE(heap_.allocate(64), nullptr);
  EXPECT_EQ(heap_.live_blocks(), 4U);
}

TEST_F(HeapTest, TheListenerHearsOfEachRefusalAndItsBytes) {
  std::vector<std::size_t> heard;
  refusal_listener = {&heard, [](void* to, std::size_t bytes) {
                        static_cast<std::vector<std::size_t>*>(to)->push_back(bytes);
                      }};
  heap_.fail_after(2, true);
  heap_.allocate(64);
  EXPECT_TRUE(heard.empty());
  heap_.allocate(65);
  heap_.allocate(66);
  refusal_listener = {};
  heap_.allocate(67);
  EXPECT_EQ(heard, (std::vector<std::size_t>{65, 66}));
}

TEST_F(HeapTest, TwoThreadsShareIt) {
  // By time, not by rounds: on a busy machine the two would run one after the other.
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(300);
  const auto work = [&](unsigned char mine) {
    while (Clock::now() < end) {
      auto* const block = static_cast<unsigned char*>(heap_.allocate(64));
      std::memset(block, mine, 64);
      if (block[0] != mine || block[63] != mine) ADD_FAILURE() << "one block for two threads";
      heap_.release(block);
    }
  };
  std::thread first(work, 1);
  std::thread second(work, 2);
  first.join();
  second.join();
  EXPECT_EQ(heap_.live_blocks(), 0U);
  EXPECT_EQ(heap_.live_bytes(), 0U);
  EXPECT_FALSE(heap_.faults_pending());
}

}  // namespace
}  // namespace lastref
