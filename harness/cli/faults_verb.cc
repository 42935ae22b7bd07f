// `lastref faults TRACE...|--corpus --target T`: every allocation of a program fails once.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "harness/cli/baseline.h"
#include "harness/cli/files.h"
#include "harness/cli/finding_options.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/quantity.h"
#include "harness/cli/reproducers.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/program/trace.h"
#include "harness/report/callback_table.h"
#include "harness/report/json_report.h"
#include "harness/report/summary_table.h"
#include "harness/report/text_report.h"

namespace lastref {
namespace {

// As the command line has it: text, so that a wrong value gets a message of ours.
struct Words : FindingWords {
  std::vector<std::string> traces;
  std::vector<std::string> targets;
  std::string seed = "1";
  std::string points;
  bool corpus = false;
  bool callbacks = false;
  std::string programs;  // where those of the callbacks are written
};

std::string progress_text(const std::string& target, const SweepProgress& progress,
                          std::size_t traces) {
  if (progress.stage != "sweep") {
    return fmt::format("{}: {}, {} failed", target, progress.stage, progress.verdicts);
  }
  return fmt::format("{}: {} ({} of {}), {} of {} points, {} failed", target, progress.trace,
                     progress.traces_done + 1, traces, progress.points, progress.trace_points,
                     progress.verdicts);
}

// "cache-reference: 18 allocations, 36 points, 0.1 s, 2 failed".
std::string trace_line(const TraceSweep& swept) {
  if (!swept.left_out.empty()) {
    return fmt::format("{}: left out, {}\n", swept.name, swept.left_out);
  }
  const std::string run =
      swept.run == swept.points ? "" : fmt::format(" ({} of them run)", swept.run);
  const std::string hidden =
      swept.hidden == 0 ? "" : fmt::format(" ({} of them behind known bugs)", swept.hidden);
  return fmt::format("{}: {} allocations{}, {} points{}, {:.1f} s, {} failed\n", swept.name,
                     swept.allocations, hidden, swept.points, run, swept.seconds, swept.verdicts);
}

class Faults {
 public:
  Faults(const CommandLine& line, const Words& words)
      : line_(line), words_(words), hazards_(parse_hazards(words.hazards)) {
    require_targets(line.engine, words.targets);
    options_.seed = parse_number("--seed", words.seed, 0, ~std::uint64_t{0});
    if (!words.points.empty()) {
      options_.most_points =
          static_cast<std::size_t>(parse_number("--points", words.points, 1, kMaxPrograms));
    }
    if (!words.callbacks && !words.programs.empty()) {
      throw usage_failure("found --programs without --callbacks, expected both");
    }
    if (!words.callbacks) read_traces();
    if (words.callbacks && (words.corpus || !words.traces.empty())) {
      throw usage_failure("found traces and --callbacks, expected one of them: it makes its own");
    }
    if (!words.json.empty()) json_ = OutputFile(words.json);
    if (!words.reproducers.empty()) reproducers_ = ReproducerDirectory(words.reproducers);
    const std::string path = words.baseline.empty() ? default_baseline() : words.baseline;
    if (!path.empty()) baseline_ = Baseline::load(path);
  }

  ExitCode run() {
    watch_interrupts();
    if (!words_.callbacks)
      say(
          fmt::format("{} traces; each allocation fails alone, and with all that follow it in its\n"
                      "operation; of more than {} points of a trace so many are drawn, seed {}\n",
                      options_.traces.size(), options_.most_points, options_.seed));
    for (const std::string& target : words_.targets) {
      if (interrupted()) break;
      sweep_target(target);
    }
    if (json_.is_open() && !results_.empty()) json_.write(json_text(results_));
    return exit_code();
  }

 private:
  void print(const std::string& text) { words_.json == "-" ? print_error(text) : print_out(text); }
  void say(const std::string& text) {
    if (!words_.quiet) print(text);
  }

  void read_traces() {
    std::vector<std::string> paths = words_.traces;
    if (words_.corpus) paths.push_back(seed_corpus());
    if (paths.empty()) {
      throw usage_failure("found no TRACE, expected traces, or --corpus for the seed corpus");
    }
    for (const std::string& file : trace_files(paths)) {
      const std::string name =
          file == "-" ? "standard input" : std::filesystem::path(file).stem().string();
      options_.traces.push_back({name, read_trace(file)});
    }
  }

  void sweep_target(const std::string& target) {
    JsonInput result;
    result.lastref_version = line_.version;
    result.options.target = target;
    result.options.seed = options_.seed;
    result.report.target = target;
    std::string error;
    const std::string version = line_.engine.target_version(target, &error);
    if (error.empty()) error = line_.engine.target_contract(target, &result.contract);
    if (!error.empty()) {
      result.report.could_not_run = error;
      print_error(fmt::format("lastref: {} could not be run: {}\n", target, error));
      results_.push_back(std::move(result));
      return;
    }
    const std::vector<BaselineEntry> entries = baseline_.of(target_name(target), version);
    options_.target = target;
    options_.hazards = hazards_.on(hazards_of(entries));
    result.options.hazards = result.contract.hazards = options_.hazards;
    SweepReport swept = words_.callbacks ? cover_callbacks(result) : sweep();
    result.options.budget.programs = swept.check.programs;
    result.report = std::move(swept.check);
    for (Finding& finding : result.report.findings) {
      finding.known = known_by(entries, signature(finding.symptoms.cause()), explained());
    }
    for (const TraceSweep& trace : swept.traces) say(trace_line(trace));
    print_result(result);
    flush_output();
    results_.push_back(std::move(result));
  }

  // The hazards behind which no finding can be. Those of faults keep programs from one kind of
  // operation, and not from handshakes, which add and free sessions too.
  Hazards explained() const {
    Hazards on = options_.hazards;
    on.remove(Hazard::FAILED_ADD_LINKS);
    on.remove(Hazard::FREE_NEEDS_MEMORY);
    return on;
  }

  SweepReport sweep() {
    ProgressLine progress(words_.quiet);
    options_.progress = [&](const SweepProgress& state) {
      // A run takes a millisecond or less: to show each would cost as much.
      if (state.points % 16 == 0) {
        progress.show(progress_text(options_.target, state, options_.traces.size()));
      }
      return !interrupted();
    };
    return line_.engine.sweep(options_);
  }

  // What came of it is told at once, but for its findings.
  SweepReport cover_callbacks(JsonInput& result) {
    ProgressLine progress(words_.quiet);
    CallbackOptions options;
    options.target = options_.target;
    options.hazards = options_.hazards;
    options.progress = [&](std::size_t done, std::size_t of) {
      progress.show(fmt::format("{}: {} of {} programs", options.target, done, of));
      return !interrupted();
    };
    const CallbackReport report = line_.engine.cover_callbacks(options);
    progress.clear();
    result.callbacks = callback_json(report);
    say(fmt::format("callbacks of {} ({})\n{}", options.target, report.check.version,
                    callback_table(report)));
    print(fmt::format("{}: {}", options.target, callback_total(report)));
    if (!words_.programs.empty()) write_programs(report);
    return {report.check, {}};
  }

  void write_programs(const CallbackReport& report) const {
    std::filesystem::create_directories(words_.programs);
    for (const auto* rows : {&report.cells, &report.pairs}) {
      for (const CallbackRow& row : *rows) {
        if (row.made.program.size == 0) continue;
        OutputFile file(
            (std::filesystem::path(words_.programs) / (row.made.name + ".trace")).string());
        file.write(fmt::format("# {}\n{}", row.made.source, print_trace(row.made.program)));
      }
    }
  }

  void print_result(const JsonInput& result) {
    const CheckReport& report = result.report;
    say("\n" + summary_table(std::span(&report, 1)));
    if (!report.internal_error.empty()) {
      print_error(
          fmt::format("lastref: {}: internal error: {}\n", report.target, report.internal_error));
    }
    for (const Finding& finding : report.findings) {
      print("\n" + finding_text(finding, result.contract));
      if (reproducers_.is_open()) print(reproducers_.write(finding, result.contract));
    }
    for (const Finding& finding : report.unreproduced) {
      say("\n" + finding_text(finding, result.contract));
    }
  }

  ExitCode exit_code() const {
    const auto any = [this](auto test) {
      return std::ranges::any_of(results_,
                                 [&](const JsonInput& result) { return test(result.report); });
    };
    const auto stopped = [](const CheckReport& report) { return report.stopped; };
    if (interrupted() || any(stopped)) return ExitCode::kInterrupted;
    if (any([](const CheckReport& report) { return !report.findings.empty(); })) {
      return ExitCode::kFindings;
    }
    if (any([](const CheckReport& report) { return !report.internal_error.empty(); })) {
      return ExitCode::kInternalError;
    }
    const auto could_not_run = [](const CheckReport& report) {
      return !report.could_not_run.empty() || report.programs == 0;
    };
    return any(could_not_run) ? ExitCode::kCouldNotRun : ExitCode::kClean;
  }

  const CommandLine& line_;
  const Words& words_;
  SweepOptions options_;
  HazardChoice hazards_;
  OutputFile json_;
  ReproducerDirectory reproducers_;
  Baseline baseline_;
  std::vector<JsonInput> results_;
};

}  // namespace

void add_faults_verb(CLI::App& app, CommandLine& line) {
  auto words = std::make_shared<Words>();
  CLI::App* verb =
      add_verb(app, line, "faults", "Make each allocation of programs fail", [&line, words] {
        search_library_in(words->library, line);
        return Faults(line, *words).run();
      });
  verb->add_option("TRACE", words->traces, "Files, directories of *.trace, or - for stdin");
  verb->add_flag("--corpus", words->corpus, "The seed corpus as well");
  verb->add_flag("--callbacks", words->callbacks,
                 "Instead: every answer of the callbacks, and every operation from inside each");
  verb->add_option("--programs", words->programs,
                   "With --callbacks: write its programs into this directory");
  verb->add_option("--target", words->targets, "Where to run them; may be given several times")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--points", words->points,
                   fmt::format("Most points of a trace that are run (default {})", kMostPoints));
  verb->add_option("--seed", words->seed,
                   "What they are drawn by where there are more (default 1)");
  add_finding_options(*verb, *words);
  verb->footer(
      "A point is an allocation of one operation, that fails alone or with all that follow it in\n"
      "the operation. Programs that a target cannot run, or that fail without a fault, are left\n"
      "out and named. With --callbacks a line is printed for each program, and what it covers;\n"
      "what no manual allows inside a callback is told and is no finding. Exits with 1 for "
      "findings, known or not, and with 3 when no point was run.");
}

}  // namespace lastref
