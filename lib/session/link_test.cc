// A session's home: who pins it is waited for. Two threads that meet there by chance are the stress
// test's; here they must.
#include "lib/session/link.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "lib/session/context.h"

namespace lr {
namespace {

class HomeTest : public ::testing::Test {
 protected:
  HomeTest() { EXPECT_TRUE(home_.claim(context())); }

  // Never looked into.
  LR_CTX* context() { return reinterpret_cast<LR_CTX*>(&storage_); }

  // Runs `act` in another thread until it is seen to wait, then unpins.
  template <class Act>
  void expect_waits(const Act& act) {
    std::atomic<bool> started{false};
    std::atomic<bool> done{false};
    std::thread waiting([&] {
      started = true;
      act();
      done = true;
    });
    while (!started) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_FALSE(done);
    home_.unpin(context());
    waiting.join();
  }

  Home home_;
  long storage_ = 0;
};

TEST_F(HomeTest, IsLeftOnlyWhenItIsNotPinned) {
  ASSERT_EQ(home_.pin(), context());
  expect_waits([this] { home_.leave(context()); });
  EXPECT_TRUE(home_.none());
  EXPECT_EQ(home_.pin(), nullptr);
}

TEST_F(HomeTest, IsPinnedByOneAtATime) {
  ASSERT_EQ(home_.pin(), context());
  EXPECT_TRUE(home_.is(context()));
  expect_waits([this] { EXPECT_EQ(home_.pin(), context()); });
  EXPECT_TRUE(home_.is(context()));
}

TEST_F(HomeTest, IsClaimedByOne) {
  long other = 0;
  EXPECT_FALSE(home_.claim(reinterpret_cast<LR_CTX*>(&other)));
  home_.leave(context());
  EXPECT_TRUE(home_.claim(reinterpret_cast<LR_CTX*>(&other)));
}

}  // namespace
}  // namespace lr
