#include "harness/score/fuzz_seeker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/reported_symptom.h"
#include "harness/score/tool_process.h"
#include "harness/vocabulary/verdict.h"

namespace lastref {
namespace {

// Whether the report in it names the bug's verdict, at the bug's operation.
bool shows(const Bug& bug, std::string_view output) {
  std::string_view verdict;
  std::string_view operation;
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    if (verdict.empty()) verdict = reported_verdict(line);
    if (operation.empty()) operation = reported_operation(line);
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return bug.signs.empty() || std::ranges::any_of(bug.signs, [&](const BugSign& sign) {
           return verdict == name(sign.verdict) && operation == row(sign.code).name;
         });
}

std::vector<std::string> words_of(const SeekLimits& limits, std::uint64_t seed, double seconds,
                                  std::uint64_t programs, const SearchScratch& scratch) {
  return {limits.fuzzer,
          fmt::format("-seed={}", seed),
          fmt::format("-runs={}", programs),
          fmt::format("-max_total_time={}", std::max(1, static_cast<int>(std::ceil(seconds)))),
          "-print_final_stats=1",
          "-timeout=2",  // seconds: its least but one, for a program takes microseconds
          fmt::format("-artifact_prefix={}/", (scratch / "").string())};
}

// Seeds of searches are small numbers; those of what begins anew are far from them.
constexpr std::uint64_t kSeedStride = 1'000'003;

}  // namespace

Sighting seek_with_fuzzer(const Bug& bug, std::uint64_t seed, const SeekLimits& limits) {
  Sighting sighting;
  if (!std::filesystem::exists(limits.fuzzer)) {
    sighting.could_not_run = fmt::format(
        "fuzz: found no program '{}'; build fuzz_adapter of the preset fuzz-fast, and name it with "
        "--fuzzer",
        limits.fuzzer);
    return sighting;
  }
  setenv("LASTREF_FUZZ_HAZARDS", "none", 1);
  setenv("LASTREF_FUZZ_ADAPTER", bug.target.c_str(), 1);
  for (std::uint64_t again = 0; !sighting.found; ++again) {
    const double left = limits.seconds - sighting.seconds;
    if (left <= 0 || sighting.programs >= limits.programs) break;
    const SearchScratch scratch;
    const ToolRun run = run_tool(words_of(limits, seed + again * kSeedStride, left,
                                          limits.programs - sighting.programs, scratch),
                                 scratch, {});
    sighting.seconds += run.seconds;
    sighting.programs += last_number(run.output, "number_of_executed_units:");
    const bool failed = !run.ended || run.exit_code != 0;
    sighting.shown = sighting.shown || failed;
    sighting.found = failed && shows(bug, run.output);
    if (!failed) break;  // its time is over
  }
  return sighting;
}

}  // namespace lastref
