// `lastref explore TARGET`: every transition of a bounded space, in lockstep with the model.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <new>
#include <thread>

#include "harness/cli/baseline.h"
#include "harness/cli/files.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/known_finding.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/quantity.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/program/trace_words.h"
#include "harness/report/explore_report.h"
#include "harness/report/text_report.h"

namespace lastref {
namespace {

// As the command line has it: text, so that a wrong value gets a message of ours.
struct Words {
  std::string target;
  std::string bound;
  std::string operations;
  bool all_programs = false;
  std::string length;
  bool model_only = false;
  std::string jobs;
  std::string shard = "1/1";
  std::string journal;
  std::string hazards = "known";
  std::string baseline;
  std::string json;
  std::string library;
  bool quiet = false;
};

// More parts than any cluster has processors.
constexpr std::uint64_t kMaxShards = 65536;

// "2/4": the second of four.
Shard parse_shard(const std::string& text) {
  const std::size_t sign = text.find('/');
  if (sign == std::string::npos) {
    throw usage_failure(
        fmt::format("--shard: found {}, expected a number of parts, as 2/4", show_word(text)));
  }
  Shard shard;
  shard.count = static_cast<int>(
      parse_number("--shard", std::string_view(text).substr(sign + 1), 1, kMaxShards));
  shard.number = static_cast<int>(parse_number("--shard", std::string_view(text).substr(0, sign), 1,
                                               static_cast<std::uint64_t>(shard.count)));
  return shard;
}

void require(const char* option, const std::string& error) {
  if (!error.empty()) throw usage_failure(fmt::format("{}: {}", option, error));
}

ExploreOptions parse_options(const Words& words) {
  ExploreOptions options;
  options.target = words.target;
  if (!words.bound.empty()) require("--bound", options.bound.read_limits(words.bound));
  if (!words.operations.empty()) {
    require("--operations", options.bound.read_operations(words.operations));
  }
  options.all_programs = words.all_programs;
  if (!words.length.empty()) {
    if (!words.all_programs) {
      throw usage_failure("--length is for --all-programs; of a bound it is the depth");
    }
    options.bound.set(Limit::kDepth, static_cast<int>(parse_number("--length", words.length, 1,
                                                                   kMaxOperations - 2)));
  }
  if (words.all_programs && options.bound[Limit::kDepth] == 0) {
    throw usage_failure("--all-programs: found no length, expected --length N or a bound's depth");
  }
  options.model_only = words.model_only;
  options.shard = parse_shard(words.shard);
  const std::uint64_t processors =
      std::clamp<std::uint64_t>(std::thread::hardware_concurrency(), 1, kMaxJobs);
  options.jobs = static_cast<int>(
      words.jobs.empty() ? processors : parse_number("--jobs", words.jobs, 1, kMaxJobs));
  options.journal = words.journal;
  return options;
}

class ExploreVerb {
 public:
  ExploreVerb(const CommandLine& line, const Words& words)
      : line_(line),
        words_(words),
        options_(parse_options(words)),
        hazards_(parse_hazards(words.hazards)) {
    require_targets(line.engine, {words.target});
    if (!words.json.empty()) json_ = OutputFile(words.json);
  }

  ExitCode run() {
    watch_interrupts();
    std::string error;
    const std::string version = line_.engine.target_version(words_.target, &error);
    ExploreInput input;
    if (error.empty()) error = line_.engine.target_contract(words_.target, &input.contract);
    if (!error.empty()) {
      throw Failure(ExitCode::kCouldNotRun,
                    fmt::format("{} could not be run: {}", words_.target, error));
    }
    const std::string path = words_.baseline.empty() ? default_baseline() : words_.baseline;
    Baseline baseline;
    if (!path.empty()) baseline = Baseline::load(path);
    const std::vector<BaselineEntry> entries = baseline.of(target_name(words_.target), version);
    options_.hazards = hazards_.on(hazards_of(entries));
    input.contract.hazards = options_.hazards;
    say(fmt::format("{}: {}\nbound       {}\noperations  {}\n{}\n", words_.target, version,
                    options_.bound.limits_text(), options_.bound.operations_text(),
                    options_.all_programs
                        ? "every program up to the depth, no two states merged"
                        : "every transition; states that differ only in names are merged"));
    input.report = explore();
    input.jobs = options_.jobs;
    input.lastref_version = line_.version;
    for (Finding& finding : input.report.findings) {
      if (finding.symptoms.empty()) continue;
      finding.known = known_finding(line_.engine, entries, words_.target, finding.program,
                                    signature(finding.symptoms.cause()), options_.hazards);
    }
    print_report(input, entries);
    return exit_code(input.report);
  }

 private:
  // With --json - the standard output is the JSON's, and the text goes to the standard error.
  void print(const std::string& text) { words_.json == "-" ? print_error(text) : print_out(text); }
  void say(const std::string& text) {
    if (!words_.quiet) print(text);
  }

  ExploreReport explore() {
    ProgressLine progress(words_.quiet);
    options_.progress = [&](const ExploreProgress& state) {
      progress.show(progress_text(words_.target, state));
      return !interrupted();
    };
    try {
      return line_.engine.explore(options_);
    } catch (const std::bad_alloc&) {
      throw too_large();
    } catch (const std::length_error&) {
      throw too_large();
    }
  }

  Failure too_large() const {
    return Failure(ExitCode::kCouldNotRun,
                   fmt::format("the states of the bound {} do not fit into memory; take a smaller "
                               "one, or set its depth",
                               options_.bound.limits_text()));
  }

  void print_report(const ExploreInput& input, const std::vector<BaselineEntry>& entries) {
    const ExploreReport& report = input.report;
    const nlohmann::ordered_json json = explore_json(input);
    if (json_.is_open()) {
      constexpr auto kOnError = nlohmann::json::error_handler_t::replace;
      json_.write(json.dump(2, ' ', false, kOnError) + "\n");
    }
    if (!report.could_not_run.empty()) {
      print_error(
          fmt::format("lastref: {} could not be run: {}\n", report.target, report.could_not_run));
      return;
    }
    if (!report.internal_error.empty()) {
      print_error(
          fmt::format("lastref: {}: internal error: {}\n", report.target, report.internal_error));
    }
    const ExploreSummary summary = summary_of(json);
    say(summary_text(summary));
    say(time_text(report));
    say(gone_round_text(entries, options_.hazards, report.version));
    for (const Finding& finding : report.findings) {
      print("\n" + finding_text(finding, input.contract));
    }
    for (const Finding& finding : report.unreproduced) {
      say("\n" + finding_text(finding, input.contract));
    }
    say("\n" + statement(summary) + "\n");
  }

  // Rates are by processor time, which does not depend on who else uses the machine.
  std::string time_text(const ExploreReport& report) const {
    const auto row = [](const char* name, double seconds, double processor,
                        std::uint64_t transitions) {
      return fmt::format(
          "{:<12}{:.2f} s for the {}, {:.2f} s of the processors: {} transitions a second of one\n",
          "time", seconds, name, processor,
          grouped(static_cast<std::uint64_t>(static_cast<double>(transitions) /
                                             std::max(processor, 0.001))));
    };
    std::string text =
        row("model", report.model_seconds, report.model_processor_seconds, report.transitions);
    if (report.model_only) return text;
    text += row("target", report.target_seconds, report.target_processor_seconds,
                report.transitions_done);
    if (report.resumed_programs != 0) {
      text += fmt::format("            {} programs were the journal's\n",
                          grouped(report.resumed_programs));
    }
    return text;
  }

  // What was found is worth more than that not all was done.
  static ExitCode exit_code(const ExploreReport& report) {
    if (report.stopped || interrupted()) return ExitCode::kInterrupted;
    if (!report.findings.empty() || !report.unreproduced.empty()) return ExitCode::kFindings;
    if (!report.internal_error.empty()) return ExitCode::kInternalError;
    return report.could_not_run.empty() ? ExitCode::kClean : ExitCode::kCouldNotRun;
  }

  const CommandLine& line_;
  const Words& words_;
  ExploreOptions options_;
  HazardChoice hazards_;
  OutputFile json_;
};

}  // namespace

void add_explore_verb(CLI::App& app, CommandLine& line) {
  auto words = std::make_shared<Words>();
  CLI::App* verb =
      add_verb(app, line, "explore", "Exercise every transition of a bounded space on a target",
               [&line, words] {
                 search_library_in(words->library, line);
                 return ExploreVerb(line, *words).run();
               });
  verb->add_option("TARGET", words->target, "A name that 'lastref targets' lists, or a path")
      ->required();
  verb->add_option("--bound", words->bound,
                   fmt::format("How much of everything: {} (the first is the default), and what "
                               "differs:\nstandard,sessions=3; all are in docs/explore.md",
                               fmt::join(preset_names(), ", ")));
  verb->add_option("--operations", words->operations,
                   fmt::format("Of which operations: all, common (no handshakes), names, groups, "
                               "and -NAME:\n{}",
                               fmt::join(operation_group_names(), ", ")));
  verb->add_flag("--all-programs", words->all_programs,
                 "Every program up to a length instead, with no two states merged");
  verb->add_option("--length", words->length, "That length, in operations");
  verb->add_flag("--model-only", words->model_only,
                 "Count what there is, and leave the target alone");
  verb->add_option("--jobs", words->jobs, "Processes at a time (default: one for each processor)");
  verb->add_option("--shard", words->shard,
                   "I/N: one of N parts, which 'lastref merge' joins by their JSON");
  verb->add_option("--journal", words->journal,
                   "Write down there what is done; the same command goes on from it");
  verb->add_option("--hazards", words->hazards,
                   "Known bugs to go round: known (the baseline's, the default), none, NAME,...");
  verb->add_option("--baseline", words->baseline, "The file or directory of known findings");
  add_library_option(*verb, words->library);
  verb->add_option("--json", words->json, "Write what came out there; - is stdout");
  verb->add_flag("--quiet", words->quiet, "Print nothing but findings");
  verb->footer(
      "Exits with 0 when every transition agrees, with 1 when programs failed, with 130 after\n"
      "Ctrl-C, when what was done until then is told and stands in the journal.");
}

}  // namespace lastref
