#include "harness/execute/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "harness/execute/worker_guard.h"
#include "harness/memory/heap.h"

namespace lastref {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Where the output of silent workers goes; -1 until it was opened.
int null_device = -1;

// Processor time that a process has used, or nothing when it is gone.
milliseconds processor_time(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
  return std::chrono::duration_cast<milliseconds>(std::chrono::seconds(used.tv_sec) +
                                                  std::chrono::nanoseconds(used.tv_nsec));
}

// Whether a thread of the process waits for a processor or has one, or for a disk, as for a page
// that the kernel took away: then it does not sleep, however little it gets on a busy machine.
// False when it is gone.
bool gets_on(pid_t pid) {
  std::error_code ignored;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, ignored)) {
    std::ifstream file(task.path() / "stat");
    std::string line;
    std::getline(file, line);
    // "PID (NAME) STATE ...", where a name may have brackets of its own; proc(5).
    const std::size_t bracket = line.rfind(')');
    if (bracket == std::string::npos) continue;
    const std::string state = line.substr(bracket, 3);
    if (state == ") R" || state == ") D") return true;
  }
  return false;
}

// Waits up to `time` for the process to end, without taking its status.
void await_end(pid_t pid, int process, milliseconds time) {
  if (process >= 0) {
    pollfd ended{process, POLLIN, 0};
    poll(&ended, 1, static_cast<int>(time.count()));
    return;
  }
  // No pidfd on this kernel: look every millisecond.
  const auto end = Clock::now() + time;
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0 && Clock::now() < end) {
    usleep(1000);
  }
}

// Waits for a worker and returns its wait status. One that neither gets on nor uses the processor
// for `limit` is killed, and `deadlocked` set.
int await_worker(pid_t pid, const SharedProgress& progress, milliseconds limit, bool& deadlocked) {
  const int process = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  const milliseconds slice = std::max(limit / 8, milliseconds{5});
  std::uint64_t program = 0;
  std::uint32_t operation = 0;
  milliseconds used{0};
  auto since = Clock::now();
  int status = 0;
  for (;;) {
    await_end(pid, process, slice);
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid || (ended < 0 && errno != EINTR)) break;
    const std::uint64_t now_program = progress.program.load(std::memory_order_relaxed);
    const std::uint32_t now_operation = progress.operation.load(std::memory_order_relaxed);
    const milliseconds now_used = processor_time(pid);
    // One that sleeps and wakes all the time uses little: a twentieth is the line.
    if (now_program != program || now_operation != operation || now_used - used > slice / 20 ||
        gets_on(pid)) {
      since = Clock::now();
    }
    program = now_program;
    operation = now_operation;
    used = now_used;
    if (Clock::now() - since >= limit) {
      deadlocked = true;
      kill(pid, SIGKILL);
      while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      }
      break;
    }
  }
  if (process >= 0) close(process);
  return status;
}

[[noreturn]] void run_worker(SharedProgress& progress, const WorkerLimits& limits, pid_t parent,
                             const std::function<void()>& work) {
  die_with_parent(parent);
  if (limits.silent && null_device >= 0) {
    dup2(null_device, STDOUT_FILENO);
    dup2(null_device, STDERR_FILENO);
  }
  arm_worker_guard(limits.hang);
  const auto fail = [&progress](std::string_view what) {
    progress.verdict.internal_error = 1;
    progress.convict(Verdict::kNone, progress.operation.load(), what);
  };
  try {
    work();
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("an exception of an unknown type left the worker");
  }
  _exit(kWorkerDone);
}

// What a wait status says of a worker that recorded nothing.
void judge_status(int status, bool deadlocked, VerdictRecord& record) {
  if (deadlocked) {
    record.kind = Verdict::kDeadlock;
    record.set_detail("the operation waits without end");
  } else if (WIFSIGNALED(status)) {
    record.kind = Verdict::kCrash;
    record.signal = WTERMSIG(status);
    record.set_detail(std::string("the process was ended by signal ") +
                      std::to_string(record.signal) + " (" + strsignal(record.signal) + ")");
  } else if (WEXITSTATUS(status) != kWorkerDone) {
    record.kind = Verdict::kCrash;
    record.set_detail("the target ended the process with exit status " +
                      std::to_string(WEXITSTATUS(status)));
  }
}

}  // namespace

void die_with_parent(int parent_pid) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent_pid) _exit(kWorkerDone);
}

void prepare_for_workers(SharedProgress& progress, const WorkerLimits& limits) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int ignored : {SIGINT, SIGTERM, SIGHUP}) signal(ignored, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);  // ignored, it would take our wait statuses away
  if (null_device < 0) null_device = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (limits.heap_bytes != 0) heap().set_bound(limits.heap_bytes);
  install_worker_guard(progress);
}

VerdictRecord run_isolated(SharedProgress& progress, const WorkerLimits& limits,
                           const std::function<void()>& work) {
  progress.verdict = VerdictRecord{};
  progress.memory = MemoryFault{};
  progress.struck = StruckOperation{};
  progress.convicted.store(0, std::memory_order_relaxed);
  const pid_t self = getpid();
  const pid_t pid = fork();
  if (pid == 0) run_worker(progress, limits, self, work);
  VerdictRecord record;
  if (pid < 0) {
    record.internal_error = 1;
    record.set_detail(std::string("cannot fork a worker: ") + std::strerror(errno));
    return record;
  }
  bool deadlocked = false;
  const int status = await_worker(pid, progress, limits.deadlock, deadlocked);
  if (progress.convicted.load(std::memory_order_acquire) != 0) return progress.verdict;
  record.program = progress.program.load();
  record.operation = progress.operation.load();
  judge_status(status, deadlocked, record);
  return record;
}

}  // namespace lastref
