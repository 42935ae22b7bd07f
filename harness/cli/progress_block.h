// Lines on a terminal that say how far long work of several parts is. Nothing in a pipe, nothing
// when quiet.
#ifndef LASTREF_HARNESS_CLI_PROGRESS_BLOCK_H_
#define LASTREF_HARNESS_CLI_PROGRESS_BLOCK_H_

#include <cstddef>
#include <string>
#include <vector>

#include "harness/campaign/campaign.h"

namespace lastref {

// "campaign: fuzz, 120 of 600 s, 1234567 inputs, 3 findings, 0 not looked at", and one line for
// each engine at work.
std::vector<std::string> progress_lines(const CampaignProgress& progress, std::uint64_t seconds);

// Rewrites the last lines of the standard error; takes them away when it ends. One at a time.
class ProgressBlock {
 public:
  explicit ProgressBlock(bool quiet);
  ~ProgressBlock() { clear(); }
  ProgressBlock(const ProgressBlock&) = delete;
  ProgressBlock& operator=(const ProgressBlock&) = delete;

  void show(const std::vector<std::string>& lines);
  void clear();

 private:
  bool shown_;              // whether there is a terminal to show it on
  std::size_t height_ = 0;  // lines that stand there
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CLI_PROGRESS_BLOCK_H_
