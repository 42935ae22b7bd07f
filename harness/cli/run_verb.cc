// `lastref run TRACE... --target T`: written programs, each in a fresh process.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "harness/cli/baseline.h"
#include "harness/cli/contract_choice.h"
#include "harness/cli/files.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/known_finding.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/memory_choice.h"
#include "harness/cli/reproducers.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/valgrind_run.h"
#include "harness/cli/verbs.h"
#include "harness/report/text_report.h"

namespace lastref {
namespace {

struct Options {
  std::vector<std::string> traces;
  std::vector<std::string> targets;
  std::string hazards = "none";
  std::string baseline;
  std::string contract;
  std::string library;
  std::string memory = "guard";
  bool valgrind = false;
  bool quiet = false;
};

struct Trace {
  std::string file;  // as the command line has it
  std::string name;
  Program program;
};

// What all runs on one target share.
struct Setting {
  std::string target;
  std::vector<BaselineEntry> entries;
  Contract contract;  // with the hazards that are on
  ContractMarks instead;
  MemoryTier memory = MemoryTier::kGuard;
};

struct Tally {
  int run = 0;
  int failed = 0;      // findings, and misuse that the trace does not declare
  int impossible = 0;  // could not be run
  int internal = 0;    // lastref failed
};

// Misuse that a trace's header declares is what the trace is for; its consequences are no finding.
// The other way round, a declared misuse that breaks no rule, or another one, or elsewhere, makes
// the trace wrong.
bool is_finding(const Program& program, const ProgramReport& report) {
  const int declared = program.misuse == Misuse::kNone ? -1 : program.misuse_at;
  if (report.illegal_operation != declared || report.broken != program.misuse) return true;
  return declared < 0 && !report.symptoms.empty();
}

// What makes the header of a misuse trace wrong, to be printed below the report.
std::string wrong_header(const Program& program, const ProgramReport& report,
                         const std::string& target) {
  const std::string declared = fmt::format("  The trace declares {} at operation {}",
                                           name(program.misuse), program.misuse_at + 1);
  if (report.illegal_operation < 0) {
    return fmt::format("{}, and the contract of {} allows all of it.\n", declared, target);
  }
  return fmt::format("{}; the first rule broken is {} at operation {}.\n", declared,
                     name(report.broken), report.illegal_operation + 1);
}

void run_one(const CommandLine& line, const Options& options, const Setting& setting,
             const Trace& trace, Tally& tally) {
  RunOutcome outcome;
  outcome.trace = trace.name;
  outcome.target = setting.target;
  outcome.program = trace.program;
  outcome.report = line.engine.run_program(setting.target, trace.program, setting.contract.hazards,
                                           setting.instead, setting.memory);
  const ProgramReport& report = outcome.report;
  if (!report.could_not_run.empty()) {
    ++tally.impossible;
    print_error(
        fmt::format("lastref: {} on {}: {}\n", trace.name, setting.target, report.could_not_run));
    return;
  }
  if (!report.internal_error.empty()) {
    ++tally.internal;
    print_error(fmt::format("lastref: {} on {}: internal error: {}\n", trace.name, setting.target,
                            report.internal_error));
    return;
  }
  if (!report.lacks.empty()) {
    if (!options.quiet) {
      print_out(fmt::format("{} on {}: left out, the target has no {}\n", trace.name,
                            setting.target, fmt::join(report.lacks, ", ")));
    }
    return;
  }
  ++tally.run;
  // What the baseline says holds by the contract that the target declares.
  if (!report.symptoms.empty() && report.illegal_operation < 0 && setting.instead.empty()) {
    outcome.known =
        known_finding(line.engine, setting.entries, setting.target, trace.program,
                      signature(report.symptoms.cause()), setting.contract.hazards, setting.memory);
  }
  // With the hazard off it would be judged; what is beyond the model never is.
  const bool unjudged = report.meets_hazard || report.beyond_model;
  if (report.beyond_model) ++tally.impossible;
  const bool finding = !unjudged && is_finding(trace.program, report);
  if (finding) ++tally.failed;
  if (finding || report.beyond_model || !options.quiet)
    print_out(run_text(outcome, setting.contract));
  if (finding && setting.instead.empty()) {
    print_out(reproduce_hint(trace.file, setting.target, options.hazards));
  }
  if (finding && trace.program.misuse != Misuse::kNone) {
    print_out(wrong_header(trace.program, report, setting.target));
  }
}

// What memcheck says of the program, which runs once more under it. Blocks are only held there: it
// sees by itself what touches them.
void confirm(const Options& options, const Setting& setting, const Trace& trace) {
  std::vector<std::string> words = {"run",          trace.file,      "--target",
                                    setting.target, "--memory",      "quarantine",
                                    "--hazards",    options.hazards, "--quiet"};
  if (!options.contract.empty()) words.insert(words.end(), {"--contract", options.contract});
  if (!options.baseline.empty()) words.insert(words.end(), {"--baseline", options.baseline});
  print_out(valgrind_text(run_on_valgrind(words)));
}

Setting make_setting(const CommandLine& line, const std::string& target,
                     const HazardChoice& hazards, const Baseline& baseline,
                     const ContractMarks& instead, MemoryTier memory) {
  Setting setting;
  setting.memory = memory;
  setting.target = target;
  setting.instead = instead;
  std::string error;
  const std::string version = line.engine.target_version(target, &error);
  if (error.empty()) error = line.engine.target_contract(target, &setting.contract);
  if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, target + ": " + error);
  setting.entries = baseline.of(target_name(target), version);
  for (const std::string& word : instead.words()) setting.contract.set_words(word);
  setting.contract.hazards = hazards.on(hazards_of(setting.entries));
  return setting;
}

ExitCode run(const CommandLine& line, const Options& options) {
  search_library_in(options.library, line);
  const HazardChoice hazards = parse_hazards(options.hazards);
  const ContractMarks instead = parse_contract(options.contract);
  const MemoryTier memory = parse_memory(options.memory);
  if (options.valgrind) require_valgrind();
  require_targets(line.engine, options.targets);
  std::vector<Trace> traces;
  for (const std::string& file : trace_files(options.traces)) {
    traces.push_back({file, file == "-" ? "standard input" : file, read_trace(file)});
  }
  const std::string path = options.baseline.empty() ? default_baseline() : options.baseline;
  const Baseline baseline = path.empty() ? Baseline() : Baseline::load(path);
  watch_interrupts();
  Tally tally;
  for (const std::string& target : options.targets) {
    try {
      const Setting setting = make_setting(line, target, hazards, baseline, instead, memory);
      for (const Trace& trace : traces) {
        if (interrupted()) return ExitCode::kInterrupted;
        const int before = tally.run;
        run_one(line, options, setting, trace, tally);
        if (options.valgrind && tally.run > before) confirm(options, setting, trace);
      }
    } catch (const Failure& failure) {
      ++tally.impossible;
      print_error(fmt::format("lastref: {}\n", failure.what()));
    }
  }
  if (interrupted()) return ExitCode::kInterrupted;
  if (tally.failed > 0) return ExitCode::kFindings;
  if (tally.internal > 0) return ExitCode::kInternalError;
  if (tally.impossible > 0) return ExitCode::kCouldNotRun;
  if (tally.run == 0) {
    throw Failure(ExitCode::kCouldNotRun,
                  "no trace was run: found only traces that need what no target has, expected one "
                  "that can run; choose another target");
  }
  return ExitCode::kClean;
}

}  // namespace

void add_run_verb(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, line, "run", "Run written programs",
                            [&line, options] { return run(line, *options); });
  verb->add_option("TRACE", options->traces, "Files, directories of *.trace, or - for stdin")
      ->required();
  verb->add_option("--target", options->targets, "Where to run them; may be given several times")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--hazards", options->hazards,
                   "Known bugs whose behaviour is expected: known, none (the default), NAME,...;\n"
                   "known,-NAME drops one of those that are known");
  verb->add_option("--baseline", options->baseline, "The file or directory of known findings");
  verb->add_option("--contract", options->contract,
                   "Judge as if the target had declared SWITCH=VALUE,...");
  verb->add_option(
      "--memory", options->memory,
      "How blocks are watched: count, quarantine, guard (the default: released sessions\n"
      "cannot be touched) or guard-all (no released block can)");
  verb->add_flag("--valgrind", options->valgrind,
                 "Run each program under valgrind's memcheck as well, and print what that sees");
  add_library_option(*verb, options->library);
  verb->add_flag("--quiet", options->quiet, "Print nothing but findings");
  verb->footer(
      "Exits with 1 if the library departs from the model, if a program breaks a rule that its\n"
      "header does not declare, or if it declares a misuse and breaks no rule. A target that "
      "lacks\n"
      "what a trace needs leaves it out.");
}

}  // namespace lastref
