#include "harness/cli/progress_block.h"

#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/files.h"
#include "harness/cli/progress_line.h"

namespace lastref {

std::vector<std::string> progress_lines(const CampaignProgress& progress, std::uint64_t seconds) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("campaign: {}, {} of {} s, {} inputs, {} finding{}, {} not looked at",
                              progress.stage, progress.seconds, seconds, progress.inputs,
                              progress.findings, progress.findings == 1 ? "" : "s",
                              progress.waiting));
  for (const CampaignProgress::Engine& engine : progress.engines) {
    lines.push_back(fmt::format("  {:<28} {:>7}/s {:>11} inputs {:>6} in the corpus {:>6} features",
                                engine.fuzzer, engine.status.rate, engine.status.inputs,
                                engine.status.corpus, engine.status.features));
  }
  return lines;
}

ProgressBlock::ProgressBlock(bool quiet) : shown_(!quiet && isatty(STDERR_FILENO) == 1) {}

void ProgressBlock::show(const std::vector<std::string>& lines) {
  if (!shown_) return;
  clear();
  const std::size_t columns = terminal_columns();
  std::string text;
  for (const std::string& line : lines) text += line.substr(0, columns) + "\n";
  print_error(text);
  height_ = lines.size();
}

// ECMA-48: cursor up, erase from there to the end of the screen.
void ProgressBlock::clear() {
  if (!shown_ || height_ == 0) return;
  print_error(fmt::format("\x1b[{}A\r\x1b[J", height_));
  height_ = 0;
}

}  // namespace lastref
