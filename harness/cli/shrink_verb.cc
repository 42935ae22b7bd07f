// `lastref shrink TRACE --target T`: the smallest program with the same cause.

#include <fmt/format.h>

#include <memory>

#include "harness/cli/files.h"
#include "harness/cli/hazard_choice.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/library_choice.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/reproducers.h"
#include "harness/cli/target_choice.h"
#include "harness/cli/verbs.h"
#include "harness/execute/finding.h"
#include "harness/program/trace.h"

namespace lastref {
namespace {

struct Options {
  std::string trace;
  std::string target;
  std::string output = "-";
  std::string hazards = "none";
  std::string library;
  bool quiet = false;
};

ExitCode shrink(const CommandLine& line, const Options& options) {
  search_library_in(options.library, line);
  const HazardChoice hazards = parse_hazards(options.hazards);
  if (hazards.known) {
    throw usage_failure("--hazards: found 'known', expected names or none; name the hazards");
  }
  require_targets(line.engine, {options.target});
  const Program program = read_trace(options.trace);
  OutputFile output(options.output);
  watch_interrupts();
  ShrinkReport report;
  {
    ProgressLine progress(options.quiet);
    report = line.engine.shrink_program(
        options.target, program, hazards.named, [&](int tried, int size) {
          progress.show(fmt::format("{}: shrink, {} operations left, {} programs tried",
                                    options.target, size, tried));
          return !interrupted();
        });
  }
  if (!report.could_not_run.empty()) {
    throw Failure(ExitCode::kCouldNotRun, options.target + ": " + report.could_not_run);
  }
  if (!report.internal_error.empty()) {
    throw Failure(ExitCode::kInternalError, options.target + ": " + report.internal_error);
  }
  if (report.symptoms.empty()) {
    if (!options.quiet) {
      print_error(fmt::format("{} on {}: clean, there is nothing to shrink to\n", options.trace,
                              options.target));
    }
    return interrupted() ? ExitCode::kInterrupted : ExitCode::kClean;
  }
  output.write(print_trace(report.program));
  if (!options.quiet) {
    print_error(fmt::format("{}: from {} operations to {} in {} programs{}\n",
                            text(signature(report.symptoms.cause())), program.size,
                            report.program.size, report.tried,
                            report.complete ? "" : "; it ended early, there may be a smaller one"));
    print_error(reproduce_hint(options.output, options.target, options.hazards));
  }
  return interrupted() ? ExitCode::kInterrupted : ExitCode::kFindings;
}

}  // namespace

void add_shrink_verb(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, line, "shrink", "Find the smallest program that fails for the same cause",
               [&line, options] { return shrink(line, *options); });
  verb->add_option("TRACE", options->trace, "A file, or - for stdin")->required();
  verb->add_option("--target", options->target, "Where to run it")->required();
  verb->add_option("-o,--output", options->output, "Where to write the trace (default: stdout)");
  verb->add_option("--hazards", options->hazards,
                   "Known bugs whose behaviour is expected: none (the default), NAME,...");
  add_library_option(*verb, options->library);
  verb->add_flag("--quiet", options->quiet, "Print nothing but the trace");
  verb->footer(
      "Exits with 1 when there is a finding, which is then written, and with 0, writing nothing,\n"
      "when the trace shows none.");
}

}  // namespace lastref
