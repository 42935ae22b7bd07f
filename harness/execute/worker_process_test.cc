#include "harness/execute/worker_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "harness/execute/shared_memory.h"
#include "harness/memory/clock.h"
#include "harness/memory/heap.h"

namespace lastref {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// An address that no process has mapped, and that no sanitizer minds by itself.
volatile int* unmapped() {
  volatile std::uintptr_t address = 0x1000;
  return static_cast<volatile int*>(to_pointer(address));
}

void burn(milliseconds time) {
  timespec now{};
  const auto used = [&now] {
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  const auto end = used() + time;
  while (used() < end) {
  }
}

// Uses up the stack: the bottom that it looks for is never there.
int descend(int depth) {
  volatile char frame[512];
  frame[0] = static_cast<char>(depth);
  if (depth < 0) return 0;
  return descend(depth % 1000 + 1) + frame[0];
}

class WorkerProcessTest : public testing::Test {
 protected:
  WorkerProcessTest() {
    limits_.hang = milliseconds(100);
    limits_.deadlock = milliseconds(20000);
    prepare_for_workers(*progress_, limits_);
    progress_->begin_program(41);
    progress_->begin_operation(3);
  }
  // No test may leave a child behind, waited for or not.
  ~WorkerProcessTest() override {
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  VerdictRecord run(const std::function<void()>& work) {
    return run_isolated(*progress_, limits_, work);
  }

  WorkerLimits limits_;
  Shared<SharedProgress> progress_;
};

TEST_F(WorkerProcessTest, WorkThatReturnsHasNoVerdict) {
  int here = 0;
  const VerdictRecord record = run([&] {
    here = 1;
    progress_->begin_program(42);
    progress_->end_program(24);
  });
  EXPECT_EQ(record.kind, Verdict::kNone);
  EXPECT_EQ(record.internal_error, 0);
  EXPECT_EQ(here, 0) << "the work ran in this process";
  EXPECT_EQ(progress_->program.load(), 42U);
  EXPECT_EQ(progress_->programs_done.load(), 1U);
  EXPECT_EQ(progress_->operations_done.load(), 24U);
}

TEST_F(WorkerProcessTest, ConvictionsArriveWhole) {
  const VerdictRecord record = run([&] {
    progress_->begin_program(42);
    progress_->begin_operation(7);
    progress_->convict(Verdict::kWrongReturn, 5, "free: 1, not 0");
  });
  EXPECT_EQ(record.kind, Verdict::kWrongReturn);
  EXPECT_EQ(record.program, 42U);
  EXPECT_EQ(record.operation, 5U);
  EXPECT_EQ(record.detail_text(), "free: 1, not 0");
}

TEST_F(WorkerProcessTest, OneVerdictDoesNotReachTheNextWorker) {
  EXPECT_EQ(run([&] { progress_->convict(Verdict::kLeak, 0, "first"); }).kind, Verdict::kLeak);
  const VerdictRecord record = run([] {});
  EXPECT_EQ(record.kind, Verdict::kNone);
  EXPECT_EQ(record.detail_text(), "");
}

TEST_F(WorkerProcessTest, TheFirstVerdictStands) {
  const VerdictRecord record = run([&] {
    progress_->convict(Verdict::kLeak, 1, "leak");
    progress_->convict(Verdict::kHang, 2, "hang");
    abort();
  });
  EXPECT_EQ(record.kind, Verdict::kLeak);
  EXPECT_EQ(record.operation, 1U);
}

TEST_F(WorkerProcessTest, LongDetailIsCut) {
  const VerdictRecord record =
      run([&] { progress_->convict(Verdict::kLeak, 0, std::string(9999, 'x')); });
  EXPECT_EQ(record.detail_text(), std::string(kDetailBytes, 'x'));
}

TEST_F(WorkerProcessTest, InvalidAccessIsACrash) {
  const VerdictRecord record = run([&] {
    progress_->begin_program(43);
    progress_->begin_operation(9);
    const TargetScope scope;
    *unmapped() = 1;
  });
  EXPECT_EQ(record.kind, Verdict::kCrash);
  EXPECT_EQ(record.signal, SIGSEGV);
  EXPECT_EQ(record.address, 0x1000U);
  EXPECT_EQ(record.program, 43U);
  EXPECT_EQ(record.operation, 9U);
  EXPECT_EQ(record.where, Where::kTarget);
  EXPECT_EQ(record.detail_text(), "SIGSEGV");
}

TEST_F(WorkerProcessTest, CrashesOfOurOwnAreToldApart) {
  EXPECT_EQ(run([] { *unmapped() = 1; }).where, Where::kHarness);
}

TEST_F(WorkerProcessTest, EverySignalOfACrashIsRecorded) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) {
    const VerdictRecord record = run([signal] { raise(signal); });
    EXPECT_EQ(record.kind, Verdict::kCrash);
    EXPECT_EQ(record.signal, signal);
    EXPECT_EQ(record.operation, 3U);
  }
}

TEST_F(WorkerProcessTest, AbortIsACrash) {
  const VerdictRecord record = run([] { abort(); });
  EXPECT_EQ(record.kind, Verdict::kCrash);
  EXPECT_EQ(record.signal, SIGABRT);
  EXPECT_EQ(record.detail_text(), "SIGABRT");
}

TEST_F(WorkerProcessTest, TheEndOfTheStackIsACrash) {
  const VerdictRecord record = run([] { descend(0); });
  EXPECT_EQ(record.kind, Verdict::kCrash);
  EXPECT_EQ(record.signal, SIGSEGV);
  EXPECT_EQ(record.detail_text(), "SIGSEGV") << "the handler found no stack to run on";
}

TEST_F(WorkerProcessTest, ExitIsACrash) {
  const VerdictRecord record = run([] { _exit(0); });
  EXPECT_EQ(record.kind, Verdict::kCrash);
  EXPECT_EQ(record.signal, 0);
  EXPECT_THAT(std::string(record.detail_text()), HasSubstr("exit status 0"));
  EXPECT_EQ(record.program, 41U);
}

TEST_F(WorkerProcessTest, KillFromOutsideIsRecordedWithItsProgram) {
  const VerdictRecord record = run([&] {
    progress_->begin_program(44);
    raise(SIGKILL);
  });
  EXPECT_EQ(record.kind, Verdict::kCrash);
  EXPECT_EQ(record.signal, SIGKILL);
  EXPECT_EQ(record.program, 44U);
}

TEST_F(WorkerProcessTest, EndlessLoopIsAHang) {
  const VerdictRecord record = run([&] {
    progress_->begin_program(45);
    progress_->begin_operation(2);
    const TargetScope scope;
    burn(milliseconds(60000));
  });
  EXPECT_EQ(record.kind, Verdict::kHang);
  EXPECT_EQ(record.program, 45U);
  EXPECT_EQ(record.operation, 2U);
  EXPECT_EQ(record.where, Where::kTarget);
}

TEST_F(WorkerProcessTest, EndlessProgramOfShortOperationsIsAHang) {
  const VerdictRecord record = run([&] {
    for (std::uint32_t i = 0; i < 3000; ++i) {
      progress_->begin_operation(i);
      burn(milliseconds(20));
    }
  });
  EXPECT_EQ(record.kind, Verdict::kHang);
  EXPECT_THAT(std::string(record.detail_text()), HasSubstr("program"));
}

TEST_F(WorkerProcessTest, ManyProgramsAreNoHang) {
  const VerdictRecord record = run([&] {
    for (std::uint64_t i = 0; i < 20; ++i) {
      progress_->begin_program(i);
      burn(milliseconds(20));
    }
  });
  EXPECT_EQ(record.kind, Verdict::kNone);
}

TEST_F(WorkerProcessTest, SleepingForEverIsADeadlock) {
  limits_.deadlock = milliseconds(200);
  const VerdictRecord record = run([&] {
    progress_->begin_program(46);
    progress_->begin_operation(8);
    pause();
  });
  EXPECT_EQ(record.kind, Verdict::kDeadlock);
  EXPECT_EQ(record.program, 46U);
  EXPECT_EQ(record.operation, 8U);
}

TEST_F(WorkerProcessTest, WorkersThatGetOnOrComputeAreNotDeadlocked) {
  limits_.deadlock = milliseconds(400);
  limits_.hang = milliseconds(20000);
  EXPECT_EQ(run([] { burn(milliseconds(800)); }).kind, Verdict::kNone);
  const VerdictRecord record = run([&] {
    for (std::uint32_t i = 0; i < 20; ++i) {
      progress_->begin_operation(i);
      usleep(40000);
    }
  });
  EXPECT_EQ(record.kind, Verdict::kNone);
}

// On the first processor of this process's, where another process keeps it from getting on.
void move_to_first_processor() {
  cpu_set_t all;
  sched_getaffinity(0, sizeof all, &all);
  cpu_set_t first;
  CPU_ZERO(&first);
  for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&first) == 0; ++i) {
    if (CPU_ISSET(i, &all)) CPU_SET(i, &first);
  }
  sched_setaffinity(0, sizeof first, &first);
}

TEST_F(WorkerProcessTest, AWorkerThatGetsNoProcessorIsNotDeadlocked) {
  limits_.deadlock = milliseconds(100);
  limits_.hang = milliseconds(20000);
  const pid_t hog = fork();
  if (hog == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    move_to_first_processor();
    for (;;) burn(milliseconds(1000));
  }
  const VerdictRecord record = run([] {
    move_to_first_processor();
    const sched_param none{};
    sched_setscheduler(0, SCHED_IDLE, &none);
    burn(milliseconds(3));
  });
  kill(hog, SIGKILL);
  waitpid(hog, nullptr, 0);
  EXPECT_EQ(record.kind, Verdict::kNone);
}

class HeapInWorkerTest : public WorkerProcessTest {
 protected:
  HeapInWorkerTest() { EXPECT_EQ(heap().reserve(), ""); }
  ~HeapInWorkerTest() override { heap().discard(); }
};

TEST_F(HeapInWorkerTest, AllocatingWithoutEndIsRunawayMemory) {
  limits_.hang = milliseconds(20000);
  heap().set_bound(std::size_t{4} << 20);
  const VerdictRecord record = run([&] {
    progress_->begin_program(47);
    progress_->begin_operation(6);
    const TargetScope scope;
    for (;;) heap().allocate(1000);
  });
  EXPECT_EQ(record.kind, Verdict::kRunawayMemory);
  EXPECT_EQ(record.program, 47U);
  EXPECT_EQ(record.operation, 6U);
  EXPECT_THAT(std::string(record.detail_text()), HasSubstr("bytes"));
}

#if LASTREF_ASAN
TEST_F(HeapInWorkerTest, SanitizerReportsAreVerdicts) {
  const VerdictRecord use = run([] {
    heap().set_session_size(928);
    auto* const block = static_cast<volatile char*>(heap().allocate(928));
    heap().release(const_cast<char*>(block));
    block[720] = 1;
  });
  EXPECT_EQ(use.kind, Verdict::kUseAfterFree);
  EXPECT_THAT(std::string(use.detail_text()), HasSubstr("byte 720 of a released session's block"));

  const VerdictRecord beyond = run([] {
    auto* const block = static_cast<volatile char*>(heap().allocate(40));
    block[40] = 1;
  });
  EXPECT_EQ(beyond.kind, Verdict::kHeapCorruption);

  const VerdictRecord own = run([] {
    auto* volatile const block = static_cast<volatile char*>(malloc(10));
    free(const_cast<char*>(block));
    block[3] = 1;
  });
  EXPECT_EQ(own.kind, Verdict::kUseAfterFree);
}
#endif

TEST_F(WorkerProcessTest, ExceptionsAreInternalErrors) {
  const VerdictRecord record = run([] { throw std::runtime_error("lost the thread"); });
  EXPECT_EQ(record.internal_error, 1);
  EXPECT_EQ(record.detail_text(), "lost the thread");
}

TEST_F(WorkerProcessTest, OutputOfSilentWorkersIsSwallowed) {
  testing::internal::CaptureStderr();
  run([] { static_cast<void>(write(STDERR_FILENO, "silent", 6)); });
  limits_.silent = false;
  run([] { static_cast<void>(write(STDERR_FILENO, "loud", 4)); });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "loud");
}

// Kills the parent of a worker that waits for ever: the worker must end as well.
TEST_F(WorkerProcessTest, WorkersDieWithTheirParent) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t parent = fork();
  if (parent == 0) {
    run([&] {
      progress_->begin_program(static_cast<std::uint64_t>(getpid()));
      pause();
    });
    _exit(0);
  }
  while (progress_->program.load() == 41) usleep(1000);
  const auto worker = static_cast<pid_t>(progress_->program.load());
  ASSERT_EQ(kill(parent, SIGKILL), 0);
  ASSERT_EQ(waitpid(parent, nullptr, 0), parent);
  int status = 0;
  ASSERT_EQ(waitpid(worker, &status, 0), worker);  // came to us, the subreaper
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace
}  // namespace lastref
