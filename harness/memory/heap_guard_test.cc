#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <vector>

#include "harness/memory/guarded_input.h"
#include "harness/memory/heap.h"

namespace lastref {
namespace {

constexpr std::size_t kSession = 928;
constexpr std::size_t kOddSession = 37'512;  // no multiple of 16, and longer than a page

// As a library does that is not instrumented.
LASTREF_NO_ASAN unsigned char read_byte(const void* block, std::size_t offset) {
  return static_cast<const volatile unsigned char*>(block)[offset];
}
LASTREF_NO_ASAN void write_byte(void* block, std::size_t offset, unsigned char value) {
  static_cast<volatile unsigned char*>(block)[offset] = value;
}

class HeapGuardTest : public testing::Test {
 protected:
  HeapGuardTest() {
    EXPECT_EQ(heap_.reserve(), "");
    heap_.set_session_size(kSession);
    heap_.set_tier(MemoryTier::kGuard);
    GTEST_FLAG_SET(death_test_style, "fast");
  }
  ~HeapGuardTest() override { heap_.discard(); }
  Heap heap_;
};

using HeapGuardDeathTest = HeapGuardTest;

TEST_F(HeapGuardDeathTest, AReleasedSessionCanBeNeitherReadNorWritten) {
  void* const block = heap_.allocate(kSession);
  std::memset(block, 1, kSession);
  heap_.release(block);
  for (const std::size_t offset : {std::size_t{0}, kSession / 2, kSession - 1}) {
    EXPECT_DEATH(read_byte(block, offset), "") << offset;
    EXPECT_DEATH(write_byte(block, offset, 0), "") << offset;
  }
}

TEST_F(HeapGuardDeathTest, AllPagesOfALongSessionAreClosed) {
  heap_.set_session_size(kOddSession);
  void* const block = heap_.allocate(kOddSession);
  std::memset(block, 1, kOddSession);
  heap_.release(block);
  for (std::size_t offset = 0; offset < kOddSession; offset += kPageBytes) {
    EXPECT_DEATH(read_byte(block, offset), "") << offset;
  }
  EXPECT_FALSE(heap_.faults_pending());
}

TEST_F(HeapGuardDeathTest, WhatLiesBehindALiveSessionCannotBeTouched) {
  void* const block = heap_.allocate(kSession);
  EXPECT_EQ(read_byte(block, kSession - 1), read_byte(block, kSession - 1));
  EXPECT_DEATH(read_byte(block, kSession), "");
  EXPECT_EQ(heap_.describe(static_cast<char*>(block) + kSession).offset, kSession);
  EXPECT_EQ(heap_.describe(static_cast<char*>(block) + kSession).state, BlockState::kLive);
}

TEST_F(HeapGuardDeathTest, OtherBlocksAreGuardedOnlyWhereAllAre) {
  void* block = heap_.allocate(40);
  heap_.release(block);
  EXPECT_EQ(read_byte(block, 0), read_byte(block, 0));
  heap_.set_tier(MemoryTier::kGuardAll);
  block = heap_.allocate(40);
  heap_.release(block);
  EXPECT_DEATH(read_byte(block, 0), "");
}

TEST_F(HeapGuardTest, WhatAnOperationLeftOverIsFoundWithItsMoment) {
  heap_.set_tier(MemoryTier::kGuardAll);
  heap_.set_moment(1);
  heap_.allocate(24);  // of the program before
  heap_.forget_moments();
  EXPECT_EQ(heap_.left_over().state, BlockState::kForeign);
  heap_.set_moment(3);
  void* const released = heap_.allocate(40);
  heap_.allocate(56);
  heap_.release(released);
  EXPECT_EQ(heap_.left_over().size, 56U);
  EXPECT_EQ(heap_.left_over().allocated_at, 3);
}

TEST_F(HeapGuardTest, APlaceIsNotUsedAgainBeforeTheProgramsEnd) {
  std::vector<void*> seen;
  for (int i = 0; i < 100; ++i) {
    seen.push_back(heap_.allocate(kSession));
    for (int before = 0; before < i; ++before) {
      ASSERT_NE(seen[static_cast<std::size_t>(before)], seen.back());
    }
    heap_.release(seen.back());
  }
  EXPECT_EQ(heap_.quarantined(), 100U);
  heap_.end_program();
  EXPECT_EQ(heap_.quarantined(), 0U);
  for (void* const block : seen) {
    ASSERT_EQ(heap_.allocate(kSession), block) << "the next program has other addresses";
    std::memset(block, 2, kSession);
  }
  EXPECT_EQ(heap_.live_blocks(), 100U);
}

TEST_F(HeapGuardTest, WrongReleasesAreToldApart) {
  void* const block = heap_.allocate(kSession);
  heap_.set_tag(block, 5);
  heap_.release(static_cast<char*>(block) + 16);
  heap_.release(block);
  heap_.release(block);
  ASSERT_EQ(heap_.fault_count(), 2U);
  EXPECT_EQ(heap_.faults()[0].kind, HeapFaultKind::kInteriorRelease);
  EXPECT_EQ(heap_.faults()[0].offset, 16U);
  EXPECT_EQ(heap_.faults()[1].kind, HeapFaultKind::kDoubleRelease);
  EXPECT_EQ(heap_.faults()[1].tag, 5U);
  EXPECT_EQ(heap_.live_blocks(), 0U);
}

TEST_F(HeapGuardTest, BytesBesideABlockAreLookedAtWhenItIsReleased) {
  heap_.set_session_size(kOddSession);
  void* const block = heap_.allocate(kOddSession);
  write_byte(block, kOddSession + 3, 0);  // what aligns it
  heap_.release(block);
  ASSERT_EQ(heap_.fault_count(), 1U);
  EXPECT_EQ(heap_.faults()[0].kind, HeapFaultKind::kOverrun);
  EXPECT_EQ(heap_.faults()[0].offset, kOddSession + 3);
}

TEST_F(HeapGuardTest, ABlockKnowsTheOperationsThatMadeAndEndedIt) {
  heap_.set_moment(3);
  void* const block = heap_.allocate(kSession);
  heap_.set_moment(7);
  heap_.release(block);
  const BlockInfo info = heap_.describe(static_cast<char*>(block) + 592);
  EXPECT_EQ(info.allocated_at, 3);
  EXPECT_EQ(info.released_at, 7);
  EXPECT_EQ(info.offset, 592U);
  EXPECT_TRUE(info.session);
}

TEST_F(HeapGuardTest, StacksAreKeptWhereTheyAreAskedFor) {
  void* const plain = heap_.allocate(kSession);
  EXPECT_TRUE(heap_.describe(plain).slot->allocated.empty());
  heap_.set_stacks(true);
  void* const block = heap_.allocate(kSession);
  heap_.release(block);
  EXPECT_FALSE(heap_.describe(block).slot->allocated.empty());
  EXPECT_FALSE(heap_.describe(block).slot->released.empty());
}

TEST_F(HeapGuardTest, ReallocationMovesInEveryTierButCount) {
  for (const MemoryTier tier :
       {MemoryTier::kCount, MemoryTier::kQuarantine, MemoryTier::kGuard, MemoryTier::kGuardAll}) {
    heap_.set_tier(tier);
    void* const block = heap_.allocate(97);
    std::memset(block, 3, 97);
    void* const after = heap_.reallocate(block, 100);
    EXPECT_EQ(after == block, tier == MemoryTier::kCount) << name(tier);
    EXPECT_EQ(read_byte(after, 96), 3) << name(tier);
    heap_.release(after);
  }
}

TEST_F(HeapGuardTest, WhereNoPlaceIsLeftBlocksAreHeldInQuarantine) {
  heap_.set_session_size(kMaxGuardedBytes + 16);
  void* const block = heap_.allocate(kMaxGuardedBytes + 16);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(heap_.describe(block).slot, nullptr);
  heap_.release(block);
  EXPECT_EQ(heap_.state(block), BlockState::kQuarantined);
}

TEST_F(HeapGuardTest, ASessionInQuarantineHasARedzone) {
  heap_.set_tier(MemoryTier::kQuarantine);
  void* const block = heap_.allocate(kSession);
  write_byte(block, kSession, 0);
  heap_.release(block);
  ASSERT_EQ(heap_.fault_count(), 1U);
  EXPECT_EQ(heap_.faults()[0].kind, HeapFaultKind::kOverrun);
  heap_.clear_faults();
  heap_.set_tier(MemoryTier::kCount);
  void* const counted = heap_.allocate(kSession);
  heap_.release(counted);
  EXPECT_EQ(heap_.state(counted), BlockState::kReleased) << "counted blocks are not held";
}

TEST(MemoryTierTest, NamesAreReadAsTheyAreWritten) {
  for (const MemoryTier tier :
       {MemoryTier::kCount, MemoryTier::kQuarantine, MemoryTier::kGuard, MemoryTier::kGuardAll}) {
    EXPECT_EQ(memory_tier_named(name(tier)), tier);
  }
  EXPECT_EQ(memory_tier_named("guards"), std::nullopt);
}

TEST(GuardedInput, EndsWhereNobodyMayRead) {
  GuardedInput input;
  const std::vector<std::uint8_t> bytes = {1, 2, 3};
  const std::uint8_t* const placed = input.place(bytes);
  EXPECT_EQ(input.start(), placed);
  EXPECT_EQ(std::vector<std::uint8_t>(placed, placed + 3), bytes);
  EXPECT_FALSE(input.is_behind(placed + 2));
  EXPECT_TRUE(input.is_behind(placed + 3));
  EXPECT_EQ(input.offset_of(placed + 10), 10U);
  EXPECT_DEATH(read_byte(placed, 3), "");
  // What is placed next ends there as well.
  EXPECT_EQ(input.place({}), placed + 3);
  const std::vector<std::uint8_t> too_long(kMaxGuardedInput + 1);
  EXPECT_EQ(input.place(too_long), too_long.data());
  EXPECT_EQ(input.start(), nullptr);
}

TEST(GuardedInput, TellsWhatWasWrittenTo) {
  GuardedInput input;
  const std::vector<std::uint8_t> bytes = {1, 2, 3};
  auto* const placed = const_cast<std::uint8_t*>(input.place(bytes));
  EXPECT_EQ(input.changed(bytes), 3U);
  placed[1] = 9;
  EXPECT_EQ(input.changed(bytes), 1U);
}

}  // namespace
}  // namespace lastref
