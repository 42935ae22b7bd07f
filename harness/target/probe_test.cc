#include "harness/target/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "harness/target/testing/fake_target.h"

namespace lastref {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::map<const void*, std::size_t> blocks;
Probe* probe = nullptr;

constexpr lastref_host kHost = {
    .size = sizeof(lastref_host),
    .abi = LASTREF_TARGET_ABI,
    .allocate = [](std::size_t bytes) -> void* {
      void* block = std::malloc(bytes);
      blocks[block] = bytes;
      return block;
    },
    .reallocate = [](void*, std::size_t) -> void* { return nullptr; },
    .release =
        [](void* block) {
          blocks.erase(block);
          std::free(block);
        },
    .born = [](const void* session) { probe->born(session); },
    .died = [](const void* session) { probe->died(session); },
    .callback = nullptr,
    .now = [] { return int64_t{1000}; },
    .block_size = nullptr,
};

ProbeResult run(fake_fault fault, lastref_switch value = {"new-time", "now"}) {
  blocks.clear();
  Probe fresh([](const void* address) {
    const auto block = blocks.find(address);
    return block == blocks.end() ? 0 : block->second;
  });
  probe = &fresh;
  lastref_target target = *fake_target(fault);
  target.switches = &value;
  target.switch_count = 1;
  char error[8];
  EXPECT_EQ(target.start(&kHost, error, sizeof error), 0);
  ProbeResult result = fresh.run(target, kHost.now);
  EXPECT_TRUE(blocks.empty() || !result.failure.empty());
  for (const auto& [block, bytes] : blocks) std::free(const_cast<void*>(block));
  probe = nullptr;
  return result;
}

TEST(ProbeTest, LearnsTheSizeOfASession) {
  const ProbeResult result = run(FAKE_SOUND);
  EXPECT_THAT(result.failure, IsEmpty());
  EXPECT_EQ(result.session_size, 32U);
}

TEST(ProbeTest, FailureNamesTheTarget) {
  EXPECT_THAT(run(FAKE_NEW_FAILS).failure,
              AllOf(StartsWith("the target 'fake' cannot be observed: "),
                    HasSubstr("SSL_SESSION_new returned NULL")));
}

TEST(ProbeTest, ClaimsThatCannotBeJudged) {
  EXPECT_THAT(run(FAKE_NO_SESSIONS).failure, HasSubstr("LASTREF_CAN_SESSION"));
  EXPECT_THAT(run(FAKE_NO_OBSERVER).failure, HasSubstr("it shows no deaths"));
  EXPECT_THAT(run(FAKE_NEW_UNSUPPORTED).failure, HasSubstr("SSL_SESSION_new was unsupported"));
}

TEST(ProbeTest, BlocksThatAreNotTheHosts) {
  EXPECT_THAT(run(FAKE_INNER_ADDRESS).failure, HasSubstr("not the address of a block"));
}

TEST(ProbeTest, LibraryWithAnAllocatorOfItsOwn) {
  EXPECT_THAT(run(FAKE_OWN_ALLOCATOR).failure, HasSubstr("install the host's allocator"));
}

TEST(ProbeTest, SessionsOfTwoSizes) {
  EXPECT_THAT(run(FAKE_DUP_OF_OTHER_SIZE).failure,
              HasSubstr("SSL_SESSION_dup made a block of 48 bytes, an earlier session had 32"));
}

TEST(ProbeTest, BirthThatIsNotReported) {
  EXPECT_THAT(run(FAKE_NO_BIRTH).failure, HasSubstr("SSL_SESSION_new led to 0 calls"));
}

TEST(ProbeTest, DupThatIsBornTwice) {
  EXPECT_THAT(run(FAKE_DUP_BORN_TWICE).failure, HasSubstr("SSL_SESSION_dup led to 2 calls"));
}

TEST(ProbeTest, DeathThatIsNotReported) {
  EXPECT_THAT(run(FAKE_NO_DEATH).failure,
              HasSubstr("SSL_SESSION_free of a dup led to 0 calls of the host's died()"));
}

TEST(ProbeTest, FreeThatKeepsTheBlock) {
  EXPECT_THAT(run(FAKE_FREE_KEEPS_BLOCK).failure, HasSubstr("its block is still there"));
}

TEST(ProbeTest, ClockOfItsOwn) {
  EXPECT_THAT(run(FAKE_WRONG_CLOCK).failure,
              HasSubstr("has the time 1005, expected the host's clock, 1000"));
}

// Where handshakes give sessions their time, a new one has nothing to say.
TEST(ProbeTest, ClockOfHandshakes) {
  EXPECT_THAT(run(FAKE_WRONG_CLOCK, {"new-time", "zero"}).failure, IsEmpty());
  EXPECT_THAT(run(FAKE_WRONG_CLOCK, {"new-time", "now"}).failure, HasSubstr("has the time 1005"));
}

}  // namespace
}  // namespace lastref
