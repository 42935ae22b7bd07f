// `lastref mutants`: how soon each engine finds each seeded bug, or each known finding of a target.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
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
// One in so many bugs may be no bug without a second reading.
constexpr std::size_t kMostEquivalents = 20;

struct Words {
  std::vector<std::string> names;
  std::string patches = "harness/mutants/patches";
  std::string adapters;
  std::string known;
  std::string baseline;
  std::string traces;
  std::vector<std::string> engines;
  std::string seeds = "5";
  std::string seconds = "5";
  std::string programs = "1000000";
  std::string threshold = "100";
  std::string fuzzer;
  std::string equivalents;
  std::string sheet;
  std::string curves;
  std::string output = "-";
  bool until_found = false;
  bool sheet_only = false;
  bool quiet = false;
};

// Where a build puts the seeded bugs, seen from the program's folder.
fs::path default_adapters() {
  return program_directory().parent_path() / "tests/harness/mutants/adapters";
}

fs::path adapter_of(const Words& words, const std::string& name) {
  const fs::path adapters = words.adapters.empty() ? default_adapters() : fs::path(words.adapters);
  return adapters / ("lastref-target-mutant-" + name + ".so");
}

std::vector<Bug> seeded_bugs(const Words& words) {
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
    const fs::path adapter = adapter_of(words, file.stem());
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
  const auto entries = Baseline::load(path).of(target_name(words.known), version);
  std::vector<Bug> bugs;
  for (const BaselineEntry& entry : entries) {
    Bug bug;
    bug.name = entry.name;
    bug.target = words.known;
    bug.hazards = hazards_beside(entry, entries);
    for (const std::string& signature : entry.signatures) {
      error = read_signature(signature, bug.signs.emplace_back());
      if (!error.empty()) throw usage_failure(fmt::format("{}: {}", entry.name, error));
    }
    // Of one that is withheld nobody is to say how it shows.
    if (!bug.signs.empty()) bugs.push_back(bug);
  }
  return bugs;
}

// What the programs that show them need. A bug that has no such program may need nothing.
void read_needs(const Words& words, std::vector<Bug>& bugs) {
  const char* const usual = words.known.empty() ? "corpus/seeded" : "corpus/findings";
  const fs::path traces = words.traces.empty() ? usual : words.traces;
  for (Bug& bug : bugs) {
    const fs::path file = traces / (bug.name + ".trace");
    if (fs::exists(file)) bug.needs = means_of(read_trace(file.string()));
  }
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

// Whether a search of the engine was made for the bug, and each found it.
bool finds(const std::vector<ScoreRow>& rows, const std::string& bug, const std::string& engine) {
  bool found = false;
  for (const ScoreRow& row : rows) {
    if (row.bug != bug || row.engine != engine) continue;
    if (!row.found) return false;
    found = true;
  }
  return found;
}

// The share, in percent, of the bugs that some engine found with every seed.
double share_found(const ScorePlan& plan, const std::vector<ScoreRow>& rows) {
  std::size_t found = 0;
  for (const Bug& bug : plan.bugs) {
    found += std::any_of(plan.engines.begin(), plan.engines.end(),
                         [&](const std::string& engine) { return finds(rows, bug.name, engine); });
  }
  return 100.0 * static_cast<double>(found) / static_cast<double>(plan.bugs.size());
}

// Bugs that are none, by name, each with the argument for it.
std::map<std::string, std::string> read_equivalents(const Words& words,
                                                    const std::vector<Bug>& bugs) {
  if (words.equivalents.empty()) return {};
  const std::map<std::string, std::string> equivalents =
      patch_header(read_file(words.equivalents, kMaxPatch));
  for (const auto& entry : equivalents) {
    const std::string& name = entry.first;
    if (std::any_of(bugs.begin(), bugs.end(), [&](const Bug& bug) { return bug.name == name; })) {
      continue;
    }
    throw usage_failure(fmt::format(
        "{}: found {}, expected the name of a bug; take it away, or make its argument again for "
        "the code as it is now",
        words.equivalents, show_word(name)));
  }
  return equivalents;
}

// What is said below the tables, and whether the score is good enough.
struct Judgement {
  std::string text;
  bool good = true;
};

void judge_share(const ScorePlan& plan, const ScoreResult& result, double threshold,
                 const std::map<std::string, std::string>& equivalents, Judgement& judgement) {
  double share = share_found(plan, result.rows);
  judgement.text += fmt::format("- found by some engine with every seed: {:.1f} % of {} bugs\n",
                                share, plan.bugs.size());
  if (!equivalents.empty()) {
    ScorePlan real = plan;
    std::erase_if(real.bugs, [&](const Bug& bug) { return equivalents.contains(bug.name); });
    share = real.bugs.empty() ? 100 : share_found(real, result.rows);
    judgement.text += fmt::format("- without {} that are equivalent: {:.1f} % of {} bugs\n",
                                  equivalents.size(), share, real.bugs.size());
    if (equivalents.size() * kMostEquivalents > plan.bugs.size()) {
      judgement.text += fmt::format(
          "- more than one in {} is said to be equivalent: read the "
          "arguments a second time\n",
          kMostEquivalents);
    }
  }
  if (share < threshold) judgement.good = false;
  for (const ScoreRow& row : result.rows) {
    if (!row.found || !equivalents.contains(row.bug)) continue;
    judgement.text +=
        fmt::format("- {} is said to be equivalent, and {} found it\n", row.bug, row.engine);
    judgement.good = false;
  }
}

// What searches in the code as it is came to.
struct Quiet {
  std::uint64_t programs = 0;
  double seconds = 0;
  std::size_t alarms = 0;

  void add(const ScoreRow& row) {
    programs += row.programs;
    seconds += row.seconds;
    alarms += row.found || row.shown ? 1U : 0U;
  }
};

void judge_unpatched(const ScorePlan& plan, const ScoreResult& result, Judgement& judgement) {
  if (result.unpatched.empty()) return;
  Quiet all;
  std::string engines;
  for (const std::string& engine : plan.engines) {
    Quiet quiet;
    for (const ScoreRow& row : result.unpatched) {
      if (row.engine == engine) quiet.add(row);
    }
    engines += fmt::format("  - {}: {} in {} programs and {:.0f} s\n", engine, quiet.alarms,
                           quiet.programs, quiet.seconds);
  }
  for (const ScoreRow& row : result.unpatched) {
    all.add(row);
    if (!row.found && !row.shown) continue;
    judgement.text += fmt::format("- false alarm of {}, seed {}\n", row.engine, row.seed);
  }
  judgement.text += fmt::format(
      "- false alarms on the code as it is, in {} programs and {:.0f} s of the same engines and "
      "seeds: {}\n",
      all.programs, all.seconds, all.alarms);
  judgement.text += engines;
  if (all.alarms > 0) judgement.good = false;
}

ExitCode score(const CommandLine& line, const Words& words) {
  ScorePlan plan;
  plan.engines = parse_engines(line.engine, words);
  plan.seeds = parse_number("--seeds", words.seeds, 1, kMaxSeeds);
  plan.limits.seconds =
      static_cast<double>(parse_number("--seconds", words.seconds, 1, kMaxSeconds));
  plan.limits.programs = parse_count("--programs", words.programs, 1, kMaxPrograms);
  const std::uint64_t threshold = parse_number("--threshold", words.threshold, 0, 100);
  plan.limits.fuzzer = words.fuzzer;
  plan.sheet = words.sheet;
  plan.until_found = words.until_found;
  plan.sheet_only = words.sheet_only;
  if (plan.sheet_only && plan.sheet.empty()) {
    throw usage_failure("--sheet-only: found no --sheet, expected the one to read");
  }
  plan.quiet = words.quiet;
  OutputFile output(words.output);
  OutputFile curves;
  if (!words.curves.empty()) curves = OutputFile(words.curves);
  plan.bugs =
      chosen(words.known.empty() ? seeded_bugs(words) : known_bugs(line, words), words.names);
  if (plan.bugs.empty()) throw usage_failure("mutants: found no bug to look for");
  read_needs(words, plan.bugs);
  if (words.known.empty()) plan.unpatched = adapter_of(words, kUnpatched).string();
  const std::map<std::string, std::string> equivalents = read_equivalents(words, plan.bugs);
  watch_interrupts();
  const ScoreResult result = run_scores(line.engine, plan);
  Judgement judgement;
  judge_share(plan, result, static_cast<double>(threshold), equivalents, judgement);
  judge_unpatched(plan, result, judgement);
  output.write(score_page(result.rows) + judgement.text +
               survivor_page(result.rows, plan.bugs, equivalents));
  std::vector<ScoreRow> made = result.rows;
  std::erase_if(made, [](const ScoreRow& row) { return row.left_out; });
  if (curves.is_open()) curves.write(survival_svg(made));
  if (result.interrupted) return ExitCode::kInterrupted;
  return judgement.good ? ExitCode::kClean : ExitCode::kFindings;
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
         "the threshold were found by some engine with every seed, or an engine finds something "
         "in\n"
         "the code without bugs, where it gets the time that it used on all of them.";
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
  verb->add_option(
      "--known", words->known,
      "Look for the known findings of this target instead, each by its signatures, with all\n"
      "others gone round");
  verb->add_option("--baseline", words->baseline, "Where they are listed");
  verb->add_option(
      "--traces", words->traces,
      "A program for each bug, NAME.trace: an engine whose programs lack handshakes or\n"
      "failures, and the bug's has them, is left out for it (default: corpus/seeded, or\n"
      "corpus/findings)");
  verb->add_option("--engines", words->engines,
                   "Those to score (default: those that need nothing else)")
      ->delimiter(',');
  verb->add_flag("--until-found", words->until_found,
                 "Ask engines in their order, each for the bugs that none before it found with\n"
                 "every seed");
  verb->add_option("--fuzzer", words->fuzzer,
                   "For the engine fuzz: the program fuzz_adapter of a build with libFuzzer");
  verb->add_option("--seeds", words->seeds, "Searches for each bug and engine (default: 5)")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  verb->add_option("--seconds", words->seconds, "When a search is given up (default: 5)");
  verb->add_option("--programs", words->programs,
                   "The same in programs: 5000, 20k, 2M (default: 1M)");
  verb->add_option("--threshold", words->threshold,
                   "The share of bugs, in percent, that must be found (default: 100)")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  verb->add_option("--equivalents", words->equivalents,
                   "Bugs that no program can tell from the code as it is, a line each: NAME: "
                   "argument");
  verb->add_option("--sheet", words->sheet,
                   "Where each search is written to as it ends; those that are there already are\n"
                   "not made again");
  verb->add_flag("--sheet-only", words->sheet_only,
                 "Make no search: the page of what the sheet has");
  verb->add_option("--curves", words->curves,
                   "Where a picture goes, SVG: what share of the searches is left after a time");
  verb->add_option("-o,--output", words->output, "Where the table goes (default: stdout)")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  verb->add_flag("--quiet", words->quiet, "No progress");
  verb->footer(footer(line.engine));
}

}  // namespace lastref
