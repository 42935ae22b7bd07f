// `lastref check TARGET...`: random programs in lockstep with the model.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>

#include "harness/cli/baseline.h"
#include "harness/cli/capability_choice.h"
#include "harness/cli/files.h"
#include "harness/cli/finding_options.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/known_finding.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/memory_choice.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/quantity.h"
#include "harness/cli/reproducers.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/program/trace_words.h"
#include "harness/report/json_report.h"
#include "harness/report/summary_table.h"
#include "harness/report/text_report.h"

namespace lastref {
namespace {

// As the command line has it: text, so that a wrong value gets a message of ours.
struct Words : FindingWords {
  std::vector<std::string> targets;
  std::string seed = "1";
  std::string first = "0";
  std::string budget = "1M";
  std::string jobs;
  std::string operations = "24";
  std::string mix = "common";
  std::string without;
  bool faults = false;
  std::string memory = "quarantine";
};

std::uint64_t default_jobs() {
  return std::clamp<std::uint64_t>(std::thread::hardware_concurrency(), 1, kMaxJobs);
}

CheckOptions parse_options(const Words& words) {
  CheckOptions options;
  options.seed = parse_number("--seed", words.seed, 0, ~std::uint64_t{0});
  options.first = parse_number("--first", words.first, 0, kMaxFirst);
  options.budget = parse_budget(words.budget);
  options.jobs = static_cast<int>(
      words.jobs.empty() ? default_jobs() : parse_number("--jobs", words.jobs, 1, kMaxJobs));
  options.operations =
      static_cast<int>(parse_number("--operations", words.operations, 1, kMaxOperations));
  const std::optional<MixKind> mix = mix_named(words.mix);
  if (!mix) {
    throw usage_failure(
        fmt::format("--mix: found {}, expected common or handshakes; see lastref check --help",
                    show_word(words.mix)));
  }
  options.mix = *mix;
  options.faults = words.faults;
  options.memory = parse_memory(words.memory);
  if (!words.without.empty()) options.without = parse_without(words.without);
  return options;
}

std::string budget_words(const Budget& budget) {
  return budget.programs != 0 ? fmt::format("{} programs", budget.programs)
                              : fmt::format("{:.0f} s", budget.seconds);
}

class Check {
 public:
  Check(const CommandLine& line, const Words& words)
      : line_(line),
        words_(words),
        options_(parse_options(words)),
        hazards_(parse_hazards(words.hazards)) {
    require_targets(line.engine, words.targets);
    if (!words.json.empty()) json_ = OutputFile(words.json);
    if (!words.reproducers.empty()) reproducers_ = ReproducerDirectory(words.reproducers);
    load_baseline();
  }

  ExitCode run() {
    watch_interrupts();
    say(
        fmt::format("seed {}, {} of {} operations{}{} for each target, mix {}{}, {} jobs\n"
                    "getters are read after every operation, encodings in 1 program of {}\n",
                    options_.seed, budget_words(options_.budget), options_.operations,
                    options_.first == 0 ? "" : fmt::format(" from number {} on", options_.first),
                    words_.without.empty() ? "" : " without " + words_.without, words_.mix,
                    words_.faults ? ", with faults" : "", options_.jobs, kEncodingSample));
    for (const std::string& target : words_.targets) {
      if (interrupted()) break;
      check_target(target);
    }
    if (json_.is_open()) {
      if (!results_.empty()) json_.write(json_text(results_));
    }
    return exit_code();
  }

 private:
  // With --json - the standard output is the JSON's, and the text goes to the standard error.
  void print(const std::string& text) { words_.json == "-" ? print_error(text) : print_out(text); }
  void say(const std::string& text) {
    if (!words_.quiet) print(text);
  }

  void load_baseline() {
    const std::string path = words_.baseline.empty() ? default_baseline() : words_.baseline;
    if (!path.empty()) {
      baseline_ = Baseline::load(path);
    } else if (hazards_.known && !words_.quiet) {
      print_error("lastref: found no baseline beside the program; every finding counts as new\n");
    }
  }

  void check_target(const std::string& target) {
    JsonInput result;
    result.lastref_version = line_.version;
    result.options = options_;
    result.options.target = target;
    std::string error;
    const std::string version = line_.engine.target_version(target, &error);
    if (error.empty()) error = line_.engine.target_contract(target, &result.contract);
    std::vector<BaselineEntry> entries;
    if (error.empty()) {
      entries = baseline_.of(target_name(target), version);
      result.options.hazards = hazards_.on(hazards_of(entries));
      result.contract.hazards = result.options.hazards;
      result.report = search(result.options);
    } else {
      result.report.could_not_run = error;
    }
    result.report.target = target;
    result.options.progress = nullptr;
    for (Finding& finding : result.report.findings) {
      if (finding.symptoms.empty()) continue;
      finding.known = known_finding(line_.engine, entries, target, finding.program,
                                    signature(finding.symptoms.cause()), result.options.hazards);
    }
    print_result(result, entries);
    flush_output();  // the next target may take hours
    results_.push_back(std::move(result));
  }

  CheckReport search(CheckOptions options) {
    ProgressLine progress(words_.quiet);
    options.progress = [&](const CheckProgress& state) {
      progress.show(progress_text(options.target, state, options.budget));
      return !interrupted();
    };
    return line_.engine.check(options);
  }

  void print_result(const JsonInput& result, const std::vector<BaselineEntry>& entries) {
    const CheckReport& report = result.report;
    say("\n" + summary_table(std::span(&report, 1)));
    if (!report.could_not_run.empty()) {
      print_error(
          fmt::format("lastref: {} could not be run: {}\n", report.target, report.could_not_run));
      return;
    }
    if (!report.internal_error.empty()) {
      print_error(
          fmt::format("lastref: {}: internal error: {}\n", report.target, report.internal_error));
    }
    say(gone_round_text(entries, result.options.hazards, report.version));
    for (const Finding& finding : report.findings) {
      print("\n" + finding_text(finding, result.contract));
      if (reproducers_.is_open()) print(reproducers_.write(finding, result.contract));
    }
    for (const Finding& finding : report.unreproduced) {
      say("\n" + finding_text(finding, result.contract));
    }
  }

  // What was found is worth more than what could not be run, or not to its end: 1 goes before 4
  // and 3.
  ExitCode exit_code() const {
    bool findings = false;
    bool could_not_run = false;
    bool internal_error = false;
    bool stopped = interrupted();
    for (const JsonInput& result : results_) {
      findings = findings || !result.report.findings.empty();
      internal_error = internal_error || !result.report.internal_error.empty();
      could_not_run = could_not_run || !result.report.could_not_run.empty();
      stopped = stopped || result.report.stopped;
    }
    if (stopped) return ExitCode::kInterrupted;
    if (findings) return ExitCode::kFindings;
    if (internal_error) return ExitCode::kInternalError;
    return could_not_run ? ExitCode::kCouldNotRun : ExitCode::kClean;
  }

  const CommandLine& line_;
  const Words& words_;
  CheckOptions options_;
  HazardChoice hazards_;
  OutputFile json_;
  ReproducerDirectory reproducers_;
  Baseline baseline_;
  std::vector<JsonInput> results_;
};

}  // namespace

void add_check_verb(CLI::App& app, CommandLine& line) {
  auto words = std::make_shared<Words>();
  CLI::App* verb = add_verb(app, line, "check", "Search targets for findings with random programs",
                            [&line, words] {
                              search_library_in(words->library, line);
                              return Check(line, *words).run();
                            });
  verb->add_option("TARGET", words->targets, "Names that 'lastref targets' lists, or paths")
      ->required();
  verb->add_option("--seed", words->seed, "What the programs are drawn from (default 1)");
  verb->add_option(
      "--first", words->first,
      "The number of the first program (default 0): a report names programs by it, and\n"
      "those before one may matter where it is not seen again");
  verb->add_option("--budget", words->budget,
                   "Programs for each target (100000, 300k, 2M; the report is then the same for\n"
                   "any number of jobs) or time (30s, 10m, 8h); default 1M");
  verb->add_option("--jobs", words->jobs, "Processes at a time (default: one for each processor)");
  verb->add_option("--operations", words->operations, "Operations of a program (default 24)");
  verb->add_option("--mix", words->mix,
                   "What programs are made of: common (no handshakes, the default) or handshakes");
  verb->add_flag("--faults", words->faults, "Let allocations fail in some of the operations");
  verb->add_option("--without", words->without,
                   "Capabilities that the programs make no use of: connection,i2d,...");
  verb->add_option(
      "--memory", words->memory,
      "How the search watches blocks: count, quarantine (the default), guard or guard-all;\n"
      "what fails is replayed under guard at least");
  add_finding_options(*verb, *words);
  verb->footer(
      "Exits with 0 when nothing was found beyond what the hazards go round. A finding that the\n"
      "baseline lists and whose hazard is off is printed as known, and is a finding: exit code 1.\n"
      "A target that cannot be run does not stop the others: exit code 3 if nothing was found.\n"
      "The JSON is an object for one target and an array for several; what may differ between two\n"
      "equal runs stands in its last member, \"run\".");
}

}  // namespace lastref
