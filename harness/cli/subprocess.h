// Runs a program as a shell would and keeps what it printed. For tests.
#ifndef LASTREF_HARNESS_CLI_SUBPROCESS_H_
#define LASTREF_HARNESS_CLI_SUBPROCESS_H_

#include <string>
#include <vector>

namespace lastref {

struct ProcessResult {
  int code = -1;  // -1: it did not exit by itself
  std::string out;
  std::string err;
};

struct Invocation {
  std::vector<std::string> words;  // the first is the program
  std::string input;               // of the standard input
  std::string output_path;         // where the standard output goes instead of ProcessResult::out
  int interrupt_after_ms = -1;     // SIGINT is sent then
};

ProcessResult run_program_in_shell(const Invocation& invocation);

// A directory that goes away with the object.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

// The whole file, or empty if there is none.
std::string contents(const std::string& path);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_SUBPROCESS_H_
