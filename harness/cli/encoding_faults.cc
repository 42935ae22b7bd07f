#include "harness/cli/encoding_faults.h"

#include <fmt/format.h>

#include "harness/cli/engine.h"
#include "harness/cli/finding_output.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/memory_choice.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/quantity.h"
#include "harness/cli/target_choice.h"
#include "harness/vocabulary/limits.h"

namespace lastref {
namespace {

constexpr const char* kDefaultBudget = "1M";

std::uint64_t parse_blobs(const std::string& text) {
  const Budget budget = parse_budget(text.empty() ? kDefaultBudget : text);
  if (budget.programs != 0) return budget.programs;
  throw usage_failure(
      fmt::format("--budget: found {}, expected a number of blobs (10000, 300k, 10M)", text));
}

EncodingSweepOptions parse_options(const EncodingWords& words, const std::string& seed) {
  EncodingSweepOptions options;
  options.seed = parse_number("--seed", seed, 0, ~std::uint64_t{0});
  options.blobs = parse_blobs(words.budget);
  options.jobs = static_cast<int>(parse_number("--jobs", words.jobs, 1, kMaxJobs));
  options.memory = parse_memory(words.memory);
  return options;
}

std::string progress_text(const std::string& target, const EncodingProgress& progress,
                          std::uint64_t blobs) {
  if (progress.stage != "search") {
    return fmt::format("{}: {}, {} failed", target, progress.stage, progress.verdicts);
  }
  const double rate =
      progress.seconds > 0 ? static_cast<double>(progress.blobs) / progress.seconds : 0;
  return fmt::format("{}: {} of {} blobs ({}%), {:.1f} k/s, {} failed", target, progress.blobs,
                     blobs, 100 * progress.blobs / blobs, rate / 1000, progress.verdicts);
}

// "tls1.2, client, id: 389 bytes, 126345 changes".
std::string session_line(const EncodedSession& session) {
  return session.left_out.empty()
             ? fmt::format("{}: {} bytes, {} systematic blobs\n", session.name, session.bytes,
                           session.changes)
             : fmt::format("{}: left out, {}\n", session.name, session.left_out);
}

}  // namespace

ExitCode run_encoding_faults(const CommandLine& line, const FindingWords& finding,
                             const EncodingWords& words, const std::vector<std::string>& targets,
                             const std::string& seed) {
  EncodingSweepOptions options = parse_options(words, seed);
  require_targets(line.engine, targets);
  FindingOutput output(finding);
  watch_interrupts();
  output.say(fmt::format("{} damaged encodings for each target, seed {}, memory {}, {} jobs\n",
                         options.blobs, options.seed, words.memory, options.jobs));
  for (const std::string& target : targets) {
    if (interrupted()) break;
    JsonInput result;
    result.lastref_version = line.version;
    result.options.target = options.target = target;
    result.options.seed = options.seed;
    result.options.budget.programs = options.blobs;
    result.options.jobs = options.jobs;
    result.options.memory = options.memory;
    if (!output.begin(line.engine, result)) continue;
    options.hazards = result.options.hazards;
    EncodingSweepReport swept;
    {
      ProgressLine progress(finding.quiet);
      options.progress = [&](const EncodingProgress& state) {
        progress.show(progress_text(target, state, options.blobs));
        return !interrupted();
      };
      swept = line.engine.sweep_encodings(options);
    }
    for (const EncodedSession& session : swept.sessions) output.say(session_line(session));
    output.say(fmt::format(
        "{}: {} blobs, of them {} of {} systematic ones; {} became a new session\n", target,
        swept.check.programs, swept.systematic, swept.all_systematic, swept.decoded));
    result.report = std::move(swept.check);
    result.report.target = target;
    output.take(std::move(result));
  }
  return output.finish();
}

}  // namespace lastref
