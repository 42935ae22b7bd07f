// `lastref compare TARGET TARGET...`: where targets differ, and by which choice of their contracts.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "harness/cli/baseline.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/files.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/quantity.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/program/trace.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

struct Words {
  std::vector<std::string> targets;
  std::string seed = "1";
  std::string budget = "20000";
  std::string operations = "24";
  std::string mix = "common";
  std::string baseline;
  std::string library;
  bool quiet = false;
};

TargetComparisonOptions parse_options(const Words& words) {
  TargetComparisonOptions options;
  options.seed = parse_number("--seed", words.seed, 0, ~std::uint64_t{0});
  const Budget budget = parse_budget(words.budget);
  if (budget.programs == 0) {
    throw usage_failure(
        fmt::format("--budget: found {}, expected a number of programs", show_word(words.budget)));
  }
  options.programs = budget.programs;
  options.operations =
      static_cast<int>(parse_number("--operations", words.operations, 1, kMaxOperations));
  const std::optional<MixKind> mix = mix_named(words.mix);
  if (!mix) {
    throw usage_failure(
        fmt::format("--mix: found {}, expected common or handshakes", show_word(words.mix)));
  }
  options.mix = *mix;
  return options;
}

// The known bugs of each target, which its side of the comparison has.
void add_targets(const CommandLine& line, const Words& words, TargetComparisonOptions& options) {
  const std::string path = words.baseline.empty() ? default_baseline() : words.baseline;
  const Baseline baseline = path.empty() ? Baseline() : Baseline::load(path);
  for (const std::string& target : words.targets) {
    std::string error;
    const std::string version = line.engine.target_version(target, &error);
    if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, fmt::format("{}: {}", target, error));
    options.targets.push_back({target, hazards_of(baseline.of(target_name(target), version))});
  }
}

// "switch new-timeout: What timeout does SSL_SESSION_new set, in seconds?"
std::string choice_text(const Choice& choice) {
  if (choice.of) {
    return fmt::format("switch {}: {}", choice.name(),
                       switch_table()[static_cast<std::size_t>(*choice.of)].question);
  }
  return fmt::format("finding {}: {}", choice.name(),
                     hazard_table()[static_cast<std::size_t>(*choice.hazard)].meaning);
}

std::string side_text(const Choice& choice, const Party& party, const std::string& shown,
                      const std::string& found) {
  const std::string chosen = choice.of ? party.contract.text(*choice.of)
                             : party.contract.hazards.has(*choice.hazard) ? "has it"
                                                                          : "has it not";
  return fmt::format("    {:<12} {:<20} {}{}\n", party.name, chosen, shown,
                     found.empty() ? "" : "  FOUND INSTEAD: " + found);
}

std::string row_text(const TargetComparison& result, std::size_t index) {
  const DifferenceRow& of = result.comparison.rows[index];
  const Operation& operation = of.program.operations[static_cast<std::size_t>(of.operation)];
  std::string text = fmt::format("\n{}\n  {} after operation {} ({}):\n", choice_text(of.choice),
                                 name_of(of.where), of.operation + 1, print_operation(operation));
  for (std::size_t i = 0; i < result.parties.size(); ++i) {
    text += side_text(of.choice, result.parties[i], of.shown[i], result.found[index][i]);
  }
  const std::string trace = print_trace(of.program);
  for (std::size_t at = 0; at < trace.size();) {
    const std::size_t end = trace.find('\n', at);
    text += fmt::format("      {}\n", trace.substr(at, end - at));
    at = end + 1;
  }
  return text;
}

std::string head_text(const TargetComparison& result, const TargetComparisonOptions& options) {
  std::string text = fmt::format("seed {}, {} programs of {} operations, legal for all of\n",
                                 options.seed, result.comparison.programs, options.operations);
  for (std::size_t i = 0; i < result.parties.size(); ++i) {
    text += fmt::format("  {} ({})\n", result.parties[i].name, result.versions[i]);
  }
  text += fmt::format("{} differences, each run on all of them\n", result.comparison.rows.size());
  return text;
}

// Choices that these programs do not show: those of handshakes in the common mix, and those whose
// program breaks a rule of one of the targets.
std::string unseen_text(const TargetComparison& result) {
  if (result.comparison.unseen.empty()) return {};
  std::string text =
      "\nThey differ as well, with no program seen that shows it and is legal for all:\n";
  for (const Choice& choice : result.comparison.unseen) {
    text += fmt::format("  {}\n", choice.name());
  }
  return text;
}

ExitCode run(const CommandLine& line, const Words& words) {
  search_library_in(words.library, line);
  require_targets(line.engine, words.targets);
  if (words.targets.size() < 2) {
    throw usage_failure("compare: found one target, expected two or more");
  }
  TargetComparisonOptions options = parse_options(words);
  add_targets(line, words, options);
  watch_interrupts();
  TargetComparison result;
  {
    ProgressLine progress(words.quiet);
    options.progress = [&](std::uint64_t programs) {
      constexpr std::uint64_t kOften = 256;
      if (programs % kOften == 0) progress.show(fmt::format("compare: {} programs", programs));
      return !interrupted();
    };
    result = line.engine.compare(options);
  }
  if (!result.could_not_run.empty()) {
    throw Failure(ExitCode::kCouldNotRun, result.could_not_run);
  }
  if (!result.internal_error.empty()) {
    throw Failure(ExitCode::kInternalError, result.internal_error);
  }
  print_out(head_text(result, options));
  for (std::size_t i = 0; i < result.comparison.rows.size(); ++i) print_out(row_text(result, i));
  print_out(unseen_text(result));
  if (interrupted()) return ExitCode::kInterrupted;
  const bool found = std::ranges::any_of(result.found, [](const auto& row) {
    return std::ranges::any_of(row, [](const std::string& side) { return !side.empty(); });
  });
  return found ? ExitCode::kFindings : ExitCode::kClean;
}

}  // namespace

void add_compare_verb(CLI::App& app, CommandLine& line) {
  auto words = std::make_shared<Words>();
  CLI::App* verb = add_verb(app, line, "compare", "Show where targets differ, and by which choice",
                            [&line, words] { return run(line, *words); });
  verb->add_option("TARGET", words->targets, "Two or more that 'lastref targets' lists")
      ->required();
  verb->add_option("--seed", words->seed, "What the programs are drawn from (default 1)");
  verb->add_option("--budget", words->budget, "Programs (default 20000)");
  verb->add_option("--operations", words->operations, "Operations of a program (default 24)");
  verb->add_option("--mix", words->mix, "common (no handshakes, the default) or handshakes");
  verb->add_option("--baseline", words->baseline, "The file or directory of known findings");
  add_library_option(*verb, words->library);
  verb->add_flag("--quiet", words->quiet, "Show no progress");
  verb->footer(
      "Every program keeps the rules of all of them. For each switch of the contract, and each "
      "known\n"
      "finding, in which they differ it prints the smallest program that shows it, and runs that "
      "on\n"
      "each. Exits with 1 if one then does something else than its contract says.");
}

}  // namespace lastref
