// How lastref ends, and what a verb throws to end it.
#ifndef LASTREF_HARNESS_CLI_EXIT_CODE_H_
#define LASTREF_HARNESS_CLI_EXIT_CODE_H_

#include <stdexcept>
#include <string>

namespace lastref {

enum class ExitCode {
  kClean = 0,
  kFindings = 1,
  kUsage = 2,
  kCouldNotRun = 3,
  kInternalError = 4,
  kInterrupted = 130,
};

// Ends the program with a message and a code. The message says what was found, what was expected
// and what to do.
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

inline Failure usage_failure(const std::string& message) {
  return Failure(ExitCode::kUsage, message);
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_EXIT_CODE_H_
