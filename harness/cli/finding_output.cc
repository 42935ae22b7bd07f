#include "harness/cli/finding_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "harness/cli/interrupt.h"
#include "harness/cli/known_finding.h"
#include "harness/cli/target_choice.h"
#include "harness/report/summary_table.h"
#include "harness/report/text_report.h"

namespace lastref {

FindingOutput::FindingOutput(const FindingWords& words)
    : words_(words), hazards_(parse_hazards(words.hazards)) {
  if (!words.json.empty()) json_ = OutputFile(words.json);
  if (!words.reproducers.empty()) reproducers_ = ReproducerDirectory(words.reproducers);
  const std::string path = words.baseline.empty() ? default_baseline() : words.baseline;
  if (!path.empty()) baseline_ = Baseline::load(path);
}

void FindingOutput::print(const std::string& text) const {
  words_.json == "-" ? print_error(text) : print_out(text);
}

void FindingOutput::say(const std::string& text) const {
  if (!words_.quiet) print(text);
}

bool FindingOutput::begin(const Engine& engine, JsonInput& result) {
  const std::string& target = result.options.target;
  engine_ = &engine;
  result.report.target = target;
  std::string error;
  const std::string version = engine.target_version(target, &error);
  if (error.empty()) error = engine.target_contract(target, &result.contract);
  if (error.empty()) {
    entries_ = baseline_.of(target_name(target), version);
    result.options.hazards = result.contract.hazards = hazards_.on(hazards_of(entries_));
    return true;
  }
  result.report.could_not_run = error;
  print_error(fmt::format("lastref: {} could not be run: {}\n", target, error));
  results_.push_back(result);
  return false;
}

void FindingOutput::take(JsonInput result) {
  CheckReport& report = result.report;
  for (Finding& finding : report.findings) {
    finding.known = known_finding(*engine_, entries_, result.options.target, finding.program,
                                  signature(finding.symptoms.cause()), result.options.hazards);
  }
  say("\n" + summary_table(std::span(&report, 1)));
  if (!report.could_not_run.empty()) {
    print_error(
        fmt::format("lastref: {} could not be run: {}\n", report.target, report.could_not_run));
  }
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
  flush_output();
  results_.push_back(std::move(result));
}

ExitCode FindingOutput::finish() {
  if (json_.is_open() && !results_.empty()) json_.write(json_text(results_));
  const auto any = [this](auto test) {
    return std::ranges::any_of(results_,
                               [&](const JsonInput& result) { return test(result.report); });
  };
  if (interrupted() || any([](const CheckReport& report) { return report.stopped; })) {
    return ExitCode::kInterrupted;
  }
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

}  // namespace lastref
