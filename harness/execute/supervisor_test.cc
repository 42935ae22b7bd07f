#include "harness/execute/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

#include "harness/execute/shared_memory.h"

namespace lastref {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kPrograms = 1000;

// What every test's programs leave for the test to look at.
struct Seen {
  std::array<std::atomic<std::uint32_t>, kPrograms> times{};
  std::array<std::atomic<std::uint64_t>, kPrograms> history{};
};

class SupervisorTest : public testing::Test {
 protected:
  SupervisorTest() {
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans come to us, so that none goes unnoticed
    options_.programs = kPrograms;
    options_.chunk = 64;
    options_.limits.hang = milliseconds(200);
    options_.on_verdict = [this](const VerdictRecord& record) {
      EXPECT_TRUE(verdicts_.emplace(record.program, record).second) << "told twice";
      return true;
    };
  }
  ~SupervisorTest() override {
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process is left";
    EXPECT_EQ(errno, ECHILD);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
  }

  // A job that does `program` for every index.
  Job job(const std::function<void(std::uint64_t, SharedProgress&)>& program) {
    return {[] { return std::string(); },
            [this, program](std::uint64_t first, std::uint64_t end, SharedProgress& progress) {
              for (std::uint64_t i = first; i < end && !progress.stopping(); ++i) {
                progress.begin_program(i);
                if (i < kPrograms) seen_->times[i].fetch_add(1);
                program(i, progress);
                if (progress.convicted.load() != 0) return;
                progress.end_program(3);
                progress.count(1, i);
              }
            }};
  }
  static Job idle_job() {
    return {[] { return std::string(); }, [](std::uint64_t, std::uint64_t, SharedProgress&) {}};
  }
  void expect_each_program_once() {
    for (std::uint64_t i = 0; i < kPrograms; ++i) {
      ASSERT_EQ(seen_->times[i].load(), 1U) << "program " << i;
    }
  }

  SupervisorOptions options_;
  std::map<std::uint64_t, VerdictRecord> verdicts_;
  Shared<Seen> seen_;
};

class SupervisorJobsTest : public SupervisorTest, public testing::WithParamInterface<int> {
 protected:
  SupervisorJobsTest() { options_.jobs = GetParam(); }
};
INSTANTIATE_TEST_SUITE_P(Jobs, SupervisorJobsTest, testing::Values(1, 2, 5));

TEST_P(SupervisorJobsTest, RunsEachProgramOfTheBudgetOnce) {
  const RunReport report = supervise(job([](std::uint64_t, SharedProgress&) {}), options_);
  EXPECT_EQ(report.end, RunEnd::kDone);
  EXPECT_EQ(report.error, "");
  EXPECT_EQ(report.totals.programs, kPrograms);
  EXPECT_EQ(report.totals.operations, 3 * kPrograms);
  EXPECT_EQ(report.totals.verdicts, 0U);
  EXPECT_EQ(report.totals.tallies[1], kPrograms * (kPrograms - 1) / 2);
  expect_each_program_once();
}

TEST_P(SupervisorJobsTest, GoesOnBehindEveryKindOfVerdict) {
  const auto program = [](std::uint64_t i, SharedProgress& progress) {
    progress.begin_operation(2);
    if (i % 10 == 0) progress.convict(Verdict::kLeak, 1, std::to_string(i));
    if (i % 100 == 1) abort();
    if (i == 63 || i == 64 || i == kPrograms - 1) _exit(1);
    if (i == 202) raise(SIGKILL);
    if (i == 303) {
      for (volatile bool forever = true; forever;) {
      }
    }
  };
  const RunReport report = supervise(job(program), options_);
  EXPECT_EQ(report.end, RunEnd::kDone);
  EXPECT_EQ(report.totals.programs, kPrograms);
  EXPECT_EQ(report.totals.verdicts, 100U + 10 + 3 + 2);
  expect_each_program_once();
  ASSERT_EQ(verdicts_.size(), report.totals.verdicts);
  EXPECT_EQ(verdicts_[120].kind, Verdict::kLeak);
  EXPECT_EQ(verdicts_[120].detail_text(), "120");
  EXPECT_EQ(verdicts_[101].signal, SIGABRT);
  EXPECT_EQ(verdicts_[101].operation, 2U);
  EXPECT_EQ(verdicts_[64].kind, Verdict::kCrash);
  EXPECT_EQ(verdicts_[202].signal, SIGKILL);
  EXPECT_EQ(verdicts_[303].kind, Verdict::kHang);
}

// A worker's history is that of its chunk, whoever ran it.
TEST_P(SupervisorJobsTest, WhatAProgramSeesDoesNotDependOnTheJobs) {
  std::uint64_t history = 0;
  const auto program = [&](std::uint64_t i, SharedProgress& progress) {
    history = history * 31 + i;
    seen_->history[i].store(history);
    if (i % 100 == 50) progress.convict(Verdict::kLeak, 0, "");
  };
  supervise(job(program), options_);
  std::uint64_t expected = 0;
  for (std::uint64_t i = 0; i < kPrograms; ++i) {
    if (i % options_.chunk == 0 || i % 100 == 51) expected = 0;
    expected = expected * 31 + i;
    ASSERT_EQ(seen_->history[i].load(), expected) << i;
  }
}

TEST_P(SupervisorJobsTest, FailingToStartSaysWhy) {
  Job broken = idle_job();
  broken.warm = [] { return std::string("libssl.so.9: no such file"); };
  const RunReport report = supervise(broken, options_);
  EXPECT_EQ(report.end, RunEnd::kCouldNotStart);
  EXPECT_EQ(report.error, "libssl.so.9: no such file");
  EXPECT_EQ(report.totals.programs, 0U);
}

TEST_F(SupervisorTest, DyingWhileItStartsIsAFailureToStart) {
  Job broken = idle_job();
  broken.warm = []() -> std::string {
    raise(SIGKILL);
    return {};
  };
  RunReport report = supervise(broken, options_);
  EXPECT_EQ(report.end, RunEnd::kCouldNotStart);
  EXPECT_THAT(report.error, testing::HasSubstr("signal 9"));
  broken.warm = []() -> std::string { _exit(7); };
  report = supervise(broken, options_);
  EXPECT_THAT(report.error, testing::HasSubstr("exit status 7"));
  broken.warm = []() -> std::string { throw std::runtime_error("bad symbol"); };
  report = supervise(broken, options_);
  EXPECT_EQ(report.end, RunEnd::kCouldNotStart);
  EXPECT_THAT(report.error, testing::HasSubstr("bad symbol"));
}

TEST_F(SupervisorTest, ExceptionInTheWorkIsAnInternalError) {
  const auto program = [](std::uint64_t i, SharedProgress&) {
    if (i == 70) throw std::runtime_error("the model is lost");
  };
  const RunReport report = supervise(job(program), options_);
  EXPECT_EQ(report.end, RunEnd::kInternalError);
  EXPECT_EQ(report.error, "the model is lost");
}

TEST_F(SupervisorTest, LosingAWarmProcessIsAnInternalErrorAndNoHang) {
  options_.jobs = 2;
  const auto program = [](std::uint64_t i, SharedProgress&) {
    if (i != 500) return;
    kill(getppid(), SIGKILL);
    pause();
  };
  const RunReport report = supervise(job(program), options_);
  EXPECT_EQ(report.end, RunEnd::kInternalError);
  EXPECT_THAT(report.error, testing::HasSubstr("signal 9"));
  while (waitpid(-1, nullptr, 0) > 0) {  // its worker, which came to us
  }
}

TEST_F(SupervisorTest, TheCallerCanStopAtAVerdict) {
  int told = 0;
  options_.on_verdict = [&told](const VerdictRecord&) {
    usleep(20000);  // meanwhile more of them queue up, which must not be told any more
    return ++told < 3;
  };
  const auto program = [](std::uint64_t i, SharedProgress& progress) {
    if (i % 2 == 0) progress.convict(Verdict::kLeak, 0, "");
  };
  const RunReport report = supervise(job(program), options_);
  EXPECT_EQ(report.end, RunEnd::kStopped);
  EXPECT_EQ(told, 3);
  EXPECT_LT(report.totals.programs, kPrograms);
}

TEST_F(SupervisorTest, ABudgetOfTimeEndsTheRun) {
  options_.programs = kNoProgramLimit;
  options_.time = milliseconds(300);
  options_.jobs = 2;
  const auto start = Clock::now();
  const RunReport report = supervise(job([](std::uint64_t, SharedProgress&) {}), options_);
  EXPECT_EQ(report.end, RunEnd::kDone);
  EXPECT_GE(Clock::now() - start, milliseconds(300));
  EXPECT_LT(Clock::now() - start, milliseconds(5000));
  EXPECT_GT(report.totals.programs, kPrograms);
}

TEST_F(SupervisorTest, NoProgramsIsDoneAtOnce) {
  options_.programs = 0;
  const RunReport report = supervise(job([](std::uint64_t, SharedProgress&) {}), options_);
  EXPECT_EQ(report.end, RunEnd::kDone);
  EXPECT_EQ(report.totals.programs, 0U);
}

int caller_heard = 0;

class SupervisorSignalTest : public SupervisorTest, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Signals, SupervisorSignalTest, testing::Values(SIGINT, SIGTERM));

TEST_P(SupervisorSignalTest, StopsTheRunAndKeepsWhatWasDone) {
  caller_heard = 0;
  signal(GetParam(), [](int) { ++caller_heard; });
  options_.programs = kNoProgramLimit;
  options_.jobs = 2;
  bool raised = false;
  options_.on_progress = [&raised](const RunTotals& totals) {
    if (totals.programs == 0 || raised) return true;
    raised = true;
    raise(GetParam());
    return true;
  };
  const RunReport report = supervise(job([](std::uint64_t, SharedProgress&) {}), options_);
  EXPECT_EQ(report.end, RunEnd::kInterrupted);
  EXPECT_EQ(report.signal, GetParam());
  EXPECT_GT(report.totals.programs, 0U);
  EXPECT_EQ(caller_heard, 0);
  raise(GetParam());
  EXPECT_EQ(caller_heard, 1) << "the caller's handler did not come back";
  signal(GetParam(), SIG_DFL);
}

TEST_F(SupervisorTest, ASecondSignalEndsItAtOnce) {
  options_.limits.hang = milliseconds(60000);
  options_.on_progress = [](const RunTotals&) { return raise(SIGINT) == 0; };
  const auto start = Clock::now();
  const RunReport report =
      supervise(job([](std::uint64_t, SharedProgress&) { sleep(60); }), options_);
  EXPECT_EQ(report.end, RunEnd::kInterrupted);
  EXPECT_LT(Clock::now() - start, milliseconds(10000));
  while (waitpid(-1, nullptr, 0) > 0) {
  }
}

TEST_F(SupervisorTest, StopsWhenProgressSaysSo) {
  options_.programs = kNoProgramLimit;
  options_.on_progress = [](const RunTotals& totals) { return totals.programs == 0; };
  const RunReport report = supervise(job([](std::uint64_t, SharedProgress&) {}), options_);
  EXPECT_EQ(report.end, RunEnd::kStopped);
  EXPECT_GT(report.totals.programs, 0U);
}

TEST_F(SupervisorTest, ACallbackThatThrowsLeavesNoProcess) {
  options_.programs = kNoProgramLimit;
  options_.on_progress = [](const RunTotals&) -> bool { throw std::runtime_error("enough"); };
  EXPECT_THROW(supervise(job([](std::uint64_t, SharedProgress&) {}), options_), std::runtime_error);
  while (waitpid(-1, nullptr, 0) > 0) {  // a worker may still be on its way to us
  }
}

TEST_F(SupervisorTest, EverythingDiesWithTheCaller) {
  options_.programs = kNoProgramLimit;
  options_.jobs = 2;
  const pid_t caller = fork();
  if (caller == 0) {
    supervise(job([](std::uint64_t, SharedProgress&) {}), options_);
    _exit(0);
  }
  while (seen_->times[kPrograms - 1].load() == 0) usleep(1000);
  ASSERT_EQ(kill(caller, SIGKILL), 0);
  int ended = 0;
  while (waitpid(-1, nullptr, 0) > 0) ++ended;  // returns only because they do end
  EXPECT_GE(ended, 3);
}

}  // namespace
}  // namespace lastref
