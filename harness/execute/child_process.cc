#include "harness/execute/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

namespace lastref {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{20};
// An engine that is asked to end writes a line and goes; one that hangs does not.
constexpr milliseconds kGrace{3000};
constexpr mode_t kLogMode = 0644;

// In the child. Never returns.
[[noreturn]] void execute(char* const* words, int log, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kNotExecuted);
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
      dup2(log, STDERR_FILENO) < 0) {
    _exit(kNotExecuted);
  }
  execv(words[0], words);
  _exit(kNotExecuted);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& words,
                           const std::filesystem::path& log) {
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kLogMode);
  if (file < 0) throw std::system_error(errno, std::generic_category(), log.string());
  // Made before the fork: the child allocates nothing.
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ == 0) execute(pointers.data(), file, parent);
  const int error = errno;
  close(file);
  if (process_ < 0) {
    process_ = 0;
    throw std::system_error(error, std::generic_category(), words[0]);
  }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, 0)), exit_code_(other.exit_code_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    stop();
    process_ = std::exchange(other.process_, 0);
    exit_code_ = other.exit_code_;
  }
  return *this;
}

bool ChildProcess::running() {
  if (process_ == 0) return false;
  int status = 0;
  const pid_t ended = waitpid(process_, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return true;
  process_ = 0;
  exit_code_ = WIFSIGNALED(status) ? kEndedBySignal + WTERMSIG(status) : WEXITSTATUS(status);
  return false;
}

bool ChildProcess::wait_for(milliseconds most) {
  const auto until = std::chrono::steady_clock::now() + most;
  while (running()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

void ChildProcess::stop() {
  if (!running()) return;
  const pid_t group = process_;
  kill(group, SIGTERM);
  if (!wait_for(kGrace)) {
    kill(-group, SIGKILL);
    kill(group, SIGKILL);  // it may not have made its group yet
    wait_for(kGrace);
  }
}

}  // namespace lastref
