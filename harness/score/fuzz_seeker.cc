#include "harness/score/fuzz_seeker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/score/tool_process.h"
#include "harness/vocabulary/verdict.h"

namespace lastref {
namespace {

// Of a report: "  At operation 5 (flush c0 0): ..." with the bug's operation in it, below a line
// that ends in "): <verdict>".
bool shows(const Bug& bug, const std::string& output) {
  const std::string verdict = fmt::format("): {}\n", name(bug.verdict));
  const std::size_t at = output.find("  At operation ");
  if (output.find(verdict) == std::string::npos || at == std::string::npos) return false;
  std::string operation = output.substr(output.find('(', at) + 1);
  const std::size_t assigned = operation.find(" = ");
  if (assigned < operation.find(')')) operation.erase(0, assigned + 3);
  return operation.substr(0, operation.find_first_of(" )")) == row(bug.code).name;
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
