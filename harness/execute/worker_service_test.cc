#include "harness/execute/worker_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace lastref {
namespace {

using std::chrono::milliseconds;

int warmth = 0;  // what warm() leaves behind for serve()

// The request is a word that says what to do.
void serve(std::span<const std::uint8_t> request, SharedProgress& progress, SharedBytes& answer) {
  const std::string word(request.begin(), request.end());
  progress.begin_operation(5);
  answer.append("got " + word);
  if (word == "warmth") answer.append(" " + std::to_string(++warmth));
  if (word == "abort") abort();
  if (word == "loop") {
    for (volatile bool forever = true; forever;) {
    }
  }
  if (word == "leak") progress.convict(Verdict::kLeak, 3, "s0");
  if (word == "orphan") kill(getppid(), SIGKILL);
  if (word == "orphan") pause();
}

class WorkerServiceTest : public testing::Test {
 protected:
  ~WorkerServiceTest() override {
    service_.reset();
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }
  std::string start(WorkerService::Warm warm) {
    WorkerLimits limits;
    limits.hang = milliseconds(200);
    service_ = std::make_unique<WorkerService>(std::move(warm), serve, limits);
    return service_->start();
  }
  void start_warm() {
    ASSERT_EQ(start([] {
                warmth = 10;
                return std::string();
              }),
              "");
  }
  Answer call(const std::string& word) {
    return service_->call({reinterpret_cast<const std::uint8_t*>(word.data()), word.size()});
  }
  static std::string text(const Answer& answer) {
    return {answer.bytes.begin(), answer.bytes.end()};
  }
  std::unique_ptr<WorkerService> service_;
};

TEST_F(WorkerServiceTest, EveryCallRunsInAFreshCopyOfTheWarmProcess) {
  start_warm();
  for (int i = 0; i < 100; ++i) {
    const Answer answer = call("warmth");
    EXPECT_EQ(answer.record.kind, Verdict::kNone);
    EXPECT_EQ(answer.record.internal_error, 0);
    EXPECT_EQ(text(answer), "got warmth 11");
  }
  EXPECT_EQ(warmth, 0) << "warm() ran in the calling process";
}

TEST_F(WorkerServiceTest, WhatWasAnsweredBeforeACrashArrives) {
  start_warm();
  const Answer answer = call("abort");
  EXPECT_EQ(answer.record.kind, Verdict::kCrash);
  EXPECT_EQ(answer.record.signal, SIGABRT);
  EXPECT_EQ(answer.record.operation, 5U);
  EXPECT_EQ(text(answer), "got abort");
  EXPECT_EQ(text(call("next")), "got next");
}

TEST_F(WorkerServiceTest, HangsAndVerdictsArrive) {
  start_warm();
  EXPECT_EQ(call("loop").record.kind, Verdict::kHang);
  const Answer answer = call("leak");
  EXPECT_EQ(answer.record.kind, Verdict::kLeak);
  EXPECT_EQ(answer.record.operation, 3U);
  EXPECT_EQ(call("nothing").record.kind, Verdict::kNone);
}

TEST_F(WorkerServiceTest, WarmThatFailsSaysWhy) {
  EXPECT_EQ(start([] { return std::string("no such library"); }), "no such library");
  EXPECT_EQ(call("anything").record.internal_error, 1);
}

TEST_F(WorkerServiceTest, WarmThatThrowsOrEndsTheProcessIsAnError) {
  EXPECT_THAT(start([]() -> std::string { throw std::runtime_error("bad symbol"); }),
              testing::HasSubstr("bad symbol"));
  EXPECT_NE(start([]() -> std::string { _exit(0); }), "");
}

TEST_F(WorkerServiceTest, RequestThatIsTooLongIsRefused) {
  start_warm();
  const Answer answer = call(std::string(SharedBytes::kCapacity + 1, 'x'));
  EXPECT_EQ(answer.record.internal_error, 1);
  EXPECT_EQ(text(call("next")), "got next");
}

TEST_F(WorkerServiceTest, WarmProcessThatIsGoneIsAnInternalError) {
  start_warm();
  EXPECT_EQ(call("orphan").record.internal_error, 1);
  EXPECT_EQ(call("next").record.internal_error, 1);
}

TEST_F(WorkerServiceTest, TwoServicesStandSideBySide) {
  start_warm();
  WorkerService other([] { return std::string(); }, serve, WorkerLimits{});
  ASSERT_EQ(other.start(), "");
  EXPECT_EQ(text(call("warmth")), "got warmth 11");
  const std::string word = "warmth";
  EXPECT_EQ(text(other.call({reinterpret_cast<const std::uint8_t*>(word.data()), word.size()})),
            "got warmth 1");
}

}  // namespace
}  // namespace lastref
