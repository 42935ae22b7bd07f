#include "harness/execute/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "harness/execute/shared_memory.h"
#include "harness/execute/worker_zygote.h"

namespace lastref {
namespace {

using Clock = std::chrono::steady_clock;

// What is left for workers to notice a stop, beyond the longest that a program may take.
constexpr std::chrono::milliseconds kStopGrace{1000};

// Signals that asked us to stop; written by the handler.
volatile std::sig_atomic_t last_signal = 0;
volatile std::sig_atomic_t signal_count = 0;

void on_stop_signal(int signal) {
  last_signal = signal;
  const int count = signal_count;
  signal_count = count + 1;
}

// Has the handlers of a run in place while it lives.
class RunSignals {
 public:
  explicit RunSignals(bool stop_on_signals) : stop_on_signals_(stop_on_signals) {
    last_signal = 0;
    signal_count = 0;
    // A caller who ignored it would take the wait statuses of our children away.
    exchange(SIGCHLD, SIG_DFL, child_);
    if (!stop_on_signals_) return;
    exchange(SIGINT, on_stop_signal, interrupt_);
    exchange(SIGTERM, on_stop_signal, terminate_);
  }
  ~RunSignals() {
    sigaction(SIGCHLD, &child_, nullptr);
    if (!stop_on_signals_) return;
    sigaction(SIGINT, &interrupt_, nullptr);
    sigaction(SIGTERM, &terminate_, nullptr);
  }
  RunSignals(const RunSignals&) = delete;
  RunSignals& operator=(const RunSignals&) = delete;

 private:
  static void exchange(int signal, void (*handler)(int), struct sigaction& before) {
    struct sigaction action {};
    action.sa_handler = handler;  // no SA_RESTART: poll() is to return
    sigaction(signal, &action, &before);
  }

  bool stop_on_signals_;
  struct sigaction child_ {};
  struct sigaction interrupt_ {};
  struct sigaction terminate_ {};
};

struct Slot {
  Shared<SharedProgress> progress;
  pid_t pid = 0;        // of the zygote; 0 when it has been waited for
  bool killed = false;  // by us
};

// One run: its zygotes, the pipe that they write to, and what was heard so far.
class Run {
 public:
  Run(const Job& job, const SupervisorOptions& options) : job_(job), options_(options) {}
  // Also when a callback threw: nothing of the run stays behind.
  ~Run() {
    kill_all();
    reap_all();
    if (pipe_ >= 0) close(pipe_);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  RunReport report() {
    start_ = Clock::now();
    if (start_zygotes()) {
      while (listen()) watch();
    }
    reap_all();
    report_.totals = totals();
    if (options_.on_progress && report_.error.empty()) options_.on_progress(report_.totals);
    return report_;
  }

 private:
  bool start_zygotes() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail("cannot make a pipe");
    pipe_ = ends[0];
    const int jobs = std::clamp(options_.jobs, 1, kMaxJobs);
    for (int slot = 0; slot < jobs; ++slot) slots_.emplace_back();
    const pid_t self = getpid();
    for (int slot = 0; slot < jobs && report_.error.empty(); ++slot) {
      const pid_t pid = fork();
      if (pid == 0) {
        close(pipe_);
        run_zygote(slot, self, ends[1], job_, options_, *control_,
                   *slots_[static_cast<std::size_t>(slot)].progress);
      }
      slots_[static_cast<std::size_t>(slot)].pid = pid;
      if (pid < 0) fail("cannot fork");
    }
    close(ends[1]);
    return true;  // those that did start are waited for
  }

  // Reads what the zygotes write for as long as kProgressInterval. False at the end: every process
  // that had the pipe is gone.
  bool listen() {
    const auto end = Clock::now() + kProgressInterval;
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
      pollfd readable{pipe_, POLLIN, 0};
      if (left.count() < 0 || poll(&readable, 1, static_cast<int>(left.count()) + 1) <= 0) {
        return true;
      }
      // Messages are written in one piece and are all that is written: they arrive whole.
      ZygoteMessage message;
      const ssize_t got = read(pipe_, &message, sizeof message);
      if (got == 0) return false;
      if (got == sizeof message) hear(message);
    }
  }

  void hear(const ZygoteMessage& message) {
    switch (message.news) {
      case ZygoteNews::kVerdict:
        ++report_.totals.verdicts;
        if (report_.end == RunEnd::kStopped || !options_.on_verdict) break;
        if (!options_.on_verdict(message.record)) stop(RunEnd::kStopped);
        break;
      case ZygoteNews::kCouldNotStart:
        stop(RunEnd::kCouldNotStart, std::string(message.record.detail_text()));
        break;
      case ZygoteNews::kInternalError:
        stop(RunEnd::kInternalError, std::string(message.record.detail_text()));
        break;
    }
  }

  // What is to be done every kProgressInterval.
  void watch() {
    if (options_.on_progress && !options_.on_progress(totals())) stop(RunEnd::kStopped);
    if (signal_count > 0) stop(RunEnd::kInterrupted);
    if (options_.time.count() > 0 && Clock::now() - start_ >= options_.time) stop(RunEnd::kDone);
    const bool overdue = stopping_ && Clock::now() - stopped_ >
                                          options_.limits.hang * kProgramHangFactor + kStopGrace;
    if (overdue || signal_count > 1) kill_all();
  }

  // Asks all workers to stop. The first reason stands, but for an error.
  void stop(RunEnd why, const std::string& error = {}) {
    if (!error.empty() && report_.error.empty()) {
      report_.end = why;
      report_.error = error;
    }
    if (stopping_) return;
    stopping_ = true;
    stopped_ = Clock::now();
    report_.end = why;
    report_.signal = why == RunEnd::kInterrupted ? static_cast<int>(last_signal) : 0;
    for (Slot& slot : slots_) slot.progress->stop.store(1);
  }

  bool fail(const char* what) {
    stop(RunEnd::kInternalError, std::string(what) + ": " + std::strerror(errno));
    return false;
  }

  // Their workers die with them.
  void kill_all() {
    for (Slot& slot : slots_) {
      if (slot.pid <= 0) continue;
      slot.killed = true;
      kill(slot.pid, SIGKILL);
    }
  }

  void reap_all() {
    for (Slot& slot : slots_) {
      if (slot.pid <= 0) continue;
      int status = 0;
      while (waitpid(slot.pid, &status, 0) < 0 && errno == EINTR) {
      }
      slot.pid = 0;
      if (slot.killed || !report_.error.empty()) continue;
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
      explain(slot, status);
    }
  }

  // A zygote ended and did not say why.
  void explain(const Slot& slot, int status) {
    const std::string how = WIFSIGNALED(status)
                                ? "signal " + std::to_string(WTERMSIG(status)) + " (" +
                                      strsignal(WTERMSIG(status)) + ")"
                                : "exit status " + std::to_string(WEXITSTATUS(status));
    const auto index = static_cast<std::size_t>(&slot - slots_.data());
    if (control_->warm[index].load() != 0) {
      stop(RunEnd::kInternalError, "a process that starts workers ended by " + how);
    } else {
      stop(RunEnd::kCouldNotStart, "the process ended while the target was started: " + how);
    }
  }

  RunTotals totals() const {
    RunTotals sum;
    sum.verdicts = report_.totals.verdicts;
    for (const Slot& slot : slots_) {
      sum.programs += slot.progress->programs_done.load();
      sum.operations += slot.progress->operations_done.load();
      for (std::size_t i = 0; i < kTallies; ++i) sum.tallies[i] += slot.progress->tallies[i].load();
    }
    return sum;
  }

  const Job& job_;
  const SupervisorOptions& options_;
  Shared<RunControl> control_;
  std::vector<Slot> slots_;
  int pipe_ = -1;
  RunReport report_;
  bool stopping_ = false;
  Clock::time_point start_;
  Clock::time_point stopped_;
};

}  // namespace

RunReport supervise(const Job& job, const SupervisorOptions& options) {
  const RunSignals signals(options.stop_on_signals);
  return Run(job, options).report();
}

}  // namespace lastref
