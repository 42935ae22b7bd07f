// A program that runs beside this one, with its output in a file.
#ifndef LASTREF_HARNESS_EXECUTE_CHILD_PROCESS_H_
#define LASTREF_HARNESS_EXECUTE_CHILD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace lastref {

// What a program that could not be executed exits with, as in a shell.
inline constexpr int kNotExecuted = 127;
// What is said of one that a signal ended: this and the signal's number, as in a shell.
inline constexpr int kEndedBySignal = 128;

// Owns the process: it is stopped when the object goes. The process leads a group of its own, so
// that a Ctrl-C on the terminal is for us to pass on, and dies with this program however that ends.
class ChildProcess {
 public:
  ChildProcess() = default;
  // Starts words[0], a path, with nothing to read; what it prints replaces the contents of `log`.
  // Throws std::system_error when there can be no process or no log.
  ChildProcess(const std::vector<std::string>& words, const std::filesystem::path& log);
  ~ChildProcess() { stop(); }
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Whether it was started and has not ended. Does not wait.
  bool running();
  // Waits for its end, at most so long; whether it has ended.
  bool wait_for(std::chrono::milliseconds most);
  // Asks it to end, and after a grace ends it and all that it started.
  void stop();
  // Once it has ended: what it exited with, or kEndedBySignal and more.
  int exit_code() const { return exit_code_; }

 private:
  pid_t process_ = 0;  // 0: none that runs
  int exit_code_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_CHILD_PROCESS_H_
