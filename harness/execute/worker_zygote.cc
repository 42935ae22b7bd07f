#include "harness/execute/worker_zygote.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <string>

namespace lastref {
namespace {

constexpr int kExitCouldNotStart = 3;
constexpr int kExitInternalError = 4;

class Zygote {
 public:
  Zygote(int slot, int pipe, const Job& job, const SupervisorOptions& options, RunControl& control,
         SharedProgress& progress)
      : slot_(slot),
        pipe_(pipe),
        job_(job),
        options_(options),
        control_(control),
        progress_(progress) {}

  int run() {
    if (const std::string error = warm(); !error.empty()) {
      VerdictRecord record;
      record.set_detail(error);
      tell(ZygoteNews::kCouldNotStart, record);
      return kExitCouldNotStart;
    }
    prepare_for_workers(progress_, options_.limits);
    control_.warm[static_cast<std::size_t>(slot_)].store(1);
    while (!progress_.stopping()) {
      const std::uint64_t first = control_.next_program.fetch_add(options_.chunk);
      if (first >= options_.programs) break;
      const std::uint64_t left = options_.programs - first;
      if (!run_chunk(first, first + std::min(options_.chunk, left))) return kExitInternalError;
    }
    return 0;
  }

 private:
  std::string warm() const {
    try {
      return job_.warm();
    } catch (const std::exception& error) {
      return std::string("starting the target failed: ") + error.what();
    }
  }

  // False when the chunk could not be run for a reason of our own.
  bool run_chunk(std::uint64_t first, std::uint64_t end) {
    while (first < end && !progress_.stopping()) {
      progress_.begin_program(first);
      VerdictRecord record =
          run_isolated(progress_, options_.limits, [&] { job_.work(first, end, progress_); });
      if (record.internal_error != 0) {
        tell(ZygoteNews::kInternalError, record);
        return false;
      }
      if (record.kind == Verdict::kNone) return true;
      // A target that writes anywhere may have written to the record as well.
      record.program = std::clamp(record.program, first, end - 1);
      record.detail_size = std::min<std::uint32_t>(record.detail_size, kDetailBytes);
      progress_.end_program((record.operation & kOperationIndex) + 1);
      tell(ZygoteNews::kVerdict, record);
      first = record.program + 1;
    }
    return true;
  }

  void tell(ZygoteNews news, const VerdictRecord& record) const {
    const ZygoteMessage message{news, slot_, record};
    // Waits while the pipe is full. Fails only when the supervisor is gone, which ends us anyway.
    while (write(pipe_, &message, sizeof message) < 0 && errno == EINTR) {
    }
  }

  int slot_;
  int pipe_;
  const Job& job_;
  const SupervisorOptions& options_;
  RunControl& control_;
  SharedProgress& progress_;
};

}  // namespace

void run_zygote(int slot, int parent_pid, int pipe, const Job& job,
                const SupervisorOptions& options, RunControl& control, SharedProgress& progress) {
  // Ctrl-C goes to the whole group of processes; the supervisor alone decides what it means.
  for (const int ignored : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) signal(ignored, SIG_IGN);
  die_with_parent(parent_pid);
  _exit(Zygote(slot, pipe, job, options, control, progress).run());
}

}  // namespace lastref
