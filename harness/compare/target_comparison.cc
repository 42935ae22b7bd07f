#include "harness/compare/target_comparison.h"

#include <fmt/format.h>

#include <memory>

#include "harness/execute/finding.h"
#include "harness/execute/replay.h"

namespace lastref {

TargetComparison compare_targets(const TargetComparisonOptions& options) {
  TargetComparison result;
  std::vector<std::unique_ptr<Replay>> replays;
  ComparisonOptions search;
  search.capabilities = ~std::uint64_t{0};
  for (const ComparedTarget& of : options.targets) {
    replays.push_back(std::make_unique<Replay>(of.target, of.hazards));
    Replay& replay = *replays.back();
    if (const std::string error = replay.start(); !error.empty()) {
      result.could_not_run = fmt::format("{}: {}", of.target, error);
      return result;
    }
    result.parties.push_back({of.target, replay.contract()});
    result.versions.push_back(replay.version());
    search.capabilities &= replay.capabilities();
  }
  search.seed = options.seed;
  search.programs = options.programs;
  search.operations = options.operations;
  search.mix = options.mix;
  search.progress = options.progress;
  result.comparison = compare(result.parties, search);
  for (const DifferenceRow& row : result.comparison.rows) {
    std::vector<std::string> found;
    for (std::unique_ptr<Replay>& replay : replays) {
      const Replay::Outcome outcome = replay->run(row.program, Replay::Until::kCause);
      if (!outcome.internal_error.empty()) result.internal_error = outcome.internal_error;
      const Symptoms& symptoms = outcome.run.symptoms;
      found.push_back(symptoms.empty() ? "" : text(signature(symptoms.cause())));
    }
    result.found.push_back(std::move(found));
  }
  return result;
}

}  // namespace lastref
