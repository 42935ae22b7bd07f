#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "harness/memory/heap.h"

namespace lastref {
namespace {

constexpr std::size_t kSession = 928;

// Writes where instrumented code may not, as a library that is not instrumented would.
LASTREF_NO_ASAN void write_byte(void* block, std::size_t offset, unsigned char value) {
  static_cast<volatile unsigned char*>(block)[offset] = value;
}
LASTREF_NO_ASAN unsigned char read_byte(const void* block, std::size_t offset) {
  return static_cast<const volatile unsigned char*>(block)[offset];
}

class HeapFaultsTest : public testing::Test {
 protected:
  HeapFaultsTest() {
    EXPECT_EQ(heap_.reserve(), "");
    heap_.set_session_size(kSession);
  }
  ~HeapFaultsTest() override { heap_.discard(); }

  // The one fault seen since the last call.
  HeapFault only_fault() {
    EXPECT_EQ(heap_.fault_count(), 1U);
    const HeapFault fault = heap_.faults().empty() ? HeapFault{} : heap_.faults()[0];
    heap_.clear_faults();
    return fault;
  }
  void* session(std::uint32_t tag) {
    void* const block = heap_.allocate(kSession);
    heap_.set_tag(block, tag);
    return block;
  }

  Heap heap_;
};

TEST_F(HeapFaultsTest, DoubleReleaseOfAPlainBlock) {
  void* const block = heap_.allocate(40);
  heap_.release(block);
  heap_.release(block);
  const HeapFault fault = only_fault();
  EXPECT_EQ(fault.kind, HeapFaultKind::kDoubleRelease);
  EXPECT_EQ(fault.address, block);
  EXPECT_EQ(fault.size, 40U);
  EXPECT_FALSE(fault.session);
  EXPECT_EQ(heap_.live_blocks(), 0U);
  void* const first = heap_.allocate(40);
  EXPECT_NE(heap_.allocate(40), first) << "the second release was carried out";
}

TEST_F(HeapFaultsTest, DoubleReleaseOfASessionBeforeAndAfterTheEndOfItsProgram) {
  void* const block = session(7);
  heap_.release(block);
  EXPECT_EQ(heap_.state(block), BlockState::kQuarantined);
  heap_.release(block);
  const HeapFault fault = only_fault();
  EXPECT_EQ(fault.kind, HeapFaultKind::kDoubleRelease);
  EXPECT_EQ(fault.tag, 7U);
  EXPECT_EQ(fault.size, kSession);
  EXPECT_TRUE(fault.session);
  EXPECT_EQ(heap_.quarantined(), 1U);
  heap_.end_program();
  EXPECT_FALSE(heap_.faults_pending());
  heap_.release(block);
  EXPECT_EQ(only_fault().kind, HeapFaultKind::kDoubleRelease);
}

TEST_F(HeapFaultsTest, ForeignPointersAreNotTouched) {
  int on_stack = 0;
  auto on_heap = std::make_unique<std::array<char, 64>>();
  for (void* const pointer :
       {static_cast<void*>(&on_stack), static_cast<void*>(on_heap.get()),
        to_pointer(kHeapAddress + kHeapReserve), to_pointer(~std::uintptr_t{15})}) {
    heap_.release(pointer);
    const HeapFault fault = only_fault();
    EXPECT_EQ(fault.kind, HeapFaultKind::kForeignRelease);
    EXPECT_EQ(fault.address, pointer);
    EXPECT_EQ(heap_.reallocate(pointer, 100), nullptr);
    EXPECT_EQ(only_fault().kind, HeapFaultKind::kForeignRelease);
  }
}

TEST_F(HeapFaultsTest, InteriorPointersNameTheirBlock) {
  heap_.allocate(64);
  void* const block = session(3);
  heap_.allocate(64);
  for (const std::size_t offset : {1UL, 8UL, 16UL, 592UL, kSession - 1}) {
    heap_.release(static_cast<char*>(block) + offset);
    const HeapFault fault = only_fault();
    EXPECT_EQ(fault.kind, HeapFaultKind::kInteriorRelease);
    EXPECT_EQ(fault.offset, offset);
    EXPECT_EQ(fault.tag, 3U);
    EXPECT_EQ(fault.size, kSession);
  }
  EXPECT_TRUE(heap_.is_live_session(block));
}

TEST_F(HeapFaultsTest, PointersToHeadersAreForeign) {
  heap_.allocate(64);
  void* const block = heap_.allocate(64);
  for (const std::size_t before : {1UL, 8UL, 16UL}) {
    heap_.release(static_cast<char*>(block) - before);
    EXPECT_EQ(only_fault().kind, HeapFaultKind::kForeignRelease) << before;
  }
  EXPECT_EQ(heap_.state(block), BlockState::kLive);
}

TEST_F(HeapFaultsTest, DescribeFindsTheBlockOfAnyAddress) {
  void* const block = session(3);
  heap_.release(block);
  const BlockInfo info = heap_.describe(static_cast<char*>(block) + 720);
  EXPECT_EQ(info.state, BlockState::kQuarantined);
  EXPECT_TRUE(info.session);
  EXPECT_EQ(info.tag, 3U);
  EXPECT_EQ(info.size, kSession);
  EXPECT_EQ(info.offset, 720U);
  EXPECT_EQ(heap_.describe(this).state, BlockState::kForeign);
  EXPECT_EQ(heap_.describe(nullptr).state, BlockState::kForeign);
  EXPECT_EQ(heap_.describe(to_pointer(kHeapAddress)).state, BlockState::kForeign);
}

TEST_F(HeapFaultsTest, ReleaseOfABlockWhoseHeaderWasOverwritten) {
  void* const before = heap_.allocate(64);
  void* const block = heap_.allocate(64);
  for (std::size_t i = 64; i < 80; ++i) write_byte(before, i, 0x41);
  heap_.release(block);
  const HeapFault fault = only_fault();
  EXPECT_EQ(fault.kind, HeapFaultKind::kOverrun);
  EXPECT_EQ(fault.address, block);
}

TEST_F(HeapFaultsTest, ReleasedSessionsArePoisonedAndNotUsedAgain) {
  void* const block = session(1);
  std::memset(block, 0, kSession);
  heap_.release(block);
  for (std::size_t i = 0; i < kSession; ++i) ASSERT_EQ(read_byte(block, i), kPoisonByte);
  EXPECT_NE(heap_.allocate(kSession), block);
  EXPECT_EQ(heap_.quarantined(), 1U);
  heap_.end_program();
  EXPECT_EQ(heap_.quarantined(), 0U);
  EXPECT_EQ(heap_.allocate(kSession), block);
}

TEST_F(HeapFaultsTest, WriteAfterReleaseNamesBlockAndOffset) {
  for (const std::size_t offset : {0UL, 1UL, 720UL, kSession - 1}) {
    void* const untouched = session(1);
    void* const written = session(2);
    heap_.release(untouched);
    heap_.release(written);
    write_byte(written, offset, 0xFE);
    heap_.check_quarantine();
    const HeapFault fault = only_fault();
    EXPECT_EQ(fault.kind, HeapFaultKind::kWriteAfterRelease);
    EXPECT_EQ(fault.tag, 2U);
    EXPECT_EQ(fault.offset, offset);
    EXPECT_EQ(fault.address, written);
    EXPECT_TRUE(fault.session);
    heap_.end_program();
    EXPECT_FALSE(heap_.faults_pending()) << "one write was reported twice";
  }
}

TEST_F(HeapFaultsTest, EndOfProgramLooksToo) {
  void* const block = session(5);
  heap_.release(block);
  write_byte(block, 12, 0);
  heap_.end_program();
  EXPECT_EQ(only_fault().offset, 12U);
}

TEST_F(HeapFaultsTest, WriteToALargeSessionIsFound) {
  constexpr std::size_t kLarge = 37512;
  heap_.set_session_size(kLarge);
  void* const block = heap_.allocate(kLarge);
  heap_.release(block);
  write_byte(block, kLarge - 1, 0);
  heap_.end_program();
  EXPECT_EQ(only_fault().offset, kLarge - 1);
}

TEST_F(HeapFaultsTest, OfALargeSessionTheEndsAreLookedAtAndWhenThoroughAllOfIt) {
  constexpr std::size_t kLarge = 37512;
  heap_.set_session_size(kLarge);
  for (const bool thorough : {false, true}) {
    heap_.set_thorough(thorough);
    for (const std::size_t offset : {std::size_t{8}, kLarge / 2, kLarge - 8}) {
      void* const block = heap_.allocate(kLarge);
      heap_.release(block);
      write_byte(block, offset, 0);
      heap_.end_program();
      const bool seen = thorough || offset != kLarge / 2;
      EXPECT_EQ(heap_.fault_count(), seen ? 1U : 0U) << thorough << " " << offset;
      if (seen) {
        EXPECT_EQ(only_fault().offset, offset);
      }
    }
  }
}

TEST_F(HeapFaultsTest, QuarantineIsBoundedAndLooksAtWhatItLetsGo) {
  std::vector<void*> blocks;
  for (std::uint32_t i = 0; i <= kQuarantineBlocks; ++i) blocks.push_back(session(i));
  for (std::size_t i = 0; i < kQuarantineBlocks; ++i) heap_.release(blocks[i]);
  write_byte(blocks[0], 100, 0);
  EXPECT_FALSE(heap_.faults_pending());
  heap_.release(blocks.back());
  EXPECT_EQ(heap_.quarantined(), kQuarantineBlocks);
  EXPECT_EQ(only_fault().address, blocks[0]);
  EXPECT_EQ(heap_.allocate(kSession), blocks[0]);
}

TEST_F(HeapFaultsTest, FaultsBeyondTheBufferAreCounted) {
  for (std::size_t i = 0; i < kHeapFaults + 5; ++i) heap_.release(&heap_);
  EXPECT_EQ(heap_.faults().size(), kHeapFaults);
  EXPECT_EQ(heap_.fault_count(), kHeapFaults + 5);
  heap_.clear_faults();
  EXPECT_TRUE(heap_.faults().empty());
}

TEST_F(HeapFaultsTest, ThoroughHoldsBackEveryBlockAndGuardsItsEnd) {
  heap_.set_thorough(true);
  void* const block = heap_.allocate(33);
  EXPECT_EQ(read_byte(block, 32), kFreshByte);
  heap_.release(block);
  EXPECT_EQ(heap_.state(block), BlockState::kQuarantined);
  write_byte(block, 32, 0);
  heap_.end_program();
  EXPECT_EQ(only_fault().offset, 32U);

  void* const overrun = heap_.allocate(33);
  write_byte(overrun, 33, 0);
  heap_.release(overrun);
  const HeapFault fault = only_fault();
  EXPECT_EQ(fault.kind, HeapFaultKind::kOverrun);
  EXPECT_EQ(fault.offset, 33U);

  void* const kept = heap_.allocate(33);
  heap_.set_thorough(false);
  heap_.release(kept);
  heap_.end_program();
  EXPECT_FALSE(heap_.faults_pending());
  EXPECT_EQ(heap_.live_bytes(), 0U);
}

TEST_F(HeapFaultsTest, ThoroughSessionsAreSessions) {
  heap_.set_thorough(true);
  void* const block = session(9);
  EXPECT_TRUE(heap_.is_live_session(block));
  heap_.release(block);
  heap_.release(block);
  EXPECT_EQ(only_fault().tag, 9U);
}

#if LASTREF_ASAN
using HeapDeathTest = HeapFaultsTest;

TEST_F(HeapDeathTest, InstrumentedCodeIsCaughtAtReleasedBlocksAndBeyondLiveOnes) {
  auto* const plain = static_cast<volatile char*>(heap_.allocate(40));
  EXPECT_DEATH(plain[40] = 1, "use-after-poison");
  EXPECT_DEATH(plain[-1] = 1, "use-after-poison");
  heap_.release(const_cast<char*>(plain));
  EXPECT_DEATH(plain[0] = 1, "use-after-poison");
  auto* const released = static_cast<volatile char*>(session(1));
  heap_.release(const_cast<char*>(released));
  EXPECT_DEATH(static_cast<void>(released[720]), "use-after-poison");
  heap_.end_program();
  EXPECT_DEATH(static_cast<void>(released[720]), "use-after-poison");
}
#endif

}  // namespace
}  // namespace lastref
