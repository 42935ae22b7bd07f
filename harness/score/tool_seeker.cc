#include "harness/score/tool_seeker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/execute/child_process.h"
#include "harness/score/tool_process.h"

namespace lastref {
namespace {

namespace fs = std::filesystem;

constexpr const char* kValgrind = "/usr/bin/valgrind";
constexpr int kCouldNotRun = 3;  // of plain calls
// Bytes that 24 calls may ask for.
constexpr int kMaxInputBytes = 200;

// tests/harness/mutants/plain of the build that made the adapter.
fs::path plain_directory(const Bug& bug) {
  return fs::path(bug.target).parent_path().parent_path() / "plain";
}

bool has_threads(const Tool& tool) { return tool.name == "threads"; }

// The tool's own copy of a seeded bug.
std::string sanitized(const Tool& tool, const Bug& bug) {
  const char* const kind = has_threads(tool) ? "tsan" : "asan";
  return (plain_directory(bug) / kind / fs::path(bug.target).filename()).string();
}

std::vector<std::string> fuzz_words(const Bug& bug, std::uint64_t seed, const SeekLimits& limits,
                                    const SearchScratch& scratch) {
  return {(plain_directory(bug) / "asan_fuzz").string(),
          fmt::format("-seed={}", seed),
          fmt::format("-runs={}", limits.programs),
          fmt::format("-max_total_time={}", std::max(1, static_cast<int>(limits.seconds))),
          fmt::format("-max_len={}", kMaxInputBytes),
          "-print_final_stats=1",
          fmt::format("-artifact_prefix={}/", (scratch / "").string())};
}

std::vector<std::string> words_of(const Tool& tool, const Bug& bug, std::uint64_t seed,
                                  const SeekLimits& limits, const SearchScratch& scratch) {
  if (tool.name == "libfuzzer") return fuzz_words(bug, seed, limits, scratch);
  const bool valgrind = tool.name == "valgrind";
  std::vector<std::string> words;
  if (valgrind) words = {kValgrind, "-q", "--error-exitcode=9", "--exit-on-first-error=yes"};
  const char* const calls = has_threads(tool) ? "tsan_threads" : valgrind ? "calls" : "asan_calls";
  words.push_back((plain_directory(bug) / calls).string());
  for (const std::string& word :
       {valgrind ? bug.target : sanitized(tool, bug), std::to_string(seed),
        std::to_string(limits.programs), fmt::format("{}", limits.seconds),
        (scratch / "progress").string()}) {
    words.push_back(word);
  }
  return words;
}

}  // namespace

const std::vector<Tool>& tools() {
  static const std::vector<Tool> all = {
      {"asan",
       "plain random calls under AddressSanitizer and LeakSanitizer, no model",
       {.handshakes = true}},
      {"libfuzzer",
       "plain calls chosen by libFuzzer under the same sanitizers, no model",
       {.handshakes = true}},
      {"valgrind", "plain random calls under valgrind memcheck, no model", {.handshakes = true}},
      {"threads",
       "plain random calls of four threads under ThreadSanitizer, no model",
       {.handshakes = true}},
  };
  return all;
}

const Tool* tool_named(std::string_view name) {
  const auto found = std::ranges::find(tools(), name, &Tool::name);
  return found == tools().end() ? nullptr : &*found;
}

Sighting seek_with_tool(const Tool& tool, const Bug& bug, std::uint64_t seed,
                        const SeekLimits& limits) {
  const SearchScratch scratch;
  const std::vector<std::string> words = words_of(tool, bug, seed, limits, scratch);
  Sighting sighting;
  for (const std::string& file : {words.front(), sanitized(tool, bug)}) {
    if (fs::exists(file)) continue;
    sighting.could_not_run =
        fmt::format("{}: found no {}; build the target {}, and install valgrind", tool.name, file,
                    has_threads(tool) ? "lastref_tsan_" + bug.name : "lastref_plain_tools");
    return sighting;
  }
  setenv("LASTREF_PLAIN_LIBRARY", sanitized(tool, bug).c_str(),
         1);  // all that a fuzzer can be told
  const ToolRun run = run_tool(words, scratch, scratch / "progress");
  sighting.seconds = run.seconds;
  sighting.programs = tool.name == "libfuzzer"
                          ? last_number(run.output, "number_of_executed_units:")
                          : number_in(scratch / "progress");
  if (run.ended && (run.exit_code == kCouldNotRun || run.exit_code == kNotExecuted)) {
    sighting.could_not_run = run.output.substr(0, run.output.find('\n'));
  } else {
    sighting.found = !run.ended || run.exit_code != 0;
    sighting.shown = sighting.found;
  }
  return sighting;
}

}  // namespace lastref
