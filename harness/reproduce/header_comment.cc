#include "harness/reproduce/header_comment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/program/fault_words.h"
#include "harness/report/sentence.h"
#include "harness/reproduce/attempts_c.h"
#include "harness/reproduce/memory_damage.h"
#include "harness/vocabulary/verdict.h"

namespace lastref {
namespace {

constexpr std::size_t kColumns = 96;

// Breaks lines between words; each begins with `margin`.
std::string wrapped(std::string_view text, std::string_view margin) {
  std::string page;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && margin.size() + line.size() + 1 + word.size() > kColumns) {
      page += fmt::format("{}{}\n", margin, line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  return page + fmt::format("{}{}\n", margin, line);
}

std::string compile_command(const Dialect& dialect) {
  std::string words = "cc -std=c11 -Wall -Wextra -Werror";
  if (!dialect.flags.empty()) words += fmt::format(" {}", dialect.flags);
  return fmt::format("{} bug.c {} -o bug", words, dialect.libraries);
}

const TimelineStep* broken_step(const Timeline& plan) {
  for (const TimelineStep& step : plan.steps) {
    if (step.judged && step.legality != Legality::kLegal) return &step;
  }
  return nullptr;
}

std::string what_it_shows(const ReproducerInput& input, const Timeline& plan) {
  if (const TimelineStep* broken = broken_step(plan)) {
    return fmt::format(
        "This program breaks a rule at operation {} ({}: {}). What follows is a mistake of the "
        "caller's and no bug of the library.",
        broken->index + 1, operation_text(*broken), name(broken->legality));
  }
  if (input.symptoms.empty()) {
    return fmt::format("{} does in this program what its manual says.", input.version);
  }
  const Symptom& cause = input.symptoms.cause();
  const TimelineStep* step = plan.at(cause.operation);
  return fmt::format("{} of {}, at {} ({}): {}.", name(cause.verdict), input.version,
                     place(cause, input.program.size),
                     step == nullptr ? std::string("?") : operation_text(*step),
                     sentence(cause, step));
}

}  // namespace

Checker checker_of(const ReproducerInput& input, const Timeline& plan) {
  if (broken_step(plan) != nullptr) return Checker::kPerhaps;
  if (input.symptoms.empty()) return Checker::kNotNeeded;
  const TimelineStep* const step = plan.at(input.symptoms.cause().operation);
  const bool watched = !has_faults(input.program) || (step != nullptr && step->judged);
  if (is_memory_damage(input.symptoms.cause().what)) return Checker::kNeeded;
  switch (input.symptoms.cause().what) {
    case Discrepancy::kMissingDeath:
    case Discrepancy::kUnexpectedDeath:  // behind a fault no events are compared
      return watched ? Checker::kNotNeeded : Checker::kNeeded;
    case Discrepancy::kBlocks:
    case Discrepancy::kObservers:
    case Discrepancy::kUnexpectedBirth:  // nobody has a pointer to it: a leak
      return Checker::kNeeded;
    case Discrepancy::kSignal:  // where lastref poisons what is freed, another heap may not
      return Checker::kPerhaps;
    default:
      return Checker::kNotNeeded;
  }
}

std::string header_comment(const ReproducerInput& input, const Timeline& plan) {
  std::string text = "/*\n" + wrapped(what_it_shows(input, plan), " * ") + " *\n";
  text += fmt::format(" *   {}\n", compile_command(*input.dialect));
  const Checker checker = checker_of(input, plan);
  if (checker != Checker::kNeeded) text += " *   ./bug\n";
  if (checker != Checker::kNotNeeded) text += fmt::format(" *   {} ./bug\n", kChecker);
  text += " *\n";
  if (checker == Checker::kNeeded) {
    text += wrapped(
        "The damage is to memory and needs valgrind to be seen; by itself the program may "
        "end with 0.",
        " * ");
  } else if (checker == Checker::kPerhaps) {
    text += wrapped(
        "The damage is to memory: a program that ends with 0 by itself may have been "
        "lucky, and valgrind sees it.",
        " * ");
  }
  text += wrapped(
      "Exit code: 0 when the library does as its manual says; 1 when it does not, and a "
      "line says where and what; else it ends by a signal: SIGALRM for a call that does "
      "not return, another one for a crash.",
      " * ");
  if (makes_attempts(input)) {
    text += wrapped(
        "The finding shows where one allocation of a handshake fails. The number of it in this "
        "process is looked for, by trying; 0 may mean that none of those tried is the one.",
        " * ");
  }
  text += " *\n";
  text += wrapped(
      "Above each call stands who holds a reference to which session after it. The number "
      "is that of the operation in the trace from which lastref wrote this program.",
      " * ");
  return text + " */\n";
}

std::string step_comment(const ReproducerInput& input, const TimelineStep& step) {
  std::vector<std::string> lines;
  if (!step.judged) {
    lines.emplace_back(step.operation.fault.any()
                           ? fault_clause(step.operation.fault) + " in it"
                           : fmt::format("behind the {} nothing is expected",
                                         has_faults(input.program) ? "fault" : "broken rule"));
  } else if (step.legality != Legality::kLegal) {
    lines.push_back(fmt::format("this breaks a rule: {}", name(step.legality)));
  } else {
    lines = changes(step);
  }
  if (step.operation.thread != 0) lines.push_back("in the trace on another thread");
  if (!input.symptoms.empty() && input.symptoms.cause().operation == step.index) {
    lines.push_back("HERE: " + sentence(input.symptoms.cause(), &step));
  }
  const std::string all = fmt::format("/* {}. {} */", step.index + 1, fmt::join(lines, "; "));
  std::string text =
      wrapped(lines.empty() ? fmt::format("/* {}. */", step.index + 1) : all, "     ");
  return text.replace(0, 5, "  ");
}

}  // namespace lastref
