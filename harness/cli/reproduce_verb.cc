// `lastref reproduce TRACE --target T`: the program as C source that needs nothing but the library.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "harness/cli/baseline.h"
#include "harness/cli/files.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/reproducers.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/reproduce/reproducer.h"

namespace lastref {
namespace {

struct Options {
  std::string trace;
  std::string target;
  std::string output = "-";
  std::string hazards = "none";
  std::string baseline;
  std::string dialect;
  std::string library;
  bool quiet = false;
};

// The target's contract with the hazards that are on.
Contract contract_of(const CommandLine& line, const Options& options, const std::string& version) {
  Contract contract;
  const std::string error = line.engine.target_contract(options.target, &contract);
  if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, options.target + ": " + error);
  const HazardChoice hazards = parse_hazards(options.hazards);
  const std::string path = options.baseline.empty() ? default_baseline() : options.baseline;
  const Baseline baseline = path.empty() ? Baseline() : Baseline::load(path);
  contract.hazards = hazards.on(hazards_of(baseline.of(target_name(options.target), version)));
  return contract;
}

// What the program comes to, so that its source can say what it shows.
ProgramReport run(const CommandLine& line, const Options& options, const Program& program,
                  const Contract& contract) {
  ProgramReport report =
      line.engine.run_program(options.target, program, contract.hazards, {}, MemoryTier::kGuard);
  if (!report.could_not_run.empty()) {
    throw Failure(ExitCode::kCouldNotRun, options.target + ": " + report.could_not_run);
  }
  if (!report.internal_error.empty()) {
    throw Failure(ExitCode::kInternalError, options.target + ": " + report.internal_error);
  }
  if (!report.lacks.empty()) {
    throw Failure(ExitCode::kCouldNotRun, fmt::format("{}: the target has no {}", options.target,
                                                      fmt::join(report.lacks, ", ")));
  }
  return report;
}

ExitCode reproduce_trace(const CommandLine& line, const Options& options) {
  search_library_in(options.library, line);
  require_targets(line.engine, {options.target});
  ReproducerInput input;
  input.dialect = &require_dialect(options.dialect, options.target);
  input.program = read_trace(options.trace);
  OutputFile output(options.output);
  std::string error;
  input.version = line.engine.target_version(options.target, &error);
  if (!error.empty()) throw Failure(ExitCode::kCouldNotRun, options.target + ": " + error);
  input.contract = contract_of(line, options, input.version);
  const ProgramReport report = run(line, options, input.program, input.contract);
  input.symptoms = report.symptoms;
  const Reproducer made = reproduce(input);
  if (!made.lacks.empty()) {
    throw Failure(ExitCode::kCouldNotRun,
                  fmt::format("{} on {}: the dialect '{}' has no C for {}", options.trace,
                              options.target, input.dialect->name, made.lacks));
  }
  output.write(made.source);
  if (!options.quiet && report.symptoms.empty() && report.illegal_operation < 0) {
    print_error(fmt::format("{} on {}: clean, the C program shows nothing and ends with 0\n",
                            options.trace, options.target));
  }
  return ExitCode::kClean;
}

}  // namespace

void add_reproduce_verb(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, line, "reproduce", "Write a program as C that needs nothing but the library",
               [&line, options] { return reproduce_trace(line, *options); });
  verb->add_option("TRACE", options->trace, "A file, or - for stdin")->required();
  verb->add_option("--target", options->target, "The library that it is for")->required();
  verb->add_option("-o,--output", options->output, "Where to write it (default: stdout)");
  verb->add_option("--hazards", options->hazards,
                   "Known bugs whose behaviour is expected: known, none (the default), NAME,...;\n"
                   "known,-NAME drops one of those that are known");
  verb->add_option("--baseline", options->baseline, "The file or directory of known findings");
  verb->add_option("--dialect", options->dialect,
                   "Whose spelling it has (default: the target's): boringssl, openssl, reference,\n"
                   "wolfssl");
  add_library_option(*verb, options->library);
  verb->add_flag("--quiet", options->quiet, "Say nothing of a program that shows nothing");
  verb->footer(
      "Exits with 0 when the program was written, whatever it shows. The target is run first, so\n"
      "that the C program can say what it shows; its first comment has the compile command and "
      "the\n"
      "meaning of its exit code.");
}

}  // namespace lastref
