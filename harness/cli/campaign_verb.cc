// `lastref campaign DIRECTORY`: fuzzers side by side for a time, and what they find, filed.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>

#include "harness/campaign/campaign.h"
#include "harness/cli/baseline.h"
#include "harness/cli/files.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/known_finding.h"
#include "harness/cli/progress_block.h"
#include "harness/cli/quantity.h"
#include "harness/cli/reproducers.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/program/suggestion.h"
#include "harness/program/trace_words.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxJobs = 4096;

struct Words {
  std::string directory;
  std::string time = "10m";
  std::string jobs;
  std::vector<std::string> fuzzers;
  std::string build = "build/fuzz";
  std::string seeds = "corpus";
  std::string seed = "1";
  std::string hazards;
  std::string baseline;
  bool quiet = false;
};

// Those that are named, or all whose programs make no handshakes, which are slow: they are for
// campaigns that ask for them.
std::vector<Fuzzer> chosen_fuzzers(const Words& words) {
  const fs::path bin = fs::absolute(fs::path(words.build) / "bin");
  const std::vector<std::string> there = fuzzers_in(bin);
  if (there.empty()) {
    throw Failure(ExitCode::kCouldNotRun,
                  fmt::format("--build: found no fuzzer with its replay in {}; build them with "
                              "cmake --preset fuzz && cmake --build --preset fuzz, or name a build",
                              bin.string()));
  }
  std::vector<std::string> names = words.fuzzers;
  for (const std::string& name : names) {
    if (std::ranges::find(there, name) != there.end()) continue;
    const std::vector<std::string_view> views(there.begin(), there.end());
    const std::string meant = did_you_mean(name, views);
    throw usage_failure(fmt::format("--fuzzers: found {}, expected one of {}{}{}", show_word(name),
                                    fmt::join(there, ", "), meant.empty() ? "" : "; ", meant));
  }
  if (names.empty()) {
    std::ranges::copy_if(there, std::back_inserter(names),
                         [](const std::string& name) { return !name.ends_with("_handshakes"); });
  }
  std::vector<Fuzzer> fuzzers;
  for (const std::string& name : names) fuzzers.push_back(fuzzer_of(bin, name));
  return fuzzers;
}

std::uint64_t seconds_of(const std::string& text) {
  const Budget budget = parse_budget(text);
  if (budget.programs != 0 || budget.seconds < 1) {
    throw usage_failure(
        fmt::format("--time: found {}, expected a time of a second or more: 30s, "
                    "10m, 8h",
                    show_word(text)));
  }
  return static_cast<std::uint64_t>(budget.seconds);
}

std::size_t jobs_of(const std::string& text) {
  if (text.empty()) return std::max(1U, std::thread::hardware_concurrency());
  return parse_number("--jobs", text, 1, kMaxJobs);
}

TriageTools tools(const CommandLine& line, const Words& words) {
  const std::string path = words.baseline.empty() ? default_baseline() : words.baseline;
  const auto baseline =
      std::make_shared<Baseline>(path.empty() ? Baseline() : Baseline::load(path));
  TriageTools made;
  made.shrink = [&line](const std::string& target, const Program& program, Hazards hazards) {
    return line.engine.shrink_program(target, program, hazards,
                                      [](int, int) { return !interrupted(); });
  };
  made.target_contract = line.engine.target_contract;
  made.target_version = line.engine.target_version;
  made.known_as = [&line, baseline](const Finding& finding, Hazards on) {
    return known_finding(line.engine, baseline->of(target_name(finding.target), finding.version),
                         finding.target, finding.program, signature(finding.symptoms.cause()), on);
  };
  made.source = [](const Finding& finding, const Contract& contract) {
    return reproducer_of(finding, contract).source;
  };
  return made;
}

CampaignOptions parse_options(const CommandLine& line, const Words& words) {
  CampaignOptions options;
  options.directory = fs::absolute(words.directory);
  options.seconds = seconds_of(words.time);
  options.jobs = jobs_of(words.jobs);
  options.seed = parse_number("--seed", words.seed, 1, UINT32_MAX);
  options.fuzzers = chosen_fuzzers(words);
  if (fs::exists(words.seeds)) {
    options.seeds = fs::absolute(words.seeds);
  } else if (!words.seeds.empty() && words.seeds != Words().seeds) {
    throw usage_failure(fmt::format("--seeds: found no {}, expected traces", words.seeds));
  }
  options.tools = tools(line, words);
  return options;
}

ExitCode exit_code(const CampaignResult& result) {
  if (result.stopped) return ExitCode::kInterrupted;
  const bool found = std::ranges::any_of(
      result.groups, [](const FindingGroup& group) { return group.name != kNotSeenAgain; });
  if (found) return ExitCode::kFindings;
  return result.troubles.empty() ? ExitCode::kClean : ExitCode::kCouldNotRun;
}

ExitCode campaign(const CommandLine& line, const Words& words) {
  CampaignOptions options = parse_options(line, words);
  if (!words.hazards.empty()) {
    parse_hazards(words.hazards);
    setenv("LASTREF_FUZZ_HAZARDS", words.hazards.c_str(), 1);  // the fuzzers read it
  }
  watch_interrupts();
  if (!words.quiet) {
    print_error(fmt::format("seed {}, {} s on {} job{}, {} fuzzer{}, in {}\n", options.seed,
                            options.seconds, options.jobs, options.jobs == 1 ? "" : "s",
                            options.fuzzers.size(), options.fuzzers.size() == 1 ? "" : "s",
                            words.directory));
  }
  CampaignResult result;
  {
    ProgressBlock progress(words.quiet);
    options.progress = [&](const CampaignProgress& of) {
      progress.show(progress_lines(of, options.seconds));
      return !interrupted();
    };
    try {
      result = run_campaign(options);
    } catch (const std::runtime_error& error) {
      throw Failure(ExitCode::kCouldNotRun, error.what());
    }
  }
  if (!words.quiet || !result.groups.empty()) print_out(result.summary);
  for (const std::string& trouble : result.troubles) print_error("lastref: " + trouble + "\n");
  if (result.waiting != 0) {
    print_error(fmt::format("lastref: {} inputs were not looked at; run it again to go on\n",
                            result.waiting));
  }
  return exit_code(result);
}

}  // namespace

void add_campaign_verb(CLI::App& app, CommandLine& line) {
  auto words = std::make_shared<Words>();
  CLI::App* verb = add_verb(app, line, "campaign", "Fuzz for a time, and file what is found",
                            [&line, words] { return campaign(line, *words); });
  verb->add_option("DIRECTORY", words->directory, "Where corpora and findings are kept")
      ->required();
  verb->add_option("--time", words->time, "For all fuzzers together: 30s, 10m, 8h (default: 10m)");
  verb->add_option("--jobs", words->jobs,
                   "Engines at a time (default: one for each processor); each fuzzer has an equal\n"
                   "share of them");
  verb->add_option("--fuzzers", words->fuzzers,
                   "Which ones (default: all but those with handshakes)")
      ->delimiter(',');
  verb->add_option("--build", words->build,
                   "The build whose bin/ has the fuzzers and their replays (default: build/fuzz)");
  verb->add_option("--seeds", words->seeds,
                   "Traces that an empty corpus begins with (default: corpus, if it is there)");
  verb->add_option("--seed", words->seed, "What the engines' seeds follow from (default: 1)");
  verb->add_option("--hazards", words->hazards,
                   "Known bugs to go round, as for check (default: those of the baseline that the\n"
                   "fuzzers were built with)");
  verb->add_option("--baseline", words->baseline, "The file or directory of known findings");
  verb->add_flag("--quiet", words->quiet, "Print nothing but findings");
  verb->footer(
      "A finding does not end it. Each is shrunk and filed by what is wrong, at which operation\n"
      "and who held the session, in DIRECTORY/findings/FUZZER/, with a trace, a C program and a\n"
      "report; DIRECTORY/summary.md is the page of it all. A second campaign in the directory "
      "goes\n"
      "on from the first, also from one that was killed. Exits with 1 when the directory has\n"
      "findings.");
}

}  // namespace lastref
