#include "harness/cli/progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "harness/cli/files.h"

namespace lastref {
namespace {

constexpr std::size_t kDefaultWidth = 80;

std::string rate_text(double rate) {
  return rate >= 1000 ? fmt::format("{:.0f} k/s", rate / 1000) : fmt::format("{:.0f}/s", rate);
}

std::string time_text(double seconds) {
  const auto whole = static_cast<long long>(std::ceil(std::max(0.0, seconds)));
  if (whole < 120) return fmt::format("{} s", whole);
  return fmt::format("{} min", (whole + 59) / 60);
}

}  // namespace

// A line that reaches the last column would wrap, and a wrapped one cannot be rewritten.
std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) {
    return static_cast<std::size_t>(size.ws_col) - 1;
  }
  return kDefaultWidth - 1;
}

std::string progress_text(const std::string& target, const CheckProgress& progress,
                          const Budget& budget) {
  const auto done = static_cast<double>(progress.programs);
  const double rate = progress.seconds > 0 ? done / progress.seconds : 0;
  double share = 0;
  double left = -1;  // not known yet
  std::string how_far = fmt::format("{} programs", progress.programs);
  if (budget.programs != 0) {
    share = done / static_cast<double>(budget.programs);
    how_far = fmt::format("{} of {} programs", progress.programs, budget.programs);
    if (rate > 0) left = (static_cast<double>(budget.programs) - done) / rate;
  } else if (budget.seconds > 0) {
    share = progress.seconds / budget.seconds;
    left = std::max(0.0, budget.seconds - progress.seconds);
  }
  std::string text = fmt::format("{}: {}, {} ({:.0f}%), {}", target, progress.stage, how_far,
                                 100 * std::min(1.0, share), rate_text(rate));
  if (left >= 0) text += fmt::format(", {} left", time_text(left));
  return text + fmt::format(", {} failed", progress.verdicts);
}

std::string progress_text(const std::string& target, const ExploreProgress& progress) {
  if (progress.stage == "model") {
    return fmt::format("{}: model, {} states, {} transitions, depth {}", target, progress.states,
                       progress.transitions, progress.depth);
  }
  const auto done = static_cast<double>(progress.transitions);
  const auto all = static_cast<double>(progress.all_transitions);
  const double rate = progress.seconds > 0 ? done / progress.seconds : 0;
  std::string text = fmt::format("{}: {}", target, progress.stage);
  if (all > 0) {
    text += fmt::format(", {} of {} transitions ({:.0f}%), {}", progress.transitions,
                        progress.all_transitions, 100 * done / all, rate_text(rate));
    if (rate > 0) text += fmt::format(", {} left", time_text((all - done) / rate));
  }
  return text + fmt::format(", {} failed", progress.verdicts);
}

ProgressLine::ProgressLine(bool quiet) : shown_(!quiet && isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(std::string text) {
  if (!shown_) return;
  text.resize(std::min(text.size(), terminal_columns()));
  const std::size_t width = text.size();
  // Blanks over what is left of a longer line: no control sequence that some terminal lacks.
  if (width < width_) text.append(width_ - width, ' ');
  width_ = width;
  print_error("\r" + text);
}

void ProgressLine::clear() {
  if (!shown_ || width_ == 0) return;
  print_error("\r" + std::string(width_, ' ') + "\r");
  width_ = 0;
}

}  // namespace lastref
