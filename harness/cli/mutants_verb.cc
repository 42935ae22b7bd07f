// `lastref mutants`: how soon each engine finds each seeded bug, or each known finding of a target.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "harness/cli/baseline.h"
#include "harness/cli/files.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/quantity.h"
#include "harness/cli/score_run.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"
#include "harness/score/curves.h"
#include "harness/score/page.h"
#include "harness/score/patch.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxPatch = 1'000'000;
constexpr std::uint64_t kMaxSeeds = 1000;

struct Words {
  std::vector<std::string> names;
  std::string patches = "harness/mutants/patches";
  std::string adapters;
  std::string known;
  std::string baseline;
  std::vector<std::string> engines;
  std::string seeds = "5";
  std::string seconds = "5";
  std::string programs = "1000000";
  std::string threshold = "100";
  std::string fuzzer;
  std::string sheet;
  std::string curves;
  std::string output = "-";
  bool quiet = false;
};

// Where a build puts the seeded bugs, seen from the program's folder.
fs::path default_adapters() {
  return program_directory().parent_path() / "tests/harness/mutants/adapters";
}

std::vector<Bug> seeded_bugs(const Words& words) {
  const fs::path adapters = words.adapters.empty() ? default_adapters() : fs::path(words.adapters);
  if (!fs::is_directory(words.patches)) {
    throw usage_failure(
        fmt::format("--patches: found no directory {}, expected that of the seeded bugs' patches; "
                    "run it in the repository, or name it",
                    words.patches));
  }
  std::set<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(words.patches)) {
    if (entry.path().extension() == ".patch") files.insert(entry.path());
  }
  std::vector<Bug> bugs;
  for (const fs::path& file : files) {
    const fs::path adapter = adapters / ("lastref-target-mutant-" + file.stem().string() + ".so");
    Bug bug;
    const std::string error =
        bug_of_patch(read_file(file.string(), kMaxPatch), adapter.string(), bug);
    if (!error.empty()) throw usage_failure(fmt::format("{}: {}", file.string(), error));
    bugs.push_back(bug);
  }
  return bugs;
}

std::vector<Bug> known_bugs(const CommandLine& line, const Words& words) {
  require_targets(line.engine, {words.known});
  std::string error;
  const std::string version = line.engine.target_version(words.known, &error);
  if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, words.known + ": " + error);
  const std::string path = words.baseline.empty() ? default_baseline() : words.baseline;
  if (path.empty()) throw usage_failure("--baseline: found none beside the program, name one");
  std::vector<Bug> bugs;
  for (const BaselineEntry& entry : Baseline::load(path).of(target_name(words.known), version)) {
    for (const std::string& signature : entry.signatures) {
      Bug bug;
      bug.name = entry.name + ":" + signature;
      bug.target = words.known;
      error = read_signature(signature, bug);
      if (!error.empty()) throw usage_failure(fmt::format("{}: {}", entry.name, error));
      bugs.push_back(bug);
    }
  }
  return bugs;
}

// Those that are named, or all.
std::vector<Bug> chosen(std::vector<Bug> bugs, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return bugs;
  std::vector<std::string_view> names;
  for (const Bug& bug : bugs) names.push_back(bug.name);
  for (const std::string& name : wanted) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw usage_failure(fmt::format("mutants: found {}, expected the name of a bug; {}",
                                    show_word(name), did_you_mean(name, names)));
  }
  std::erase_if(bugs, [&wanted](const Bug& bug) {
    return std::find(wanted.begin(), wanted.end(), bug.name) == wanted.end();
  });
  return bugs;
}

std::vector<std::string> parse_engines(const Engine& engine, const Words& words) {
  std::vector<std::string> names;
  std::vector<std::string> own;
  for (const SeekerEntry& entry : engine.list_seekers()) {
    names.push_back(entry.name);
    if (!entry.extra) own.push_back(entry.name);
  }
  for (const std::string& name : words.engines) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw usage_failure(fmt::format("--engines: found {}, expected one of {}", show_word(name),
                                    fmt::join(names, ", ")));
  }
  return words.engines.empty() ? own : words.engines;
}

// The share, in percent, of the bugs that some engine found with every seed.
double share_found(const ScorePlan& plan, const std::vector<ScoreRow>& rows) {
  std::size_t found = 0;
  for (const Bug& bug : plan.bugs) {
    found += std::any_of(plan.engines.begin(), plan.engines.end(), [&](const std::string& engine) {
      return std::count_if(rows.begin(), rows.end(), [&](const ScoreRow& row) {
               return row.bug == bug.name && row.engine == engine && row.found;
             }) == static_cast<std::ptrdiff_t>(plan.seeds);
    });
  }
  return 100.0 * static_cast<double>(found) / static_cast<double>(plan.bugs.size());
}

ExitCode score(const CommandLine& line, const Words& words) {
  ScorePlan plan;
  plan.engines = parse_engines(line.engine, words);
  plan.seeds = parse_number("--seeds", words.seeds, 1, kMaxSeeds);
  plan.limits.seconds =
      static_cast<double>(parse_number("--seconds", words.seconds, 1, kMaxSeconds));
  plan.limits.programs = parse_number("--programs", words.programs, 1, kMaxPrograms);
  const std::uint64_t threshold = parse_number("--threshold", words.threshold, 0, 100);
  plan.limits.fuzzer = words.fuzzer;
  plan.sheet = words.sheet;
  plan.quiet = words.quiet;
  OutputFile output(words.output);
  OutputFile curves;
  if (!words.curves.empty()) curves = OutputFile(words.curves);
  plan.bugs =
      chosen(words.known.empty() ? seeded_bugs(words) : known_bugs(line, words), words.names);
  if (plan.bugs.empty()) throw usage_failure("mutants: found no bug to look for");
  watch_interrupts();
  const ScoreResult result = run_scores(line.engine, plan);
  const double share = share_found(plan, result.rows);
  output.write(score_page(result.rows) +
               fmt::format("- found by some engine with each of {} seeds: {:.1f} % of {} bugs\n",
                           plan.seeds, share, plan.bugs.size()));
  if (curves.is_open()) curves.write(survival_svg(result.rows));
  if (result.interrupted) return ExitCode::kInterrupted;
  return share < static_cast<double>(threshold) ? ExitCode::kFindings : ExitCode::kClean;
}

std::string footer(const Engine& engine) {
  std::string text = "Engines:\n";
  for (const SeekerEntry& entry : engine.list_seekers()) {
    text += fmt::format("  {:<11} {}\n", entry.name, entry.about);
  }
  return text +
         "\nA search begins with nothing and ends when a program has failed with the right "
         "verdict\n"
         "at the right operation; of tools without a model, which name neither, whatever they "
         "report\n"
         "counts. Seconds are processor time. Exits with 1 when fewer bugs than\n"
         "the threshold were found by some engine with every seed.";
}

}  // namespace

void add_mutants_verb(CLI::App& app, CommandLine& line) {
  auto words = std::make_shared<Words>();
  CLI::App* verb = add_verb(app, line, "mutants", "Measure how soon each engine finds known bugs",
                            [&line, words] { return score(line, *words); });
  verb->add_option("NAME", words->names, "Bugs to look for (default: all)");
  verb->add_option("--patches", words->patches,
                   "The seeded bugs' patches (default: " + words->patches + ")");
  verb->add_option("--adapters", words->adapters,
                   "Their adapters (default: where the build puts them)");
  verb->add_option("--known", words->known,
                   "Look for the known findings of this target instead, each by its signature");
  verb->add_option("--baseline", words->baseline, "Where they are listed");
  verb->add_option("--engines", words->engines,
                   "Those to score (default: those that need nothing else)")
      ->delimiter(',');
  verb->add_option("--fuzzer", words->fuzzer,
                   "For the engine fuzz: the program fuzz_adapter of a build with libFuzzer");
  verb->add_option("--seeds", words->seeds, "Searches for each bug and engine (default: 5)");
  verb->add_option("--seconds", words->seconds, "When a search is given up (default: 5)");
  verb->add_option("--programs", words->programs, "The same in programs (default: 1000000)");
  verb->add_option("--threshold", words->threshold,
                   "The share of bugs, in percent, that must be found (default: 100)");
  verb->add_option("--sheet", words->sheet,
                   "Where each search is written to as it ends; those that are there already are\n"
                   "not made again");
  verb->add_option("--curves", words->curves,
                   "Where a picture goes, SVG: what share of the searches is left after a time");
  verb->add_option("-o,--output", words->output, "Where the table goes (default: stdout)");
  verb->add_flag("--quiet", words->quiet, "No progress");
  verb->footer(footer(line.engine));
}

}  // namespace lastref
