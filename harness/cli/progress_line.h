// The line on a terminal that says how far a check is. Nothing in a pipe, nothing when quiet.
#ifndef LASTREF_HARNESS_CLI_PROGRESS_LINE_H_
#define LASTREF_HARNESS_CLI_PROGRESS_LINE_H_

#include <cstddef>
#include <string>

#include "harness/explore/run/explore.h"
#include "harness/generate/check.h"

namespace lastref {

// "openssl: search, 1200000 of 2000000 programs (60%), 151 k/s, 5 s left, 3 failed".
std::string progress_text(const std::string& target, const CheckProgress& progress,
                          const Budget& budget);

// "openssl: model, 198171 states, 3771219 transitions, depth 8", and then
// "openssl: target, 1200000 of 3771219 transitions (31%), 151 k/s, 17 s left, 0 failed".
std::string progress_text(const std::string& target, const ExploreProgress& progress);

// Columns of the terminal that a line may fill.
std::size_t terminal_columns();

// Rewrites one line of the standard error; takes it away when it ends. One at a time.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::string text);
  void clear();

 private:
  bool shown_;             // whether there is a terminal to show it on
  std::size_t width_ = 0;  // of the text that stands there
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_PROGRESS_LINE_H_
