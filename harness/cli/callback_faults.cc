#include "harness/cli/callback_faults.h"

#include <fmt/format.h>

#include <filesystem>

#include "harness/cli/engine.h"
#include "harness/cli/files.h"
#include "harness/cli/finding_output.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/target_choice.h"
#include "harness/program/trace.h"
#include "harness/report/callback_table.h"

namespace lastref {
namespace {

void write_programs(const CallbackReport& report, const std::string& directory) {
  std::filesystem::create_directories(directory);
  for (const auto* rows : {&report.cells, &report.pairs}) {
    for (const CallbackRow& row : *rows) {
      if (row.made.program.size == 0) continue;
      OutputFile file((std::filesystem::path(directory) / (row.made.name + ".trace")).string());
      file.write(fmt::format("# {}\n{}", row.made.source, print_trace(row.made.program)));
    }
  }
}

CallbackReport cover(const CommandLine& line, CallbackOptions& options, bool quiet) {
  ProgressLine progress(quiet);
  options.progress = [&](std::size_t done, std::size_t of) {
    progress.show(fmt::format("{}: {} of {} programs", options.target, done, of));
    return !interrupted();
  };
  return line.engine.cover_callbacks(options);
}

}  // namespace

ExitCode run_callback_faults(const CommandLine& line, const FindingWords& finding,
                             const std::vector<std::string>& targets, const std::string& programs) {
  require_targets(line.engine, targets);
  FindingOutput output(finding);
  watch_interrupts();
  for (const std::string& target : targets) {
    if (interrupted()) break;
    JsonInput result;
    result.lastref_version = line.version;
    result.options.target = target;
    if (!output.begin(line.engine, result)) continue;
    CallbackOptions options;
    options.target = target;
    options.hazards = result.options.hazards;
    CallbackReport report = cover(line, options, finding.quiet);
    result.callbacks = callback_json(report);
    output.say(fmt::format("callbacks of {} ({})\n{}", target, report.check.version,
                           callback_table(report)));
    output.print(fmt::format("{}: {}", target, callback_total(report)));
    if (!programs.empty()) write_programs(report, programs);
    result.options.budget.programs = report.check.programs;
    result.report = std::move(report.check);
    output.take(std::move(result));
  }
  return output.finish();
}

}  // namespace lastref
