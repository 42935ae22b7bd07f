#include "harness/memory/clock.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <thread>

namespace lastref {
namespace {

constexpr std::int64_t kThen = 1'234'567'890;
constexpr std::int64_t kYear2020 = 1'577'836'800;

class ClockTest : public testing::Test {
 protected:
  ClockTest() { set_virtual_clock(kThen); }
  ~ClockTest() override { set_virtual_clock(kClockStart); }
};

std::int64_t seconds_of(clockid_t clock) {
  timespec now{};
  EXPECT_EQ(clock_gettime(clock, &now), 0);
  return now.tv_sec;
}

TEST_F(ClockTest, InsideTheTargetTimeIsVirtual) {
  const TargetScope scope;
  std::time_t stored = 0;
  EXPECT_EQ(time(&stored), kThen);
  EXPECT_EQ(stored, kThen);
  timeval day{};
  EXPECT_EQ(gettimeofday(&day, nullptr), 0);
  EXPECT_EQ(day.tv_sec, kThen);
  EXPECT_EQ(seconds_of(CLOCK_REALTIME), kThen);
  EXPECT_EQ(seconds_of(CLOCK_MONOTONIC), kThen);
  EXPECT_LT(seconds_of(CLOCK_PROCESS_CPUTIME_ID), 1000);
  set_virtual_clock(kThen + 5);
  EXPECT_EQ(time(nullptr), kThen + 5);
}

TEST_F(ClockTest, OutsideOfTheTargetTimeIsReal) {
  const std::time_t now = time(nullptr);
  EXPECT_GT(now, kYear2020);
  timeval day{};
  EXPECT_EQ(gettimeofday(&day, nullptr), 0);
  EXPECT_NEAR(static_cast<double>(day.tv_sec), static_cast<double>(now), 5);
  EXPECT_NEAR(static_cast<double>(seconds_of(CLOCK_REALTIME)), static_cast<double>(now), 5);
  EXPECT_NE(seconds_of(CLOCK_MONOTONIC), kThen);
}

TEST_F(ClockTest, ScopesNest) {
  const TargetScope inside;
  {
    const TargetScope callback(false);
    EXPECT_GT(time(nullptr), kYear2020);
    const TargetScope again;
    EXPECT_EQ(time(nullptr), kThen);
  }
  EXPECT_EQ(time(nullptr), kThen);
}

TEST_F(ClockTest, OtherThreadsKeepTheRealTime) {
  const TargetScope scope;
  std::time_t seen = 0;
  std::thread([&seen] { seen = time(nullptr); }).join();
  EXPECT_GT(seen, kYear2020);
}

TEST_F(ClockTest, ProbeFindsTheInterposers) {
  EXPECT_TRUE(clock_is_interposed());
  EXPECT_EQ(virtual_now(), kThen);
  EXPECT_FALSE(inside_target);
}

TEST_F(ClockTest, RandomBytesAreSeededInsideAndRealOutside) {
  using Bytes = std::array<unsigned char, 32>;
  const auto draw = [](int how) {
    Bytes bytes{};
    if (how == 0) {
      EXPECT_EQ(getrandom(bytes.data(), bytes.size(), 0), 32);
    }
    if (how == 1) {
      EXPECT_EQ(getentropy(bytes.data(), bytes.size()), 0);
    }
    if (how == 2) {
      EXPECT_EQ(syscall(SYS_getrandom, bytes.data(), bytes.size(), 0), 32);
    }
    return bytes;
  };
  for (int how = 0; how < 3; ++how) {
    seed_virtual_random(1);
    const Bytes real = draw(how);
    Bytes first{};
    {
      const TargetScope scope;
      first = draw(how);
      EXPECT_NE(draw(how), first);
      seed_virtual_random(1);
      EXPECT_EQ(draw(how), first);
      seed_virtual_random(2);
      EXPECT_NE(draw(how), first);
    }
    EXPECT_NE(real, first);
    EXPECT_NE(draw(how), real);
  }
}

// One that waits so is to use processor time, by which a hang is told: its yields are ours.
TEST_F(ClockTest, ATargetThatYieldsDoesNotGiveWay) {
  Dl_info yield{};
  Dl_info time{};
  ASSERT_NE(dladdr(dlsym(RTLD_DEFAULT, "sched_yield"), &yield), 0);
  ASSERT_NE(dladdr(dlsym(RTLD_DEFAULT, "clock_gettime"), &time), 0);
  EXPECT_EQ(yield.dli_fbase, time.dli_fbase);
  const TargetScope inside;
  EXPECT_EQ(sched_yield(), 0);
}

TEST_F(ClockTest, OtherSystemCallsGoThrough) {
  const TargetScope scope;
  EXPECT_EQ(syscall(SYS_getpid), getpid());
  EXPECT_EQ(syscall(SYS_close, -1), -1);
  EXPECT_EQ(errno, EBADF);
}

// A library that is loaded while the program runs, as targets are.
class LoadedLibraryTest : public ClockTest {
 protected:
  void SetUp() override {
    library_ = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) GTEST_SKIP() << "no libssl.so.3 on this machine";
  }
  template <typename Function>
  Function* find(const char* name) {
    return reinterpret_cast<Function*>(dlsym(library_, name));
  }
  void* library_ = nullptr;
};

TEST_F(LoadedLibraryTest, SessionsAreBornAtTheVirtualTime) {
  auto* const make = find<void*()>("SSL_SESSION_new");
  auto* const time_of = find<long(const void*)>("SSL_SESSION_get_time");
  auto* const release = find<void(void*)>("SSL_SESSION_free");
  ASSERT_TRUE(make != nullptr && time_of != nullptr && release != nullptr);
  void* session = nullptr;
  {
    const TargetScope scope;
    session = make();
  }
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(time_of(session), kThen);
  release(session);
  session = make();
  EXPECT_GT(time_of(session), kYear2020);
  release(session);
}

}  // namespace
}  // namespace lastref
